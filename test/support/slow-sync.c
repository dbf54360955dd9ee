/* Loaded into a process before the C library: writes into the file named by SYNC_TRACE when a write is forced to the
 * disk and when that is done, and lets it take SYNC_DELAY_US microseconds longer. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static void note(const char *line) {
  const char *path = getenv("SYNC_TRACE");
  if (path == NULL) return;
  int trace = open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
  if (trace < 0) return;
  ssize_t written = write(trace, line, 6);
  (void)written;
  close(trace);
}

static void begin(void) {
  note("sync+\n");
  const char *delay = getenv("SYNC_DELAY_US");
  usleep(delay == NULL ? 0 : (useconds_t)atoi(delay));
}

static void end(void) { note("sync-\n"); }

int fdatasync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  begin();
  int result = real(file);
  end();
  return result;
}

int fsync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  begin();
  int result = real(file);
  end();
  return result;
}

/* A file opened with O_DSYNC is forced by every write: LMDB writes its meta page so. */
static ssize_t forced_write(const char *name, int file, const void *bytes, size_t count, off64_t at) {
  ssize_t (*real)(int, const void *, size_t, off64_t) =
      (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, name);
  int forced = (fcntl(file, F_GETFL) & O_DSYNC) != 0;
  if (forced) begin();
  ssize_t result = real(file, bytes, count, at);
  if (forced) end();
  return result;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  return forced_write("pwrite64", file, bytes, count, at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  return forced_write("pwrite", file, bytes, count, at);
}
