#define _GNU_SOURCE
#include "include/CVips.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct _VipsImage VipsImage;

// Values of VipsSize, VipsAlign, VipsTextWrap and VipsBandFormat, from libvips' resample.h, create.h and image.h.
enum { SIZE_FORCE = 3, ALIGN_LOW = 0, ALIGN_HIGH = 2, WRAP_WORD_CHAR = 2, FORMAT_UCHAR = 0 };
// A value of FcResult, and a weight, from fontconfig.h.
enum { FC_MATCH = 0, FC_WEIGHT_SEMIBOLD = 180 };

static struct {
  int (*init)(const char *);
  int (*version)(int);
  const char *(*error_buffer)(void);
  void (*error_clear)(void);
  void (*concurrency_set)(int);
  void (*cache_set_max)(int);
  void (*vector_set_enabled)(int);
  void (*operation_block_set)(const char *, int);
  const char *(*foreign_find_save_buffer)(const char *);
  const char *(*foreign_find_save_target)(const char *);
  int (*thumbnail_buffer)(void *, size_t, VipsImage **, int, ...);
  int (*extract_area)(VipsImage *, VipsImage **, int, int, int, int, ...);
  int (*write_to_buffer)(VipsImage *, const char *, void **, size_t *, ...);
  int (*text)(VipsImage **, const char *, ...);
  int (*get_width)(const VipsImage *);
  int (*get_height)(const VipsImage *);
  void *(*write_to_memory)(VipsImage *, size_t *);
  VipsImage *(*new_from_memory)(const void *, size_t, int, int, int, int);
  void (*unref)(void *);
  void (*free)(void *);
} vips;

// Of the library with which libvips finds fonts; NULL where it was built without.
static struct {
  void *(*query)(const unsigned char *, int, void *, int *);
  int (*get_string)(const void *, const char *, int, unsigned char **);
  int (*get_integer)(const void *, const char *, int, int *);
  void (*destroy)(void *);
} fontconfig;

static _Thread_local char reason[256];

static int refuse(const char *text) {
  snprintf(reason, sizeof reason, "%s", text ? text : "");
  // The first line says what is wrong, the rest how it was come by.
  reason[strcspn(reason, "\n")] = 0;
  return -1;
}

static int refuse_with_error(void) {
  // libvips has one text for the errors of all threads: another may have taken it.
  const char *text = vips.error_buffer();
  refuse(*text ? text : "libvips gave no reason");
  vips.error_clear();
  return -1;
}

const char *colophon_vips_reason(void) { return reason; }

int colophon_vips_open(void) {
  void *library = dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
  if (!library) return refuse("libvips.so.42 is not on this machine");
  // Looked up in libvips and in what it is linked with.
  const struct { const char *name; void *place; } names[] = {
    {"vips_init", &vips.init},
    {"vips_version", &vips.version},
    {"vips_error_buffer", &vips.error_buffer},
    {"vips_error_clear", &vips.error_clear},
    {"vips_concurrency_set", &vips.concurrency_set},
    {"vips_cache_set_max", &vips.cache_set_max},
    {"vips_vector_set_enabled", &vips.vector_set_enabled},
    {"vips_foreign_find_save_buffer", &vips.foreign_find_save_buffer},
    {"vips_foreign_find_save_target", &vips.foreign_find_save_target},
    {"vips_thumbnail_buffer", &vips.thumbnail_buffer},
    {"vips_extract_area", &vips.extract_area},
    {"vips_image_write_to_buffer", &vips.write_to_buffer},
    {"vips_text", &vips.text},
    {"vips_image_get_width", &vips.get_width},
    {"vips_image_get_height", &vips.get_height},
    {"vips_image_write_to_memory", &vips.write_to_memory},
    {"vips_image_new_from_memory_copy", &vips.new_from_memory},
    {"g_object_unref", &vips.unref},
    {"g_free", &vips.free},
  };
  for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
    void *function = dlsym(library, names[index].name);
    if (!function) return refuse("libvips.so.42 lacks what is needed of it");
    memcpy(names[index].place, &function, sizeof function);
  }
  const struct { const char *name; void *place; } font_names[] = {
    {"FcFreeTypeQuery", &fontconfig.query},
    {"FcPatternGetString", &fontconfig.get_string},
    {"FcPatternGetInteger", &fontconfig.get_integer},
    {"FcPatternDestroy", &fontconfig.destroy},
  };
  for (size_t index = 0; index < sizeof font_names / sizeof *font_names; index++) {
    void *function = dlsym(library, font_names[index].name);
    memcpy(font_names[index].place, &function, sizeof function);
  }
  if (vips.version(0) < 8 || (vips.version(0) == 8 && vips.version(1) < 10)) return refuse("libvips is older than 8.10");
  // libvips says some things on standard error by itself; what matters comes back as an error.
  setenv("VIPS_WARNING", "1", 0);
  if (vips.init("colophon")) return refuse_with_error();
  // Builds bring their own threads, and each picture is made once.
  vips.concurrency_set(1);
  vips.cache_set_max(0);
  // liborc, with which libvips before 8.15 makes machine code for some operations, hands out the memory for it without holding its lock (0.4.33
  // does): threads that resize at a time damage the heap, <https://github.com/libvips/libvips/pull/1211>. Plain code takes up to 1.7 times as long,
  // but each thread its own.
  void *orc = dlopen("liborc-0.4.so.0", RTLD_NOW | RTLD_NOLOAD);
  if (orc) {
    vips.vector_set_enabled(0);
    dlclose(orc);
  }
  // Pictures come from anywhere: nothing but the formats of the web is read (8.13 and later).
  void *block = dlsym(library, "vips_operation_block_set");
  if (block) {
    memcpy(&vips.operation_block_set, &block, sizeof block);
    vips.operation_block_set("VipsForeignLoad", 1);
    const char *readers[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif"};
    for (size_t index = 0; index < 4; index++) vips.operation_block_set(readers[index], 0);
  }
  return 0;
}

