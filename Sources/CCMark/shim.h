#include <cmark.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// An arena for libcmark, which asks for memory some hundred times a page: taken from chunks of the thread, given back all at once.
// libcmark's allocators get no argument for a context, hence the thread's own variable, and C.

struct colophon_chunk {
  struct colophon_chunk *below;
  size_t size, used;
  char bytes[];
};

// In front of each piece: its size, since libcmark does not say it when a piece grows. 16 bytes keep pieces aligned.
struct colophon_piece {
  size_t size, unused;
};

// Inside of a function, since Swift does not see a header's variable of a thread. Each file that imports this has one of its own: parse and
// release in the same file.
static inline struct colophon_chunk **colophon_arena(void) {
  static __thread struct colophon_chunk *top;
  return &top;
}

static inline void *colophon_take(size_t size) {
  size_t need = sizeof(struct colophon_piece) + ((size + 15) & ~(size_t)15);
  struct colophon_chunk *top = *colophon_arena();
  if (!top || top->size - top->used < need) {
    size_t chunk_size = need > ((size_t)1 << 18) ? need : (size_t)1 << 18;
    top = (struct colophon_chunk *)malloc(sizeof(struct colophon_chunk) + chunk_size);
    if (!top) abort();
    top->below = *colophon_arena();
    top->size = chunk_size;
    top->used = 0;
    *colophon_arena() = top;
  }
  struct colophon_piece *piece = (struct colophon_piece *)(top->bytes + top->used);
  top->used += need;
  piece->size = need - sizeof(struct colophon_piece);
  return piece + 1;
}

static inline int colophon_is_last(void *pointer, size_t size) {
  struct colophon_chunk *top = *colophon_arena();
  return top && (char *)pointer + size == top->bytes + top->used;
}

static inline void *colophon_calloc(size_t count, size_t size) {
  if (size && count > SIZE_MAX / 2 / size) abort();
  void *pointer = colophon_take(count * size);
  return memset(pointer, 0, count * size);
}

static inline void *colophon_realloc(void *pointer, size_t size) {
  if (!pointer) return colophon_take(size);
  struct colophon_piece *piece = (struct colophon_piece *)pointer - 1;
  if (size <= piece->size) return pointer;
  size_t more = ((size + 15) & ~(size_t)15) - piece->size;
  struct colophon_chunk *top = *colophon_arena();
  if (colophon_is_last(pointer, piece->size) && top->size - top->used >= more) {
    top->used += more;
    piece->size += more;
    return pointer;
  }
  void *larger = colophon_take(size);
  return memcpy(larger, pointer, piece->size);
}

// Only what was taken last goes back at once: short-lived texts do not add up, however many there are.
static inline void colophon_free(void *pointer) {
  if (!pointer) return;
  struct colophon_piece *piece = (struct colophon_piece *)pointer - 1;
  if (colophon_is_last(pointer, piece->size)) (*colophon_arena())->used -= piece->size + sizeof(struct colophon_piece);
}

struct colophon_mark {
  struct colophon_chunk *chunk;
  size_t used;
};

static inline struct colophon_mark colophon_arena_mark(void) {
  struct colophon_chunk *top = *colophon_arena();
  struct colophon_mark mark = {top, top ? top->used : 0};
  return mark;
}

// Gives back all that was taken since the mark; the thread keeps one chunk for the next text.
static inline void colophon_arena_release(struct colophon_mark mark) {
  struct colophon_chunk *top = *colophon_arena();
  while (top != mark.chunk) {
    if (!top->below && top->size == (size_t)1 << 18) {
      mark.used = 0;
      break;
    }
    struct colophon_chunk *below = top->below;
    free(top);
    top = below;
  }
  if (top) top->used = mark.used;
  *colophon_arena() = top;
}

// The tree of a text, in the arena. It is gone with the mark that was set before; `cmark_node_free` need not be called.
static inline cmark_node *colophon_parse(const char *text, size_t length, int options) {
  static cmark_mem arena = {colophon_calloc, colophon_realloc, colophon_free};
  cmark_parser *parser = cmark_parser_new_with_mem(options, &arena);
  cmark_parser_feed(parser, text, length);
  cmark_node *document = cmark_parser_finish(parser);
  cmark_parser_free(parser);
  return document;
}
