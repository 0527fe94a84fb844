#pragma once
// glibc declares it only under _GNU_SOURCE, which Swift's Glibc module is built without.
extern int syncfs(int descriptor);
