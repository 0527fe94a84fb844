/// What a reader or a check saw that a rule speaks of, before the rule book says how much it weighs.
///
/// Readers and checks make observations; the rule book turns each into a `Finding`.
public struct Observation: Sendable, Hashable {
    /// The rule that speaks of it.
    public var rule: RuleID
    /// Where it was seen. File and table are filled in by whoever knows them.
    public var place: Place
    /// The cell as it came, cut to a length fit for showing. Never a whole file.
    public var value: String?
    /// What a right value looks like, in a notation that needs no translation: `yyyyMMdd`, `≤ 50`, `1 | 2`.
    public var expected: String?
    /// Other values that the rule's message names, `count`, `limit`, `other_file`.
    public var details: [String: String]
    /// The weight, where the rule has two and the observer knows which; `nil` for the rule's own.
    public var severity: Severity?

    /// An observation.
    public init(
        _ rule: RuleID, at place: Place = Place(), value: String? = nil, expected: String? = nil,
        details: [String: String] = [:], severity: Severity? = nil
    ) {
        self.rule = rule
        self.place = place
        self.value = value
        self.expected = expected
        self.details = details
        self.severity = severity
    }
}

/// Where in a submission something stands. What is not known or has no meaning is `nil`.
public struct Place: Sendable, Hashable {
    /// The table.
    public var table: DataTable?
    /// The position of the file in the submission's list of files.
    public var file: Int?
    /// The physical line, from 1; in XML the line of the row's start tag.
    public var line: Int?
    /// The ordinal of the data row in its file, from 1.
    public var row: Int?
    /// The English name of the column, or the header as it came where no column is known.
    public var column: String?
    /// The offset of the first byte spoken of, from the start of the file's (unpacked) bytes.
    public var byteOffset: Int?

    /// A place.
    public init(
        table: DataTable? = nil, file: Int? = nil, line: Int? = nil, row: Int? = nil, column: String? = nil,
        byteOffset: Int? = nil
    ) {
        self.table = table
        self.file = file
        self.line = line
        self.row = row
        self.column = column
        self.byteOffset = byteOffset
    }
}
