#include "team.h"

#include <pthread.h>
#include <time.h>

double limits_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

typedef struct {
  void (*work)(void *, int);
  void *context;
  pthread_barrier_t start;
} team;

typedef struct {
  team *all;
  int thread;
} member;

static void *run(void *argument) {
  member *me = argument;
  pthread_barrier_wait(&me->all->start);
  me->all->work(me->all->context, me->thread);
  return 0;
}

double limits_together(int threads, void (*work)(void *, int), void *context) {
  team all = {.work = work, .context = context};
  pthread_t handles[threads];
  member members[threads];
  pthread_barrier_init(&all.start, 0, threads);
  for (int t = 1; t < threads; t++) {
    members[t] = (member){&all, t};
    pthread_create(&handles[t], 0, run, &members[t]);
  }
  pthread_barrier_wait(&all.start);
  double began = limits_now();
  work(context, 0);
  for (int t = 1; t < threads; t++) pthread_join(handles[t], 0);
  double seconds = limits_now() - began;
  pthread_barrier_destroy(&all.start);
  return seconds;
}
