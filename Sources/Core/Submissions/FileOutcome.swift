/// Why a row was skipped and not quarantined.
public enum SkipReason: String, Sendable, Codable, CaseIterable {
    /// The same row stands earlier in the table (E02).
    case identicalRepeat = "identical_repeat"
    /// A total line (合计): not data.
    case totalLine = "total_line"
    /// The submission was returned; the row itself had no error.
    case submissionReturned = "submission_returned"
}

/// Which column of a file was read as which column of the table.
public struct HeaderMapping: Sendable, Hashable, Codable {
    /// The header as it came.
    public let header: String
    /// The English name of the column; `nil` where it was ignored.
    public let column: String?

    /// One header.
    public init(header: String, column: String?) {
        self.header = header
        self.column = column
    }
}

/// One data file of a submission (a loose file or a member of a package) and what became of its rows.
public struct FileOutcome: Sendable, Hashable, Codable {
    /// The name of the loose file or the package.
    public var name: String
    /// The name inside the package; `nil` for a loose file.
    public var member: String?
    /// The table it holds; `nil` where that could not be told.
    public var table: DataTable?
    /// `UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE`; `nil` where nothing could be read.
    public var encoding: String?
    /// The delimiter of delimited text, as one character; `nil` for XML.
    public var delimiter: String?
    /// The SHA-256 of the file as it lies in its folder or package (for `.gz` the packed file).
    public var sha256: String
    /// Its size in bytes, as hashed.
    public var size: Int
    /// The header as it was understood.
    public var headers: [HeaderMapping] = []
    /// Data rows in the file, total lines included.
    public var rowsRead = 0
    /// Rows in the fact tables.
    public var rowsLoaded = 0
    /// Rows kept aside with their findings.
    public var rowsQuarantined = 0
    /// Rows skipped, by reason (raw values of `SkipReason`).
    public var rowsSkipped: [String: Int] = [:]
    /// Findings in this file by severity (raw values of `Severity`).
    public var findings: [String: Int] = [:]
    /// How many cells of a column had to be put right, by column and kind: `amount` → `thousands` → 12.
    public var normalised: [String: [String: Int]] = [:]

    /// A file of which nothing has been read yet.
    public init(name: String, member: String?, table: DataTable?, sha256: String, size: Int) {
        self.name = name
        self.member = member
        self.table = table
        self.sha256 = sha256
        self.size = size
    }

    /// All skipped rows.
    public var rowsSkippedTotal: Int { rowsSkipped.values.reduce(0, +) }

    /// Whether every row read ended in one place.
    public var isBalanced: Bool { rowsRead == rowsLoaded + rowsQuarantined + rowsSkippedTotal }
}
