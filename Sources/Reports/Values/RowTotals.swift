public import Core

/// Where rows ended, of one file or of many.
public struct RowTotals: Sendable, Hashable {
    /// Data rows in the files, total lines included.
    public private(set) var read = 0
    /// Rows in the fact tables.
    public private(set) var loaded = 0
    /// Rows kept aside with their findings.
    public private(set) var quarantined = 0
    /// Rows skipped, by reason (raw values of `SkipReason`).
    public private(set) var skipped: [String: Int] = [:]

    /// No rows.
    public init() {}

    /// The rows of some files.
    public init(_ files: some Sequence<FileOutcome>) {
        for file in files {
            read += file.rowsRead
            loaded += file.rowsLoaded
            quarantined += file.rowsQuarantined
            skipped.merge(file.rowsSkipped, uniquingKeysWith: +)
        }
    }

    /// All skipped rows.
    public var skippedTotal: Int { skipped.values.reduce(0, +) }

    /// Whether every row read ended in one place.
    public var isBalanced: Bool { read == loaded + quarantined + skippedTotal }
}
