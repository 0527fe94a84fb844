/// Entries of the published drug library, as rules before the load look at them.
public struct DrugEntries: Sendable, Hashable {
    /// The columns, in the order of the cells; the code first.
    public static let columns = [
        "ypid", "approval_number", "generic_name", "product_name", "manufacturer", "holder", "category", "dosage_form",
        "strength", "dosage_unit", "pack_unit", "conversion_factor", "is_essential", "is_central_procurement",
        "is_consistency_evaluated", "status", "valid_from", "valid_to", "successor_ypid",
    ]

    /// The cells: numbers with a point, days `2025-01-31`, yes and no `1` and `0`.
    public private(set) var rows = TextRows(columnCount: DrugEntries.columns.count)

    /// No entries.
    public init() {}

    /// No entries yet; so many at most will come.
    public init(expecting count: Int) { rows.reserve(rows: count) }

    /// Adds an entry, its cells in the order of the columns; one without a code is left out.
    public mutating func append(cells: [String?]) {
        guard let ypid = cells.first ?? nil, !ypid.isEmpty else { return }
        rows.append(cells)
    }

    /// Adds the next cell of the entry at hand, the code first; without bytes there is nothing in it.
    public mutating func append(cell: Span<UInt8>) { rows.append(cell) }

    /// Ends the entry at hand.
    public mutating func endEntry() { rows.endRow() }

    /// Adds an entry of others.
    public mutating func append(row: Int, of others: DrugEntries) { rows.append(row: row, of: others.rows) }

    /// Adds an entry by the names of its columns; one without a code is left out.
    public mutating func append(_ values: [String: String]) {
        guard let ypid = values["ypid"], !ypid.isEmpty else { return }
        rows.append(DrugEntries.columns.map { values[$0] })
    }
}

/// What the comparison stage decided on the drugs of one submission.
public struct DrugMatches: Sendable, Hashable {
    /// The cells: local code, state, code decided on, method, score from 0 to 1.
    public private(set) var rows = TextRows(columnCount: 5)

    /// Nothing decided.
    public init() {}

    /// Nothing decided yet; so many drugs will come.
    public init(expecting count: Int) { rows.reserve(rows: count) }

    /// Adds what was decided on a drug.
    /// - Parameter score: 0 … 10 000.
    public mutating func append(code: String, state: String, ypid: String?, method: String?, score: Int?) {
        rows.append([code, state, ypid, method, score.map { FixedPoint.text(Int64($0), decimals: 4) }])
    }

    /// Adds the next of the first four cells of the drug at hand; without bytes there is nothing in it.
    public mutating func append(cell: Span<UInt8>) { rows.append(cell) }

    /// Ends the drug at hand.
    public mutating func endDrug(score: Int?) {
        rows.append(score.map { FixedPoint.text(Int64($0), decimals: 4) })
        rows.endRow()
    }
}

/// What the rules before the load need of drug library and comparison, for some submissions.
public struct DrugReferences: Sendable {
    /// The version of the library; `nil` where none is published.
    public var libraryVersion: String?
    /// The entries that the submissions name or were matched to, or all there are.
    public var entries = DrugEntries()
    /// The codes of the library that `entries` does not have, one in each row; `nil` where they were not read.
    public var otherCodes: TextRows?
    /// What was decided, by submission; a submission that was not compared is missing.
    public var matches: [SubmissionID: DrugMatches] = [:]

    /// Nothing known.
    public init() {}
}
