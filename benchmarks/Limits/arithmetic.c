// Peak arithmetic: twelve independent chains of x = x a + b, in registers. Two units with a latency of
// four cycles need eight; twelve and two constants fit sixteen registers.
#include "limits.h"
#include "team.h"

enum { chains = 12 };

#pragma clang fp contract(fast)

#define PEAK(NAME, WIDTH, TARGET)                                            \
  TARGET static float NAME(long rounds, float a, float b) {                  \
    typedef float lanes __attribute__((vector_size(WIDTH * sizeof(float)))); \
    lanes x[chains], factor, term;                                           \
    for (int i = 0; i < WIDTH; i++) factor[i] = a, term[i] = b;              \
    for (int k = 0; k < chains; k++) x[k] = term * (float)k;                 \
    for (long r = 0; r < rounds; r++) {                                      \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < chains; k++)    \
          x[k] = x[k] * factor + term;                                       \
    }                                                                        \
    lanes sum = x[0];                                                        \
    for (int k = 1; k < chains; k++) sum += x[k];                            \
    float total = 0;                                                         \
    for (int i = 0; i < WIDTH; i++) total += sum[i];                         \
    return total;                                                            \
  }

typedef struct {
  const char *name;
  int width;
  float (*run)(long, float, float);
} instruction_set;

#if defined(__x86_64__)
PEAK(peak_sse, 4, )
PEAK(peak_avx2, 8, __attribute__((target("avx2,fma"))))
PEAK(peak_avx512, 16, __attribute__((target("avx512f"))))
static const instruction_set sets[limits_sets] = {
    {"baseline", 4, peak_sse}, {"avx2", 8, peak_avx2}, {"avx512", 16, peak_avx512}};
static int available(int set) {
  if (set == 0) return 1;
  return set == 1 ? __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                  : __builtin_cpu_supports("avx512f");
}
#else
PEAK(peak_neon, 4, )
static const instruction_set sets[limits_sets] = {{"neon", 4, peak_neon}, {"", 0, 0}, {"", 0, 0}};
static int available(int set) { return set == 0; }
#endif

const char *limits_set_name(int set) { return sets[set].name; }

typedef struct {
  int set;
  long rounds;
  volatile float sink;
} job;

static void work(void *context, int thread) {
  job *mine = context;
  float total = sets[mine->set].run(mine->rounds, 0.999f, 1e-3f + thread);
  if (total == 42) mine->sink = total;
}

double limits_arithmetic(int set, int threads) {
  if (!available(set)) return 0;
  job mine = {set, 1 << 16, 0};
  // Long enough that starting threads does not count, and that the clock settles.
  while (limits_together(threads, work, &mine) < 0.02) mine.rounds *= 2;
  double best = 0;
  for (int repeat = 0; repeat < 10; repeat++) {
    double seconds = limits_together(threads, work, &mine);
    double rate = 2.0 * chains * sets[set].width * mine.rounds * threads / seconds;
    if (rate > best) best = rate;
  }
  return best;
}
