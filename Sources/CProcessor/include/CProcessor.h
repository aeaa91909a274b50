#ifndef CPROCESSOR_H
#define CPROCESSOR_H
/// 2 where AVX-512 (x86-64-v4) runs, 1 where AVX2 with FMA (x86-64-v3) runs, 0 otherwise.
int cprocessor_level(void);
#endif
