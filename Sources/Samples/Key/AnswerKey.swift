public import Core

/// What a reader must find in a sample night: every finding with its place, and where every row ends.
///
/// The key speaks only about the rules in `rules`, and about those it is complete: whoever compares keeps the findings
/// of these rules and expects exactly the listed ones. Findings of other rules are neither asked for nor forbidden.
public struct AnswerKey: Sendable, Hashable, Codable {
    /// The shape of the key; 1.
    public var format = 1
    /// The seed of the night.
    public var seed: UInt64
    /// The period that was reported on.
    public var period: String
    /// The rules that the key speaks about, sorted.
    public var rules: [String]
    /// What becomes of everything in the inbox, in the order in which it is to be taken.
    public var intake: [ExpectedIntake]
    /// Every submission that is taken, in the same order.
    public var submissions: [ExpectedSubmission]

    /// A key without entries.
    public init(seed: UInt64, period: String, rules: [String]) {
        self.seed = seed
        self.period = period
        self.rules = rules
        intake = []
        submissions = []
    }
}

/// What becomes of one thing in the inbox.
public struct ExpectedIntake: Sendable, Hashable, Codable {
    /// Its path below the inbox.
    public var source: String
    /// `taken`, `not_ready` or `refused`.
    public var outcome: IntakeSighting.Outcome
    /// Why it is there, in Chinese.
    public var about: String
    /// The same in English.
    public var aboutInEnglish: String

    enum CodingKeys: String, CodingKey {
        case source, outcome, about
        case aboutInEnglish = "about_en"
    }
}

/// What a submission must come to.
public struct ExpectedSubmission: Sendable, Hashable, Codable {
    /// Its path below the inbox.
    public var source: String
    /// The sender.
    public var hospitalCode: String
    /// What it reports on.
    public var period: String
    /// 1 for the first of its institution and period.
    public var version: Int
    /// What becomes of it.
    public var verdict: Verdict
    /// Its data files in the order in which they were written.
    public var files: [ExpectedFile]
    /// Every finding of the key's rules, sorted by file, row, column and rule.
    public var findings: [ExpectedFinding]

    enum CodingKeys: String, CodingKey {
        case source
        case hospitalCode = "hospital_code"
        case period, version, verdict, files, findings
    }
}

/// What must be read from a file, and where its rows end.
public struct ExpectedFile: Sendable, Hashable, Codable {
    /// The loose file or the package, relative to the submission's folder.
    public var name: String
    /// The member of the package; `nil` for a loose file.
    public var member: String?
    /// Its table; `nil` where it has none.
    public var table: DataTable?
    /// As the reader names it; `nil` where nothing is read.
    public var encoding: String?
    /// One character; `nil` for XML.
    public var delimiter: String?
    /// Data rows, total lines included.
    public var rowsRead: Int
    /// Rows in the fact tables.
    public var rowsLoaded: Int
    /// Rows kept aside.
    public var rowsQuarantined: Int
    /// Rows skipped, by reason.
    public var rowsSkipped: [String: Int]

    enum CodingKeys: String, CodingKey {
        case name, member, table, encoding, delimiter
        case rowsRead = "rows_read"
        case rowsLoaded = "rows_loaded"
        case rowsQuarantined = "rows_quarantined"
        case rowsSkipped = "rows_skipped"
    }
}

/// One finding that must be made.
public struct ExpectedFinding: Sendable, Hashable, Codable {
    /// The rule.
    public var rule: String
    /// How much it weighs.
    public var severity: Severity
    /// The table.
    public var table: DataTable?
    /// The loose file or the package; `nil` for what concerns the submission as a whole.
    public var file: String?
    /// The member of the package.
    public var member: String?
    /// The physical line; in XML that of the row's start tag; for a header finding that of the header.
    public var line: Int?
    /// The ordinal of the data row in its file.
    public var row: Int?
    /// The English name of the column, or the header as it came where no column is known.
    public var column: String?
    /// The planted text, where the finding is about one cell. It helps a person find it and is not compared.
    public var planted: String?
    /// The rule of the finding that this one follows from; `nil` where it stands for itself.
    public var root: String?

    enum CodingKeys: String, CodingKey {
        case rule, severity, table, file, member, line
        case row = "row_number"
        case column, planted, root
    }

    /// A finding.
    public init(
        rule: String, severity: Severity, table: DataTable? = nil, file: String? = nil, member: String? = nil,
        line: Int? = nil, row: Int? = nil, column: String? = nil, planted: String? = nil, root: String? = nil
    ) {
        self.root = root
        self.rule = rule
        self.severity = severity
        self.table = table
        self.file = file
        self.member = member
        self.line = line
        self.row = row
        self.column = column
        self.planted = planted
    }
}
