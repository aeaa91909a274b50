// PNG through libpng's simplified interface. Its error handling by longjmp must not run through Swift
// frames; here it stays inside C.
#ifndef PDFF_CPNG_H
#define PDFF_CPNG_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Bytes that an encoded picture of this size needs at most; 0 where libpng cannot hold it.
size_t pdff_png_bound(uint32_t width, uint32_t height, int channels);

/// Encodes 8-bit sRGB samples, rows from the top, without gaps, into `out`.
/// `channels`: 1 grey, 3 red-green-blue, 4 with opacity. Returns the bytes written, 0 on failure.
size_t pdff_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t *out,
    size_t capacity);

#pragma clang assume_nonnull end

#endif
