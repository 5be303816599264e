// Calls of Linux that Swift's Glibc module does not show: it is built without _GNU_SOURCE, and leaves malloc.h out.
#include <stddef.h>
#define COLOPHON_RENAME_EXCHANGE 2 /* RENAME_EXCHANGE of linux/fs.h */
int renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, unsigned int flags);
/* malloc_trim(3): gives memory that is free back to the system. */
int malloc_trim(size_t pad);
/* mallopt(3): from how many bytes on memory comes from the system by itself, and goes back to it once it is free; and how much more than is
   needed is taken from the system at a time. */
#define COLOPHON_M_MMAP_THRESHOLD (-3) /* M_MMAP_THRESHOLD of malloc.h */
#define COLOPHON_M_TOP_PAD (-2)        /* M_TOP_PAD of malloc.h */
int mallopt(int param, int value);
/* memmem(3): where `needle` stands in `haystack` first. */
void *memmem(const void *haystack, size_t haystacklen, const void *needle, size_t needlelen);
