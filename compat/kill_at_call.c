/*
 * Loaded into a process with LD_PRELOAD, ends it with SIGKILL at its k-th call that changes something below a directory, or makes it durable.
 * Calls are counted over all threads. The last one is not made; of a write, a part may be. Before the end a line on standard error names it.
 *
 *   KILL_BELOW  the directory, absolute
 *   KILL_AT     k, from 1; 0: never, the calls are only counted
 *   KILL_PART   hundredths of a last write that are written
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *below;
static long at, part;
static atomic_long calls;

__attribute__((constructor)) static void read_settings(void) {
  const char *k = getenv("KILL_AT"), *hundredths = getenv("KILL_PART");
  at = k == NULL ? 0 : atol(k);
  part = hundredths == NULL ? 0 : atol(hundredths);
  below = getenv("KILL_BELOW");
}

/* Whether this call is the last one. */
static int last(const char *path) {
  size_t length = below == NULL ? 0 : strlen(below);
  if (length == 0 || strncmp(path, below, length) != 0 || (path[length] != '/' && path[length] != '\0')) return 0;
  return ++calls == at;
}

static void end(const char *call, const char *path) {
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "killed at call %ld: %s %s\n", at, call, path);
  syscall(SYS_write, 2, line, length);
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* What an open descriptor stands for; empty when that is nothing. */
static const char *path_of(int descriptor, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = '\0';
  return path;
}

/* A name as the calls that end in `at` take it. */
static const char *path_at(int directory, const char *name, char path[PATH_MAX]) {
  if (name[0] == '/' || directory == AT_FDCWD) return name;
  path_of(directory, path);
  size_t length = strlen(path);
  snprintf(path + length, PATH_MAX - length, "/%s", name);
  return path;
}

static const char *plain(const char *name, char path[PATH_MAX]) {
  (void)path;
  return name;
}

/* Defines `name` to end the process when it is the last call, and else to call the one that it stands before. */
#define CALL(result, name, parameters, arguments, path)                 \
  result name parameters {                                              \
    static result(*next) parameters;                                    \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);        \
    char buffer[PATH_MAX];                                              \
    const char *what = path;                                            \
    if (last(what)) end(#name, what);                                   \
    return next arguments;                                              \
  }

CALL(int, fsync, (int fd), (fd), path_of(fd, buffer))
CALL(int, fdatasync, (int fd), (fd), path_of(fd, buffer))
CALL(int, ftruncate, (int fd, off_t size), (fd, size), path_of(fd, buffer))
CALL(int, ftruncate64, (int fd, off64_t size), (fd, size), path_of(fd, buffer))
CALL(int, rename, (const char *from, const char *to), (from, to), plain(from, buffer))
CALL(int, unlink, (const char *name), (name), plain(name, buffer))
CALL(int, unlinkat, (int directory, const char *name, int flags), (directory, name, flags), path_at(directory, name, buffer))
CALL(int, rmdir, (const char *name), (name), plain(name, buffer))
CALL(int, mkdir, (const char *name, mode_t mode), (name, mode), plain(name, buffer))

/* Defines a call that writes `length` bytes from `from` on. */
#define WRITE(name, parameters, arguments, some)                        \
  ssize_t name parameters {                                             \
    static ssize_t(*next) parameters;                                   \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);        \
    char buffer[PATH_MAX];                                              \
    const char *what = path_of(fd, buffer);                             \
    if (last(what)) {                                                   \
      if (part > 0) next some;                                          \
      end(#name, what);                                                 \
    }                                                                   \
    return next arguments;                                              \
  }

WRITE(write, (int fd, const void *from, size_t length), (fd, from, length), (fd, from, length * part / 100))
WRITE(pwrite64, (int fd, const void *from, size_t length, off64_t position), (fd, from, length, position),
      (fd, from, length * part / 100, position))
WRITE(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), (fd, parts, count * part / 100))

/* Defines a call that opens a file: it counts when it may make or empty the file. */
#define OPEN(name, parameters, arguments, path)                         \
  int name parameters {                                                 \
    static int(*next) parameters;                                       \
    if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, #name);        \
    va_list more;                                                       \
    va_start(more, flags);                                              \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                       \
    char buffer[PATH_MAX];                                              \
    const char *what = path;                                            \
    if (flags & (O_CREAT | O_TRUNC) && last(what)) end(#name, what);    \
    return next arguments;                                              \
  }

OPEN(open, (const char *name, int flags, ...), (name, flags, mode), plain(name, buffer))
OPEN(open64, (const char *name, int flags, ...), (name, flags, mode), plain(name, buffer))
OPEN(openat64, (int directory, const char *name, int flags, ...), (directory, name, flags, mode), path_at(directory, name, buffer))
