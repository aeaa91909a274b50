// Memory bandwidth over arrays of 256 MB in pages of 2 MB where the system gives them, by vectors of
// 32 bytes (16 where there is no AVX): wider ones ask no faster.
#include "limits.h"
#include "team.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { total = 1 << 26 };  // floats in one array, all threads together

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2,fma")))
#else
#define WIDE
#endif

typedef float lanes __attribute__((vector_size(32)));

typedef struct {
  int kind, threads;
  float *a, *b, *c;
  volatile float sink;
} job;

// Kept a loop: the compiler would make it a call of memset or memcpy, which choose stores by themselves.
#define EACH                                       \
  _Pragma("clang loop vectorize(disable)")         \
  for (size_t i = from; i < to; i++, barrier())

static inline void barrier(void) { __asm__ volatile(""); }

WIDE static void traffic(int kind, float *pa, float *pb, float *pc, size_t from, size_t to,
                         volatile float *sink) {
  lanes *a = (lanes *)pa, *b = (lanes *)pb, *c = (lanes *)pc;
  lanes half = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
  switch (kind) {
    case 0: {
      lanes s0 = half, s1 = half, s2 = half, s3 = half;
      for (size_t i = from; i < to; i += 4)
        s0 += b[i], s1 += b[i + 1], s2 += b[i + 2], s3 += b[i + 3];
      s0 += s1 + s2 + s3;
      *sink = s0[0] + s0[7];
      break;
    }
    case 1: EACH a[i] = half; break;
    case 2: EACH __builtin_nontemporal_store(half, &a[i]); break;
    case 3: EACH a[i] = b[i]; break;
    case 4: EACH __builtin_nontemporal_store(b[i], &a[i]); break;
    case 5: EACH a[i] = b[i] + half * c[i]; break;
    default: EACH __builtin_nontemporal_store(b[i] + half * c[i], &a[i]);
  }
}

static const struct {
  const char *name;
  int arrays;
} kinds[limits_memory_kinds] = {
    {"read", 1}, {"write", 1}, {"write past caches", 1}, {"copy", 2}, {"copy past caches", 2},
    {"triad", 3}, {"triad past caches", 3}, {"first touch", 1}};

const char *limits_memory_name(int kind) { return kinds[kind].name; }

static void work(void *context, int thread) {
  job *mine = context;
  size_t vectors = total / 8 / mine->threads;
  traffic(mine->kind, mine->a, mine->b, mine->c, thread * vectors, (thread + 1) * vectors,
          &mine->sink);
}

static void touch(void *context, int thread) {
  job *mine = context;
  size_t share = total / mine->threads;
  for (size_t i = thread * share; i < (thread + 1) * share; i++)
    mine->a[i] = mine->b[i] = mine->c[i] = 1;
}

/// One byte in each page of memory that the process never had: the system clears it first.
static void touch_first(void *context, int thread) {
  job *mine = context;
  size_t share = total * sizeof(float) / mine->threads;
  char *bytes = (char *)mine->a;
  for (size_t i = thread * share; i < (thread + 1) * share; i += 4096) bytes[i] = 1;
}

static double first_touch(int threads) {
  size_t size = total * sizeof(float);
  double best = 0;
  for (int repeat = 0; repeat < 5; repeat++) {
    void *fresh = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED) return 0;
    job mine = {.threads = threads, .a = fresh};
    double rate = size / limits_together(threads, touch_first, &mine);
    if (rate > best) best = rate;
    munmap(fresh, size);
  }
  return best;
}

double limits_memory(int kind, int threads) {
  if (kind == limits_memory_kinds - 1) return first_touch(threads);
  float *arrays[3];
  for (int k = 0; k < 3; k++) {
    arrays[k] = aligned_alloc(1 << 21, total * sizeof(float));
    if (!arrays[k]) return 0;
    madvise(arrays[k], total * sizeof(float), MADV_HUGEPAGE);
  }
  job mine = {kind, threads, arrays[0], arrays[1], arrays[2], 0};
  limits_together(threads, touch, &mine);
  double best = 0;
  for (int repeat = 0; repeat < 5; repeat++) {
    double seconds = limits_together(threads, work, &mine);
    double rate = (double)total * sizeof(float) * kinds[kind].arrays / seconds;
    if (rate > best) best = rate;
  }
  for (int k = 0; k < 3; k++) free(arrays[k]);
  return best;
}
