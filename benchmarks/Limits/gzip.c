// The gzip libraries that Debian has, each called as its manual says for a whole file in memory.
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <string.h>
#include <zlib.h>

#include "limits.h"
#include "team.h"

static const char *const names[limits_gzip_libraries] = {"zlib", "libdeflate", "isa-l"};

const char *limits_gzip_name(int library) { return names[library]; }

enum { gzip_window = 15 + 16 };

static size_t inflate_zlib(const uint8_t *input, size_t size, uint8_t *output, size_t room) {
  z_stream stream = {.next_in = (Bytef *)input, .avail_in = size};
  stream.next_out = output;
  stream.avail_out = room;
  if (inflateInit2(&stream, gzip_window) != Z_OK) return 0;
  int status = inflate(&stream, Z_FINISH);
  size_t count = stream.total_out;
  inflateEnd(&stream);
  return status == Z_STREAM_END ? count : 0;
}

static size_t inflate_libdeflate(const uint8_t *input, size_t size, uint8_t *output, size_t room) {
  struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
  size_t count = 0;
  if (libdeflate_gzip_decompress(inflater, input, size, output, room, &count)) count = 0;
  libdeflate_free_decompressor(inflater);
  return count;
}

static size_t inflate_isal(const uint8_t *input, size_t size, uint8_t *output, size_t room) {
  static _Thread_local struct inflate_state state;
  isal_inflate_init(&state);
  state.crc_flag = ISAL_GZIP;
  state.next_in = (uint8_t *)input;
  state.avail_in = size;
  state.next_out = output;
  state.avail_out = room;
  int status = isal_inflate(&state);
  return status == ISAL_DECOMP_OK && state.block_state == ISAL_BLOCK_FINISH ? state.total_out : 0;
}

static size_t deflate_zlib(const uint8_t *input, size_t size, uint8_t *output, size_t room) {
  z_stream stream = {.next_in = (Bytef *)input, .avail_in = size};
  stream.next_out = output;
  stream.avail_out = room;
  if (deflateInit2(&stream, 1, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  int status = deflate(&stream, Z_FINISH);
  size_t count = stream.total_out;
  deflateEnd(&stream);
  return status == Z_STREAM_END ? count : 0;
}

static size_t deflate_libdeflate(const uint8_t *input, size_t size, uint8_t *output, size_t room) {
  struct libdeflate_compressor *deflater = libdeflate_alloc_compressor(1);
  size_t count = libdeflate_gzip_compress(deflater, input, size, output, room);
  libdeflate_free_compressor(deflater);
  return count;
}

static size_t deflate_isal(const uint8_t *input, size_t size, uint8_t *output, size_t room) {
  static _Thread_local struct isal_zstream stream;
  static _Thread_local uint8_t buffer[ISAL_DEF_LVL1_DEFAULT];
  isal_deflate_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.level = 1;
  stream.level_buf = buffer;
  stream.level_buf_size = sizeof buffer;
  stream.end_of_stream = 1;
  stream.next_in = (uint8_t *)input;
  stream.avail_in = size;
  stream.next_out = output;
  stream.avail_out = room;
  return isal_deflate(&stream) == COMP_OK && stream.avail_in == 0 ? stream.total_out : 0;
}

typedef size_t (*codec)(const uint8_t *, size_t, uint8_t *, size_t);

static const codec inflaters[] = {inflate_zlib, inflate_libdeflate, inflate_isal};
static const codec deflaters[] = {deflate_zlib, deflate_libdeflate, deflate_isal};

static double best_of(codec run, const uint8_t *input, size_t size, uint8_t *output, size_t room,
                      size_t *count, int repeats) {
  double best = -1;
  for (int repeat = 0; repeat < repeats; repeat++) {
    double began = limits_now();
    *count = run(input, size, output, room);
    double seconds = limits_now() - began;
    if (*count == 0) return -1;
    if (best < 0 || seconds < best) best = seconds;
  }
  return best;
}

double limits_inflate(int library, const uint8_t *input, size_t size, uint8_t *output, size_t room,
                      int repeats) {
  size_t count;
  double seconds = best_of(inflaters[library], input, size, output, room, &count, repeats);
  return count == room ? seconds : -1;
}

double limits_deflate(int library, const uint8_t *input, size_t size, uint8_t *output, size_t room,
                      size_t *packed, int repeats) {
  return best_of(deflaters[library], input, size, output, room, packed, repeats);
}