int colophon_vips_version(int part) { return vips.version ? vips.version(part) : 0; }

int colophon_vips_can_write(const char *suffix) {
  if (vips.foreign_find_save_target(suffix) || vips.foreign_find_save_buffer(suffix)) return 1;
  vips.error_clear();
  return 0;
}

void colophon_vips_free(void *bytes) { vips.free(bytes); }

static void *written(VipsImage *image, const char *options, size_t *size) {
  void *bytes = NULL;
  if (vips.write_to_buffer(image, options, &bytes, size, NULL)) {
    refuse_with_error();
    return NULL;
  }
  return bytes;
}

void *colophon_vips_resize(const void *bytes, size_t length, const colophon_vips_operation *operation,
                           const char *options, size_t *size) {
  VipsImage *image = NULL;
  if (length == 0) {
    refuse("the file is empty");
    return NULL;
  }
  // A warning of an earlier picture must not be taken for this one's.
  vips.error_clear();
  if (vips.thumbnail_buffer((void *)bytes, length, &image, operation->width, "height", operation->height, "size",
                            SIZE_FORCE, "export_profile", "srgb", "option_string",
                            operation->refuses_damage ? "fail_on=truncated" : "fail_on=none", NULL)) {
    refuse_with_error();
    return NULL;
  }
  if (operation->crop_width > 0) {
    VipsImage *part = NULL;
    int failed = vips.extract_area(image, &part, operation->crop_left, operation->crop_top, operation->crop_width,
                                   operation->crop_height, NULL);
    vips.unref(image);
    if (failed) {
      refuse_with_error();
      return NULL;
    }
    image = part;
  }
  void *result = written(image, options, size);
  vips.unref(image);
  return result;
}

int colophon_vips_font(const char *path, char *description, size_t length) {
  if (!fontconfig.query || !fontconfig.get_string || !fontconfig.get_integer || !fontconfig.destroy) {
    return refuse("libvips was built without fonts");
  }
  int count = 0, weight = 0;
  unsigned char *family = NULL;
  void *pattern = fontconfig.query((const unsigned char *)path, 0, NULL, &count);
  if (!pattern) return refuse("the file is no font");
  if (fontconfig.get_string(pattern, "family", 0, &family) == FC_MATCH && family) {
    fontconfig.get_integer(pattern, "weight", 0, &weight);
    snprintf(description, length, "%s,%s", (const char *)family, weight >= FC_WEIGHT_SEMIBOLD ? " Bold" : "");
  }
  fontconfig.destroy(pattern);
  return family ? 0 : refuse("the font has no name");
}

// Fonts that libvips has been given. It looks each up by a name that it frees with the first text that was drawn (8.14 does), so that no name is
// given twice.
static struct font {
  char *file;
  struct font *next;
} *fonts;
static pthread_mutex_t fonts_lock = PTHREAD_MUTEX_INITIALIZER;

static int knows_font(const char *file) {
  for (struct font *font = fonts; font; font = font->next) {
    if (strcmp(font->file, file) == 0) return 1;
  }
  return 0;
}

static void remember_font(const char *file) {
  struct font *font = malloc(sizeof *font);
  if (font) *font = (struct font){strdup(file), fonts};
  if (font && font->file) fonts = font;
}

void *colophon_vips_text(const char *markup, const char *font, const char *font_file, int wraps_at, int is_right_aligned,
                         int *width, int *height) {
  VipsImage *image = NULL;
  int align = is_right_aligned ? ALIGN_HIGH : ALIGN_LOW;
  // Where a word is wider than the line, 8.14 and later break it.
  int breaks = vips.version(0) > 8 || vips.version(1) >= 14;
  const char *last = breaks ? "wrap" : NULL;
  int failed = 0;
  if (font_file) {
    pthread_mutex_lock(&fonts_lock);
    if (!knows_font(font_file)) {
      failed = vips.text(&image, markup, "font", font, "fontfile", font_file, "width", wraps_at, "dpi", 72, "align",
                         align, last, WRAP_WORD_CHAR, NULL);
      if (!failed) remember_font(font_file);
    }
    pthread_mutex_unlock(&fonts_lock);
  }
  // With a font that was new, it is drawn.
  if (!failed && !image) {
    failed = vips.text(&image, markup, "font", font, "width", wraps_at, "dpi", 72, "align", align, last,
                       WRAP_WORD_CHAR, NULL);
  }
  if (failed) {
    refuse_with_error();
    return NULL;
  }
  size_t size = 0;
  void *bytes = vips.write_to_memory(image, &size);
  *width = vips.get_width(image);
  *height = vips.get_height(image);
  vips.unref(image);
  if (!bytes) refuse_with_error();
  if (bytes && size != (size_t)*width * (size_t)*height) {
    vips.free(bytes);
    bytes = NULL;
    refuse("the text has more than one band");
  }
  return bytes;
}

void *colophon_vips_encode(const void *pixels, int width, int height, const char *options, size_t *size) {
  VipsImage *image =
      vips.new_from_memory(pixels, (size_t)width * (size_t)height * 3, width, height, 3, FORMAT_UCHAR);
  if (!image) {
    refuse_with_error();
    return NULL;
  }
  void *result = written(image, options, size);
  vips.unref(image);
  return result;
}
