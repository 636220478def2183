/*
 * measure [-d FOLDER] [-i FILE] [-o FILE] [-s SHELL] [-t SECONDS] COMMAND...
 * Runs a command and prints: exit code, wall seconds, CPU seconds of it alone, CPU seconds of what it waited for, peak KiB of the larger
 * of both. -i gives it a pipe with the file's bytes that stays open until it ends. -s puts a program in the place of /bin/sh, for this
 * command only, in a mount namespace of its own. -t ends it after so long (exit code 124).
 *
 * measure --floor COUNT AT-ONCE COMMAND...
 * Starts the command COUNT times by posix_spawn, so many at once, and prints the wall seconds: what no build tool can be quicker than.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static pid_t child;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what) {
  perror(what);
  exit(125);
}

static void late(int signal) {
  (void)signal;
  if (child > 0) kill(-child, SIGKILL);
}

static int floor_of(int count, int at_once, char **command) {
  double begun = now();
  for (int started = 0, ended = 0; ended < count;) {
    while (started < count && started - ended < at_once) {
      pid_t pid;
      if (posix_spawn(&pid, command[0], NULL, NULL, command, environ) != 0) fail(command[0]);
      started++;
    }
    int status;
    if (wait(&status) < 0 || status != 0) fail("wait");
    ended++;
  }
  printf("%.6f\n", now() - begun);
  return 0;
}

int main(int count, char **words) {
  if (count > 4 && strcmp(words[1], "--floor") == 0) return floor_of(atoi(words[2]), atoi(words[3]), words + 4);
  const char *folder = NULL, *input = NULL, *output = NULL, *shell = NULL;
  int option, seconds = 0;
  while ((option = getopt(count, words, "+d:i:o:s:t:")) != -1) {
    if (option == 'd') folder = optarg;
    else if (option == 'i') input = optarg;
    else if (option == 'o') output = optarg;
    else if (option == 's') shell = optarg;
    else if (option == 't') seconds = atoi(optarg);
    else return 125;
  }
  int report = dup(1), pipe_ends[2] = {-1, -1};
  fcntl(report, F_SETFD, FD_CLOEXEC);
  if (shell) {
    char place[PATH_MAX];
    if (!realpath("/bin/sh", place)) fail("/bin/sh");
    if (unshare(CLONE_NEWNS) != 0) fail("unshare");
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("mount");
    if (mount(shell, place, NULL, MS_BIND, NULL) != 0) fail("mount");
  }
  if (folder && chdir(folder) != 0) fail(folder);
  if (input) {
    static char bytes[60000];
    int file = open(input, O_RDONLY);
    ssize_t size = read(file, bytes, sizeof bytes);
    if (file < 0 || size < 0 || size == sizeof bytes || pipe2(pipe_ends, O_CLOEXEC) != 0 || write(pipe_ends[1], bytes, size) != size) fail(input);
    close(file);
    dup2(pipe_ends[0], 0);
  } else {
    dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
  }
  int told = output ? open(output, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666) : open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (told < 0) fail(output);
  dup2(told, 1);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  signal(SIGALRM, late);
  double begun = now();
  int error = posix_spawnp(&child, words[optind], NULL, &attributes, words + optind, environ);
  if (error != 0) {
    fprintf(stderr, "%s: %s\n", words[optind], strerror(error));
    return 127;
  }
  alarm(seconds);
  siginfo_t end;
  while (waitid(P_PID, child, &end, WEXITED | WNOWAIT) != 0) { /* The alarm ends the child, and then this. */ }
  double wall = now() - begun;
  alarm(0);

  /* Before it is collected it still tells apart what it used itself and what its children used. */
  char path[64], stat[1024] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", child);
  FILE *file = fopen(path, "r");
  if (!file || !fgets(stat, sizeof stat, file)) fail(path);
  fclose(file);
  unsigned long user = 0, system = 0;
  long child_user = 0, child_system = 0;
  sscanf(strrchr(stat, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld", &user, &system, &child_user, &child_system);
  int status;
  struct rusage used;
  wait4(child, &status, 0, &used);
  double ticks = sysconf(_SC_CLK_TCK);
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : seconds && wall >= seconds ? 124 : 128 + WTERMSIG(status);
  dprintf(report, "%d %.6f %.2f %.2f %ld\n", code, wall, (user + system) / ticks, (child_user + child_system) / ticks, used.ru_maxrss);
  return 0;
}
