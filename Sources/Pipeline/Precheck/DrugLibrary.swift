public import Core
internal import Rules

/// The drug library as the rules before the load look codes up in it: a hash of each code, and the entries that are
/// needed. Made once for a group of submissions, or from a whole library file.
public struct DrugLibrary: Sendable {
    let entries: TextRows
    private var index = HashIndex()
    private var codes: DrugCodes?

    /// A library.
    /// - Parameter codes: all codes there are, where `entries` holds only some of them.
    public init(_ entries: DrugEntries, codes: DrugCodes? = nil) {
        self.entries = entries.rows
        self.codes = codes
        for row in 0..<self.entries.count {
            var hash = ByteHash()
            hash.add(self.entries.bytes.span.extracting(self.entries.range(row: row, column: 0) ?? 0..<0))
            _ = index.insert(hash.value)
        }
    }

    /// The row of a code in `entries`, or why there is none.
    func find(_ code: Span<UInt8>) -> Int32 {
        var hash = ByteHash()
        hash.add(code)
        let value = hash.value
        if let row = index.ordinal(of: value) { return Int32(row) }
        guard let codes else { return JoinedRow.none }
        return codes.contains(value) ? JoinedRow.unknown : JoinedRow.none
    }
}

/// All codes of the published library, 16 bytes for each.
public struct DrugCodes: Sendable {
    private var index = HashIndex()

    /// Codes, one in each row.
    public init(_ rows: TextRows) {
        for row in 0..<rows.count {
            guard let range = rows.range(row: row, column: 0) else { continue }
            var hash = ByteHash()
            hash.add(rows.bytes.span.extracting(range))
            _ = index.insert(hash.value)
        }
    }

    func contains(_ hash: UInt64) -> Bool { index.ordinal(of: hash) != nil }
}

/// What the comparison stage decided on the drugs of one submission, by their local code.
struct MatchIndex: Sendable {
    let rows: TextRows
    private var index = HashIndex()

    init(_ matches: DrugMatches) {
        rows = matches.rows
        for row in 0..<rows.count {
            var hash = ByteHash()
            hash.add(rows.bytes.span.extracting(rows.range(row: row, column: 0) ?? 0..<0))
            _ = index.insert(hash.value)
        }
    }

    func find(_ code: Span<UInt8>) -> Int32 {
        var hash = ByteHash()
        hash.add(code)
        return index.ordinal(of: hash.value).map { Int32($0) } ?? JoinedRow.none
    }
}
