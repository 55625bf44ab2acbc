#pragma once
#include <malloc.h>
#include <linux/stat.h>

// <sys/stat.h> has it only under _GNU_SOURCE, which a module cannot set for itself.
extern int statx(int directory, const char *path, int flags, unsigned int mask,
                 struct statx *status);
