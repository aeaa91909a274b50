#ifndef CPROCESSOR_H
#define CPROCESSOR_H
/// 2 where AVX-512 (x86-64-v4) runs, 1 where AVX2 with FMA (x86-64-v3) runs, 0 otherwise.
int cprocessor_level(void);
/// One heap for all threads: volumes come and go on several, and each thread's own heap would keep what
/// it once held. The loops themselves hardly allocate, so threads do not wait for each other. Blocks of
/// 4 MB and more go back to the system as soon as they are freed.
void cprocessor_use_one_heap(void);
#endif
