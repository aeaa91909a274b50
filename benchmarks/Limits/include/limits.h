// What this machine can do at most: arithmetic, memory, and the inflaters that Debian has.
#ifndef PDFF_LIMITS_H
#define PDFF_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Instruction sets in the order of `limits_set_name`; those that the processor lacks give 0.
enum { limits_sets = 3 };
const char *limits_set_name(int set);

/// Greatest rate of single-precision multiply-adds (an addition and a multiplication where the set
/// does not fuse them), operations/s, a multiply-add counting two. Over `threads` threads, the best of
/// ten runs of about 0.03 s.
double limits_arithmetic(int set, int threads);

/// Kinds of traffic in the order of `limits_memory_name`.
enum { limits_memory_kinds = 8 };
const char *limits_memory_name(int kind);

/// Bytes/s that the loop asks for, over arrays far beyond any cache; the best of five runs. A plain
/// store also reads the line that it replaces: that traffic is not counted, for the loop does not ask
/// for it. The last kind is memory that the process never had before, for which the system's pages are
/// fetched and cleared.
double limits_memory(int kind, int threads);

/// Gzip libraries in the order of `limits_gzip_name`.
enum { limits_gzip_libraries = 3 };
const char *limits_gzip_name(int library);

/// Seconds of inflating a whole gzip member, the best of `repeats`; negative where it fails or does
/// not decode to `room` bytes.
double limits_inflate(
    int library, const uint8_t *input, size_t size, uint8_t *output, size_t room, int repeats);

/// Seconds of deflating at the library's level 1, the best of `repeats`; `packed` becomes the size.
/// Negative where it fails.
double limits_deflate(
    int library, const uint8_t *input, size_t size, uint8_t *output, size_t room, size_t *packed,
    int repeats);

#pragma clang assume_nonnull end

#endif
