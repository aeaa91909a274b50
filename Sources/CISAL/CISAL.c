#include "CISAL.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

struct pdff_inflater {
  struct inflate_state state;
};

struct pdff_deflater {
  struct isal_zstream stream;
  uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
};

// ISA-L counts in 32 bits: what it is handed at once stays below that.
static uint32_t clamp(size_t n) { return n > (1u << 30) ? (1u << 30) : (uint32_t)n; }

pdff_inflater *pdff_inflater_create(void) {
  pdff_inflater *inflater = malloc(sizeof(*inflater));
  if (!inflater) return NULL;
  isal_inflate_init(&inflater->state);
  inflater->state.crc_flag = ISAL_GZIP;
  return inflater;
}

void pdff_inflater_free(pdff_inflater *inflater) { free(inflater); }

void pdff_inflater_reset(pdff_inflater *inflater) {
  isal_inflate_reset(&inflater->state);
  inflater->state.crc_flag = ISAL_GZIP;
}

pdff_gzip_status pdff_inflater_step(
    pdff_inflater *inflater, const uint8_t **input, size_t *input_left, uint8_t **output,
    size_t *output_left) {
  struct inflate_state *state = &inflater->state;
  const uint32_t offered = clamp(*input_left);
  const uint32_t room = clamp(*output_left);
  state->next_in = (uint8_t *)*input;
  state->avail_in = offered;
  state->next_out = *output;
  state->avail_out = room;
  const int result = isal_inflate(state);
  *input += offered - state->avail_in;
  *input_left -= offered - state->avail_in;
  *output += room - state->avail_out;
  *output_left -= room - state->avail_out;
  if (result == ISAL_INCORRECT_CHECKSUM) return pdff_gzip_wrong_checksum;
  if (result < 0 || result > ISAL_OUT_OVERFLOW) return pdff_gzip_damaged;
  return state->block_state == ISAL_BLOCK_FINISH ? pdff_gzip_member_end : pdff_gzip_more;
}

pdff_deflater *pdff_deflater_create(void) {
  pdff_deflater *deflater = malloc(sizeof(*deflater));
  if (!deflater) return NULL;
  isal_deflate_init(&deflater->stream);
  // The level's buffer holds a hash table: cleared, so that equal input gives equal output.
  memset(deflater->level_buffer, 0, sizeof(deflater->level_buffer));
  deflater->stream.level = 1;
  deflater->stream.level_buf = deflater->level_buffer;
  deflater->stream.level_buf_size = sizeof(deflater->level_buffer);
  deflater->stream.gzip_flag = IGZIP_GZIP;
  deflater->stream.flush = NO_FLUSH;
  return deflater;
}

void pdff_deflater_free(pdff_deflater *deflater) { free(deflater); }

pdff_gzip_status pdff_deflater_step(
    pdff_deflater *deflater, const uint8_t **input, size_t *input_left, int last,
    uint8_t **output, size_t *output_left) {
  struct isal_zstream *stream = &deflater->stream;
  const uint32_t offered = clamp(*input_left);
  const uint32_t room = clamp(*output_left);
  stream->next_in = (uint8_t *)*input;
  stream->avail_in = offered;
  stream->next_out = *output;
  stream->avail_out = room;
  stream->end_of_stream = last && offered == *input_left;
  const int result = isal_deflate(stream);
  *input += offered - stream->avail_in;
  *input_left -= offered - stream->avail_in;
  *output += room - stream->avail_out;
  *output_left -= room - stream->avail_out;
  if (result != COMP_OK) return pdff_gzip_damaged;
  return stream->internal_state.state == ZSTATE_END ? pdff_gzip_member_end : pdff_gzip_more;
}
