/// Counts what comes out of a packed file against what went in, and says when it is a bomb (A04).
struct UnpackingGuard {
    private let limits: ReadingLimits
    private let name: String
    private var unpacked = 0

    init(limits: ReadingLimits, name: String) {
        self.limits = limits
        self.name = name
    }

    /// Takes note of more unpacked bytes; `packed` is all that has been read for them so far.
    mutating func add(_ count: Int, packed: Int) throws(ReadingError) {
        unpacked += count
        guard unpacked <= limits.unpackedBytes else {
            throw ReadingError(.tooLarge(limit: ReadingLimits.Name.unpackedBytes), name: name)
        }
        guard unpacked <= limits.ratioGraceBytes || unpacked / max(packed, 1) <= limits.ratio else {
            throw ReadingError(.tooLarge(limit: ReadingLimits.Name.ratio), name: name)
        }
    }
}

extension ReadingLimits {
    /// The names of limits, as errors and findings give them.
    public enum Name {
        /// `ReadingLimits.containerBytes`
        public static let containerBytes = "container_bytes"
        /// `ReadingLimits.entries`
        public static let entries = "entries"
        /// `ReadingLimits.unpackedBytes`
        public static let unpackedBytes = "unpacked_bytes"
        /// `ReadingLimits.ratio`
        public static let ratio = "ratio"
    }
}
