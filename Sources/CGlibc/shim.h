#pragma once
#include <malloc.h>
#include <stddef.h>
#include <linux/stat.h>

// <sys/stat.h> has it only under _GNU_SOURCE, which a module cannot set for itself.
extern int statx(int directory, const char *path, int flags, unsigned int mask,
                 struct statx *status);

// <string.h>, likewise.
extern void *memmem(const void *bytes, size_t size, const void *wanted, size_t wanted_size);
