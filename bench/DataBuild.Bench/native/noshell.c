/*
 * Stands in for /bin/sh where a measurement wants to know what the shell costs: `sh -c 'PROGRAM WORD...'` is taken apart at its spaces
 * and the program is started in its place. It knows no quotes, variables or operators.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
  char *arguments[256];
  int used = 0;
  if (count != 3 || strcmp(words[1], "-c") != 0) return 126;
  for (char *word = strtok(words[2], " "); word && used < 255; word = strtok(NULL, " ")) arguments[used++] = word;
  arguments[used] = NULL;
  execv(arguments[0], arguments);
  perror(arguments[0]);
  return 127;
}
