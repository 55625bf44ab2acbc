#pragma once

// What the process was started with, as the C library had it at the start. Swift's own list is read
// from /proc, and empty where that is not mounted.
int arguments_count(void);
char *_Nullable *_Nullable arguments_list(void);
