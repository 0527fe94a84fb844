internal import Core

/// Which keys a table has had, so that repeats show: E01 (same key, other values), E02 (the whole row again).
///
/// The first row of a key that later comes again with other values has already been staged when that shows. Its key is
/// condemned then, and the submission is read once more, with the condemned keys known from the start.
struct KeyLedger {
    /// What a row's key says about it.
    enum Judgement {
        case first
        /// The same row stands earlier: skipped.
        case identicalRepeat
        /// The key has rows with differing values; none can be trusted.
        case conflicting
    }

    private struct Entry: BitwiseCopyable {
        var row: UInt64 = 0
        var repeats: Int32 = 0
    }

    private var table = HashTable(blank: Entry())
    private let condemned: Set<UInt64>
    /// Keys that turned out to conflict after their first row had passed.
    private(set) var newlyCondemned: Set<UInt64> = []

    init(condemned: Set<UInt64>) { self.condemned = condemned }

    /// Judges a row by the hash of its key and the hash of all its cells. `occurrence` counts rows of the key, from 0.
    mutating func judge(key: UInt64, row: UInt64) -> (judgement: Judgement, occurrence: Int) {
        guard var entry = table[key] else {
            table[key] = Entry(row: row)
            return (condemned.contains(key) ? .conflicting : .first, 0)
        }
        entry.repeats += 1
        table[key] = entry
        if condemned.contains(key) { return (.conflicting, Int(entry.repeats)) }
        if entry.row == row { return (.identicalRepeat, Int(entry.repeats)) }
        newlyCondemned.insert(key)
        return (.conflicting, Int(entry.repeats))
    }
}
