// Reads a NRRD image from memory through teem, as Debian's libteem-dev installs it.
//
// teem keeps its error messages in one place for the whole process: one call at a time.
#ifndef CNRRD_H
#define CNRRD_H

#include <stddef.h>

#define CNRRD_MOST_AXES 16

enum cnrrd_kind { CNRRD_SPACE, CNRRD_LIST, CNRRD_OTHER };
enum cnrrd_space { CNRRD_NO_SPACE, CNRRD_RAS, CNRRD_LAS, CNRRD_LPS, CNRRD_OTHER_SPACE };

typedef struct {
  int axes;
  size_t size[CNRRD_MOST_AXES];
  enum cnrrd_kind kind[CNRRD_MOST_AXES];
  // NaN along an axis without a direction.
  double direction[CNRRD_MOST_AXES][3];
  // NaN where none is stated.
  double spacing[CNRRD_MOST_AXES];
  enum cnrrd_space space;
  // NaN where none is stated.
  double origin[3];
  size_t bytes_per_value;
  // Values are blocks of bytes rather than numbers.
  int is_block;
  // The values are in other files.
  int is_detached;
  // "raw", "gzip", ...
  const char *encoding;
} cnrrd_header;

typedef struct cnrrd_image cnrrd_image;

// Reads the header, and with `with_values` the values. NULL only when memory is short. Where reading
// fails `cnrrd_error` says why.
cnrrd_image *cnrrd_read(const void *bytes, size_t length, int with_values);
void cnrrd_free(cnrrd_image *image);

// NULL where nothing failed.
const char *cnrrd_error(const cnrrd_image *image);
const cnrrd_header *cnrrd_get_header(const cnrrd_image *image);

// Every value as float, in the order of the file: the first axis is the fastest.
void cnrrd_values(const cnrrd_image *image, float *out);

// Key/value pairs (`key:=value`).
unsigned cnrrd_pairs(const cnrrd_image *image);
const char *cnrrd_key(const cnrrd_image *image, unsigned index);
const char *cnrrd_value(const cnrrd_image *image, unsigned index);

#endif
