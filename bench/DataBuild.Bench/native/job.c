/*
 * The job of all scenarios. `job REF...` writes 17 bytes for each ref, 16 hexadecimal digits that follow from it and a line end: below
 * DATABUILD_OUTPUT_ROOT, or to the ref itself where that is not set.
 * `job --find REF` does so only if what it finds out that it needs is there: PREFIX/N needs PREFIX/N-1, down to PREFIX/0.
 * `job --dyndep REF` writes what it would find out for ninja, to REF.dd.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int put(const char *path, const char *text, size_t size) {
  int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0666);
  if (file < 0 || write(file, text, size) != (ssize_t)size) {
    perror(path);
    return 1;
  }
  return close(file);
}

static int make(const char *root, const char *ref) {
  char path[4096], text[18];
  uint64_t hash = 14695981039346656037u;
  for (const char *c = ref; *c; c++) hash = (hash ^ (unsigned char)*c) * 1099511628211u;
  snprintf(text, sizeof text, "%016llx\n", (unsigned long long)hash);
  snprintf(path, sizeof path, "%s%s%s", root ? root : "", root ? "/" : "", ref);
  return put(path, text, 17);
}

/* The ref before this one; 0 if it is the first. */
static int before(const char *ref, char *needed, size_t size) {
  const char *slash = strrchr(ref, '/');
  int number = atoi(slash + 1);
  snprintf(needed, size, "%.*s/%d", (int)(slash - ref), ref, number - 1);
  return number > 0;
}

int main(int count, char **words) {
  const char *root = getenv("DATABUILD_OUTPUT_ROOT"), *data = getenv("DATABUILD_DATA_ROOT");
  char needed[4096], path[8192];
  if (count == 3 && strcmp(words[1], "--find") == 0) {
    if (before(words[2], needed, sizeof needed)) {
      snprintf(path, sizeof path, "%s%s%s", data ? data : "", data ? "/" : "", needed);
      if (access(path, F_OK) != 0) {
        printf("databuild:missing-deps %s\n", needed);
        return 75;
      }
    }
    return make(root, words[2]);
  }
  if (count == 3 && strcmp(words[1], "--dyndep") == 0) {
    int needs = before(words[2], needed, sizeof needed);
    int size = snprintf(path, sizeof path, "ninja_dyndep_version = 1\nbuild %s: dyndep%s%s\n", words[2], needs ? " | " : "", needs ? needed : "");
    char file[4096];
    snprintf(file, sizeof file, "%s.dd", words[2]);
    return put(file, path, size);
  }
  for (int i = 1; i < count; i++)
    if (make(root, words[i])) return 1;
  return 0;
}
