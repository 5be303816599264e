// CVips: libvips behind plain functions, since Swift calls no variadic ones; found at run time, so that the program builds and runs without it.
// Imports: the C library alone. The library's headers are not needed: CVips.c declares what it takes of its stable C interface
// (https://www.libvips.org/API/current/).
// Entry: `colophon_vips_open`, once; then `colophon_vips_resize`, `colophon_vips_text` and `colophon_vips_encode` from any thread.
// Promises: no threads of the library's own, no cache of operations, no reader but those of JPEG, PNG, WebP and HEIF (libvips 8.13 and later).
// Tests: `Tests/ImagesTests`.
#ifndef COLOPHON_CVIPS_H
#define COLOPHON_CVIPS_H

#include <stddef.h>

/// Loads libvips.so.42 and starts it, without threads of its own and without a cache of operations. Call it once.
/// @return 0; not 0 where the library is missing, too old (before 8.10) or does not start: `colophon_vips_reason` says why.
int colophon_vips_open(void);

/// Why the last call on this thread gave nothing; never NULL.
const char *colophon_vips_reason(void);

/// Part 0, 1 or 2 of the library's version.
int colophon_vips_version(int part);

/// Whether the library can write files with names that end so: ".webp".
int colophon_vips_can_write(const char *suffix);

typedef struct {
  /// The whole picture is scaled to this many pixels, turned upright first.
  int width, height;
  /// What is cut out of it then; a width of 0 cuts nothing.
  int crop_left, crop_top, crop_width, crop_height;
  /// Whether a file that ends too early is refused; otherwise what is missing is grey.
  int refuses_damage;
} colophon_vips_operation;

/// Decodes, scales and encodes one picture. Colours become sRGB, metadata is left out.
/// @param options The format and how it is written, as libvips names both: ".webp[Q=80]".
/// @return The file's bytes, to be freed with `colophon_vips_free`, and their number in `size`; NULL where something is wrong.
void *colophon_vips_resize(const void *bytes, size_t length, const colophon_vips_operation *operation,
                           const char *options, size_t *size);

/// Reads what a font calls itself.
/// @param description Becomes the family, a comma behind it, and " Bold" where the font is: what `colophon_vips_text` takes as `font`.
/// @return 0; not 0 where the file is no font, or libvips knows no fonts.
int colophon_vips_font(const char *path, char *description, size_t length);

/// Draws a text: one byte a pixel, 0 where nothing is and 255 where the text covers all.
/// @param markup Pango's markup: `&`, `<` and `>` are escaped.
/// @param font A description as Pango reads it, its size in pixels: "Georgia,serif Bold 64".
/// @param font_file A font to add to those of the machine, or NULL.
/// @param wraps_at The width of a line in pixels.
/// @return The rows, without padding, to be freed with `colophon_vips_free`; NULL where something is wrong.
void *colophon_vips_text(const char *markup, const char *font, const char *font_file, int wraps_at, int is_right_aligned,
                         int *width, int *height);

/// Encodes a picture.
/// @param pixels Red, green and blue, a byte each, in rows without padding.
/// @param options As of `colophon_vips_resize`.
/// @return As `colophon_vips_resize`.
void *colophon_vips_encode(const void *pixels, int width, int height, const char *options, size_t *size);

// What these functions gave.
void colophon_vips_free(void *bytes);

#endif
