// The floor below every site builder on CommonMark: read each post, skip its front matter, let libcmark render it, write it to a folder of its
// own. No templates, no links, no lists.
//
//   cc -O2 -o floor Benchmarks/floor.c -lcmark && floor content/posts OUT
#include <cmark.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *verb, const char *path) {
  fprintf(stderr, "cannot %s %s: %s\n", verb, path, strerror(errno));
  exit(2);
}

static char *read_file(const char *path, size_t *size) {
  int file = open(path, O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) < 0) fail("read", path);
  char *bytes = malloc(status.st_size + 1);
  if (!bytes || read(file, bytes, status.st_size) != status.st_size) fail("read", path);
  close(file);
  bytes[status.st_size] = 0;
  *size = status.st_size;
  return bytes;
}

static void write_file(const char *path, const char *bytes, size_t size) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || write(file, bytes, size) != (ssize_t)size) fail("write", path);
  close(file);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: floor POSTS OUT\n");
    return 64;
  }
  DIR *folder = opendir(arguments[1]);
  if (!folder) fail("list", arguments[1]);
  if (mkdir(arguments[2], 0755) < 0) fail("make", arguments[2]);
  for (struct dirent *entry; (entry = readdir(folder));) {
    size_t length = strlen(entry->d_name);
    if (length < 4 || strcmp(entry->d_name + length - 3, ".md")) continue;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", arguments[1], entry->d_name);
    size_t size;
    char *text = read_file(path, &size);
    const char *end = strncmp(text, "---\n", 4) ? NULL : strstr(text + 4, "\n---\n");
    const char *body = end ? end + 5 : text;
    char *html = cmark_markdown_to_html(body, size - (body - text), CMARK_OPT_UNSAFE);
    snprintf(path, sizeof path, "%s/%.*s", arguments[2], (int)(length - 3), entry->d_name);
    if (mkdir(path, 0755) < 0) fail("make", path);
    strcat(path, "/index.html");
    write_file(path, html, strlen(html));
    free(html);
    free(text);
  }
  closedir(folder);
}
