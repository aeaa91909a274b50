#define _GNU_SOURCE
#include "CNRRD.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <teem/nrrd.h>

struct cnrrd_image {
  Nrrd *nrrd;
  char *error;
  cnrrd_header header;
};

static enum cnrrd_kind kind_of(int kind) {
  switch (kind) {
  case nrrdKindUnknown:
  case nrrdKindDomain:
  case nrrdKindSpace:
    return CNRRD_SPACE;
  case nrrdKindList:
  case nrrdKindVector:
    return CNRRD_LIST;
  default:
    return CNRRD_OTHER;
  }
}

static enum cnrrd_space space_of(int space) {
  switch (space) {
  case nrrdSpaceUnknown: return CNRRD_NO_SPACE;
  case nrrdSpaceRightAnteriorSuperior: return CNRRD_RAS;
  case nrrdSpaceLeftAnteriorSuperior: return CNRRD_LAS;
  case nrrdSpaceLeftPosteriorSuperior: return CNRRD_LPS;
  default: return CNRRD_OTHER_SPACE;
  }
}

static void describe(cnrrd_image *image, const NrrdIoState *state) {
  cnrrd_header *header = &image->header;
  const Nrrd *nrrd = image->nrrd;
  header->axes = (int)nrrd->dim;
  for (unsigned axis = 0; axis < nrrd->dim && axis < CNRRD_MOST_AXES; axis++) {
    const NrrdAxisInfo *info = nrrd->axis + axis;
    header->size[axis] = info->size;
    header->kind[axis] = kind_of(info->kind);
    header->spacing[axis] = info->spacing;
    for (int i = 0; i < 3; i++)
      header->direction[axis][i] = nrrd->spaceDim == 3 ? info->spaceDirection[i] : NAN;
  }
  header->space = space_of(nrrd->space);
  if (nrrd->space == nrrdSpaceUnknown && nrrd->spaceDim > 0) header->space = CNRRD_OTHER_SPACE;
  for (int i = 0; i < 3; i++)
    header->origin[i] = nrrd->spaceDim == 3 ? nrrd->spaceOrigin[i] : NAN;
  header->is_block = nrrd->type == nrrdTypeBlock;
  header->bytes_per_value = header->is_block ? nrrd->blockSize : nrrdElementSize(nrrd);
  header->is_detached = state->dataFNArr->len > 0 || state->dataFNFormat != NULL;
  header->encoding = state->encoding != NULL ? state->encoding->name : "unknown";
}

cnrrd_image *cnrrd_read(const void *bytes, size_t length, int with_values) {
  cnrrd_image *image = calloc(1, sizeof *image);
  if (image == NULL) return NULL;
  // What teem has to say comes as an error, never on standard error.
  nrrdStateVerboseIO = 0;
  image->nrrd = nrrdNew();
  NrrdIoState *state = nrrdIoStateNew();
  FILE *file = fmemopen((void *)bytes, length, "rb");
  if (image->nrrd == NULL || state == NULL || file == NULL) {
    image->error = strdup("it is empty");
  } else {
    state->skipData = with_values ? AIR_FALSE : AIR_TRUE;
    if (nrrdRead(image->nrrd, file, state)) {
      char *message = biffGetDone(NRRD);
      image->error = strdup(message != NULL ? message : "no reason is given");
      free(message);
    } else {
      describe(image, state);
    }
  }
  if (file != NULL) fclose(file);
  if (state != NULL) nrrdIoStateNix(state);
  return image;
}

void cnrrd_free(cnrrd_image *image) {
  if (image == NULL) return;
  if (image->nrrd != NULL) nrrdNuke(image->nrrd);
  free(image->error);
  free(image);
}

const char *cnrrd_error(const cnrrd_image *image) { return image->error; }
const cnrrd_header *cnrrd_get_header(const cnrrd_image *image) { return &image->header; }

void cnrrd_values(const cnrrd_image *image, float *out) {
  const Nrrd *nrrd = image->nrrd;
  const size_t count = nrrdElementNumber(nrrd);
  float (*value)(const void *, size_t) = nrrdFLookup[nrrd->type];
  for (size_t i = 0; i < count; i++) out[i] = value(nrrd->data, i);
}

unsigned cnrrd_pairs(const cnrrd_image *image) { return nrrdKeyValueSize(image->nrrd); }
const char *cnrrd_key(const cnrrd_image *image, unsigned index) {
  return image->nrrd->kvp[2 * index];
}
const char *cnrrd_value(const cnrrd_image *image, unsigned index) {
  return image->nrrd->kvp[1 + 2 * index];
}
