// Threads that start together, and a clock.
#ifndef PDFF_LIMITS_TEAM_H
#define PDFF_LIMITS_TEAM_H

/// Seconds of a monotonic clock.
double limits_now(void);

/// Calls `work(context, thread)` on `threads` threads at once and gives the seconds from their common
/// start to the last one's end.
double limits_together(int threads, void (*work)(void *, int), void *context);

#endif
