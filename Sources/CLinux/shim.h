// Calls of Linux that need _GNU_SOURCE, which Swift's Glibc module is built without.
#define COLOPHON_RENAME_EXCHANGE 2 /* RENAME_EXCHANGE of linux/fs.h */
int renameat2(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, unsigned int flags);
