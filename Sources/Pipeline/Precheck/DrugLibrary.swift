public import Core
internal import Rules

/// The drug library as the rules before the load look codes up in it: the entries that are needed, and all codes. Made once
/// for a group of submissions, or from a whole library file.
public struct DrugLibrary: Sendable {
    let entries: TextRows
    private let index: TextIndex
    private let codes: DrugCodes?

    /// A library.
    /// - Parameter codes: all codes there are, or all others, where `entries` holds only some of them.
    public init(_ entries: DrugEntries, codes: DrugCodes? = nil) {
        self.entries = entries.rows
        self.codes = codes
        index = TextIndex(self.entries)
    }

    /// The row of a code in `entries`, or why there is none.
    /// - Parameter last: the row before the one that it may well be, below 0 for none.
    func find(_ code: Span<UInt8>, after last: Int32) -> Int32 {
        if entries.follows(last, code) { return last + 1 }
        if let row = index.row(of: code, in: entries) { return Int32(row) }
        guard let codes else { return JoinedRow.none }
        return codes.contains(code) ? JoinedRow.unknown : JoinedRow.none
    }
}

/// Codes of the published library.
public struct DrugCodes: Sendable {
    private let rows: TextRows
    private let index: TextIndex

    /// Codes, one in each row.
    public init(_ rows: TextRows) {
        self.rows = rows
        index = TextIndex(rows)
    }

    func contains(_ code: Span<UInt8>) -> Bool { index.row(of: code, in: rows) != nil }
}

/// What the comparison stage decided on the drugs of one submission, by their local code.
struct MatchIndex: Sendable {
    let rows: TextRows
    private let index: TextIndex

    init(_ matches: DrugMatches) {
        rows = matches.rows
        index = TextIndex(rows)
    }

    /// - Parameter last: the row before the one that it may well be, below 0 for none.
    func find(_ code: Span<UInt8>, after last: Int32) -> Int32 {
        if rows.follows(last, code) { return last + 1 }
        return index.row(of: code, in: rows).map { Int32($0) } ?? JoinedRow.none
    }
}

extension TextRows {
    /// Whether the row behind one begins with a text.
    fileprivate func follows(_ row: Int32, _ text: Span<UInt8>) -> Bool {
        guard row >= 0, Int(row) + 1 < count, let range = range(row: Int(row) + 1, column: 0) else { return false }
        return ByteWords.areEqual(bytes.span.extracting(range), text)
    }
}
