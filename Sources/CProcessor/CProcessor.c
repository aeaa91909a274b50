#include <stdlib.h>

#include "CProcessor.h"

int cprocessor_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  int v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
  return v4 ? 2 : v3 ? 1 : 0;
#else
  return 0;
#endif
}

#if defined(__GLIBC__)
#include <malloc.h>
void cprocessor_use_one_heap(void) {
  mallopt(M_ARENA_MAX, 1);
  // Without it the C library learns to keep what was freed, up to 32 MB a block.
  mallopt(M_MMAP_THRESHOLD, 1 << 22);
}
#else
void cprocessor_use_one_heap(void) {}
#endif
