#pragma once
#include <sys/types.h>

// The number of a process as liblmdb is to know it: while it is not 0, getpid() gives it to the
// calling thread in the place of the kernel's.
void process_number_show(pid_t number);
