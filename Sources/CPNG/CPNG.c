#include "CPNG.h"

#include <png.h>
#include <string.h>

static int prepare(png_image *image, uint32_t width, uint32_t height, int channels) {
  memset(image, 0, sizeof *image);
  image->version = PNG_IMAGE_VERSION;
  image->width = width;
  image->height = height;
  switch (channels) {
    case 1: image->format = PNG_FORMAT_GRAY; break;
    case 3: image->format = PNG_FORMAT_RGB; break;
    case 4: image->format = PNG_FORMAT_RGBA; break;
    default: return 0;
  }
  return width > 0 && height > 0 && width <= 16384 && height <= 16384;
}

size_t pdff_png_bound(uint32_t width, uint32_t height, int channels) {
  png_image image;
  if (!prepare(&image, width, height, channels)) return 0;
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}

size_t pdff_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t *out,
    size_t capacity) {
  png_image image;
  if (!prepare(&image, width, height, channels)) return 0;
  png_alloc_size_t size = capacity;
  int done = png_image_write_to_memory(&image, out, &size, 0, pixels, 0, NULL);
  png_image_free(&image);
  return done ? size : 0;
}
