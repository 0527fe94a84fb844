#pragma once

/// What jemalloc is told before the program begins; the name is its own (jemalloc(3), TUNING).
extern const char *malloc_conf;
