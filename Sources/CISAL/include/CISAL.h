// Gzip through ISA-L. Its states are structures of 80 KB with nested arrays, which Swift would
// import as tuples of thousands of members: here they stay opaque.
#ifndef PDFF_CISAL_H
#define PDFF_CISAL_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Inflates one gzip member after another.
typedef struct pdff_inflater pdff_inflater;

/// What one step came to.
typedef enum __attribute__((enum_extensibility(closed))) pdff_gzip_status {
  /// Output is full, or input is used up; call again with more of what ran out.
  pdff_gzip_more = 0,
  /// A member ended here and its checksum and length are right.
  pdff_gzip_member_end = 1,
  /// The stream breaks the format.
  pdff_gzip_damaged = 2,
  /// A member ended, and its checksum or its length is wrong.
  pdff_gzip_wrong_checksum = 3,
  /// No memory.
  pdff_gzip_no_memory = 4,
} pdff_gzip_status;

pdff_inflater *_Nullable pdff_inflater_create(void);
void pdff_inflater_free(pdff_inflater *inflater);
/// Makes ready for the next member.
void pdff_inflater_reset(pdff_inflater *inflater);
/// Reads at most `*input_left` bytes at `*input`, writes at most `*output_left` at `*output`, and
/// moves all four on.
pdff_gzip_status pdff_inflater_step(
    pdff_inflater *inflater, const uint8_t *_Nonnull *_Nonnull input, size_t *input_left,
    uint8_t *_Nonnull *_Nonnull output, size_t *output_left);

/// Deflates to one gzip member at ISA-L's level 1, with modification time 0 and no name.
typedef struct pdff_deflater pdff_deflater;

pdff_deflater *_Nullable pdff_deflater_create(void);
void pdff_deflater_free(pdff_deflater *deflater);
/// As `pdff_inflater_step`; `last` says that no input follows. Ends with `pdff_gzip_member_end`.
pdff_gzip_status pdff_deflater_step(
    pdff_deflater *deflater, const uint8_t *_Nonnull *_Nonnull input, size_t *input_left,
    int last, uint8_t *_Nonnull *_Nonnull output, size_t *output_left);

#pragma clang assume_nonnull end

#endif
