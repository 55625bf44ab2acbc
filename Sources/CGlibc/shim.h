#pragma once
#include <malloc.h>
#include <stddef.h>
#include <linux/stat.h>
#include <sys/prctl.h>

/// Has the kernel write no core of this process, and keep its memory and environment from other
/// processes of the same user. False where it refuses.
static inline _Bool cglibc_forbid_core(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0; }

// <sys/stat.h> has it only under _GNU_SOURCE, which a module cannot set for itself.
extern int statx(int directory, const char *path, int flags, unsigned int mask,
                 struct statx *status);

// <string.h>, likewise.
extern void *memmem(const void *bytes, size_t size, const void *wanted, size_t wanted_size);

// The calendar of the process's time zone, without the C struct that holds a pointer.

#include <time.h>

/// Seconds since 1970 at which a day begins; with the change to summer time it may have 23 hours or 25.
static inline long long cglibc_midnight(int year, int month, int day) {
  struct tm parts = {0};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_isdst = -1;
  return (long long)mktime(&parts);
}

/// The day that it is: year × 10,000 + month × 100 + day.
static inline long long cglibc_today(void) {
  time_t now = time(NULL);
  struct tm parts = {0};
  localtime_r(&now, &parts);
  return (parts.tm_year + 1900LL) * 10000 + (parts.tm_mon + 1) * 100 + parts.tm_mday;
}
