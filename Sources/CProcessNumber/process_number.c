#include "process_number.h"

#include <sys/syscall.h>
#include <unistd.h>

// liblmdb tells readers apart by what getpid() returns when an environment is made: it writes that
// number beside each snapshot, and locks the byte of lock.mdb at that place. When an environment is
// closed, it asks again, and frees that number's snapshots. Processes of several PID
// namespaces that share a folder may have one number, as 1 in every container, and all but one of
// them could then read nothing. A program's own getpid() comes before the C library's, by the rules
// of dynamic linking, so that an environment can be made with a number that nobody else has.

static _Thread_local pid_t shown;

void process_number_show(pid_t number) { shown = number; }

pid_t getpid(void) { return shown != 0 ? shown : (pid_t)syscall(SYS_getpid); }
