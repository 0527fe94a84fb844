internal import Core

/// What is wrong with all rows of a key, whichever came first.
struct KeyConflict: OptionSet, Sendable {
    let rawValue: UInt8

    /// E01: rows of one table with differing values.
    static let values = KeyConflict(rawValue: 1)
    /// E06: the same, in different parts of the table.
    static let parts = KeyConflict(rawValue: 2)
    /// E03: rows that name different national codes.
    static let codes = KeyConflict(rawValue: 4)
}

/// Which keys a table has had, so that repeats show: E01 (same key, other values), E02 (the whole row again), E06.
///
/// The first row of a key that later comes again with other values has already been staged when that shows. Its key is
/// condemned then, and the submission is read once more, with the condemned keys known from the start. Where much is wrong,
/// the first reading looks for such keys and for nothing else (`CheckPass.lookAtKeysFirst`).
struct KeyLedger {
    /// What a row's key says about it.
    struct Judgement: Equatable {
        /// The same row stands earlier: skipped.
        var isRepeat = false
        /// What the rows of the key contradict one another in; none of them can be trusted.
        var conflicts: KeyConflict = []
        /// How many rows of the key came before.
        var occurrence = 0
    }

    private struct Entry: BitwiseCopyable {
        /// The hash of the first row; 0 where there was none.
        var row: UInt64 = 0
        var repeats: Int32 = 0
        var part: Int32 = 0
    }

    /// By the ordinal of the key.
    private var entries: [Entry] = []
    private let condemned: [UInt64: KeyConflict]
    /// Keys that turned out to conflict after their first row had passed.
    private(set) var newlyCondemned: [UInt64: KeyConflict] = [:]

    /// - Parameter keys: so many will come, as far as is known.
    init(condemned: [UInt64: KeyConflict], expecting keys: Int = 0) {
        self.condemned = condemned
        entries.reserveCapacity(keys)
    }

    /// Judges a row by its key (ordinal and hash), the hash of all its cells, and the part of the table it stands in.
    mutating func judge(key: Int, hash: UInt64, row: UInt64, part: Int = 0) -> Judgement {
        while entries.count <= key { entries.append(Entry()) }
        let known = condemned.isEmpty ? [] : condemned[hash] ?? []
        guard entries[key].row != 0 else {
            entries[key] = Entry(row: row, part: Int32(part))
            return Judgement(conflicts: known)
        }
        entries[key].repeats += 1
        let occurrence = Int(entries[key].repeats)
        let isSame = entries[key].row == row
        if isSame, !known.contains(.values) { return Judgement(isRepeat: true, occurrence: occurrence) }
        var conflicts: KeyConflict = .values
        if !isSame, entries[key].part != Int32(part) { conflicts.insert(.parts) }
        condemn(hash, conflicts)
        return Judgement(conflicts: known.union(conflicts), occurrence: occurrence)
    }

    /// The rows of a key contradict one another.
    mutating func condemn(_ hash: UInt64, _ conflicts: KeyConflict) {
        let known = condemned[hash] ?? []
        guard !known.isSuperset(of: conflicts) else { return }
        newlyCondemned[hash, default: []].formUnion(conflicts)
    }
}
