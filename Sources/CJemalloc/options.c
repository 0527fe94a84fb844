#include "CJemalloc.h"

// Linking jemalloc puts it in the place of glibc's malloc, also for Swift's runtime and the C libraries (decision 032).
//
// As many arenas as processors, not four times as many: what is free in one is of no use to another. What is 1 MiB or more
// goes back to the system at once, the rest after half a second: a stage's peak must not stand on those before it. What else
// was tried, and what it took: docs/performance.md, Memory.
const char *malloc_conf = "narenas_ratio:1,oversize_threshold:1048576,dirty_decay_ms:500,muzzy_decay_ms:0";
