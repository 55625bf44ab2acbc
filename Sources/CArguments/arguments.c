#include "arguments.h"

static int count;
static char **list;

// glibc gives what main gets to constructors, too.
__attribute__((constructor)) static void keep(int argc, char **argv) {
  count = argc;
  list = argv;
}

int arguments_count(void) { return count; }

char **arguments_list(void) { return list; }
