internal import CLinux

/// How glibc keeps the program's memory.
enum Heap {
    /// Gives memory back to the system when it is free.
    ///
    /// A run is stages with large buffers one after the other, on several threads. Left to itself glibc learns to keep what
    /// was large once, in an arena for each thread, so that a stage's peak stands on the rest of those before it. A limit
    /// that is set stays where it is. 128 KiB instead of 1 MiB would give back more, and take a third more processor time
    /// (docs/performance.md). Whoever sets `MALLOC_…` variables for a trial is overruled.
    static func giveBackWhatIsFree() {
        // Any failure leaves the defaults, which are right, only larger.
        _ = mallopt(M_MMAP_THRESHOLD, 1 << 20)
        _ = mallopt(M_TRIM_THRESHOLD, 1 << 20)
        _ = mallopt(M_ARENA_MAX, 2)
    }
}
