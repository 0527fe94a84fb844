public import Core

/// Something that can be wrong with a submission: how it is planted, and what must then be found.
///
/// `Defect.all` is the table of them. A rule that the readers or checks learn later needs one more entry there, and its
/// id in the plan's `rules`; nothing else changes.
public struct Defect: Sendable {
    /// Its name, the rule and what is special: `C16-amount`.
    public let name: String
    /// What is wrong, in both languages.
    public let about: Phrase
    /// How it is planted.
    let planting: Planting
    /// What must be found, with what rules of later stages certainly say; a key lists those of its own rules.
    let expected: [Expectation]

    /// The rule it is named after.
    public var rule: RuleID { RuleID(String(name.prefix { $0 != "-" })) }
}

/// Where and how a defect is planted.
enum Planting: Sendable {
    /// In one row of a table.
    case row(DataTable, @Sendable (RowContext) -> RowChange)
    /// In the rows of one drug that came, was issued and was used: what is wrong in one table shows in others.
    case drug([DataTable: DrugRow])
    /// In what the submission is as a whole.
    case whole(WholeChange)
    /// In the header of a table's file.
    case header(DataTable, HeaderChange)
    /// In a table's file as a whole.
    case file(DataTable, FileChange)
    /// In the package or the folder.
    case package(PackageChange)
}

/// What becomes of a drug's row in one table.
enum DrugRow: Sendable {
    /// It is not there.
    case missing
    /// It is another one.
    case changed(@Sendable (RowContext) -> RowChange)
}

/// What is wrong with a submission as a whole.
enum WholeChange: Sendable, Hashable {
    /// Most drugs stand in the catalogue only.
    case mostlyIdle
    /// All three movement tables say the same.
    case copied
    /// What need not be filled in is blank.
    case sparse
    /// The library says that the institution need not report.
    case notExpected
    /// The library says that the institution is no longer valid.
    case expired
    /// The institution has fewer drugs than its level, which its own number of drugs makes so.
    case fewDrugs
}

/// What a planted row may draw on.
struct RowContext {
    /// The table.
    let dataSet: DataSet
    /// The row as it would have been.
    let row: CellRow
    /// What the submission reports on.
    let period: Period
    /// Another institution of the library.
    let other: SampleInstitution
    /// A national code that was disabled before the period.
    let retiredYPID: String

    /// A cell of the row as it would have been.
    subscript(column: String) -> String {
        dataSet.position(of: column).map { row.string($0) } ?? ""
    }
}

/// What becomes of a planted row.
struct RowChange: Sendable {
    /// Other texts for some cells, by column.
    var cells: [String: String] = [:]
    /// Bytes that no encoding knows, at the end of a cell, by column.
    var rawTails: [String: [UInt8]] = [:]
    /// Cells that no header belongs to.
    var extraCells: [String] = []
    /// Other texts for some cells of a second row that follows; `nil` where none follows.
    var again: [String: String]?
    /// The same for more rows behind it.
    var more: [[String: String]] = []
    /// Other texts for some cells of the row once more, at the end of the table's last part.
    var later: [String: String]?

    /// One cell with another text.
    static func cell(_ column: String, _ text: String) -> RowChange { RowChange(cells: [column: text]) }
}

/// What is wrong with a file as a whole.
enum FileChange: Sendable, Hashable {
    /// It is not there.
    case missing
    /// It has a header and no rows.
    case withoutRows
    /// Its bytes are something else.
    case content([UInt8])
    /// A second file of the same table with the same bytes.
    case copy
    /// A second file of the same table, one row shorter.
    case otherVersion
    /// XML with a document type declaration.
    case documentType
    /// XML in which a row is closed by the wrong tag.
    case wrongNesting
    /// A total line that states another amount.
    case wrongTotal
}

/// What is wrong with a package or a folder.
enum PackageChange: Sendable, Hashable {
    /// A file that no table belongs to.
    case strangeFile(name: String, text: String)
    /// The manifest names another period.
    case manifestPeriod(String)
    /// The manifest says one row more for a table.
    case manifestRows(DataTable)
    /// The manifest gives another hash for a table.
    case manifestHash(DataTable)
    /// The zip ends early.
    case truncated
    /// The entries are marked as encrypted.
    case encrypted
    /// A zip lies in the zip.
    case nested
    /// An entry wants to be written outside.
    case escapingEntry
    /// An entry unpacks to more than a thousand times its size.
    case bomb
    /// More entries than are allowed.
    case manyEntries
}

/// One finding that a defect must bring.
struct Expectation: Sendable {
    /// How exactly its place is known.
    enum Place: Sendable, Hashable {
        /// The row.
        case row
        /// The drug's row in a table.
        case rowOf(DataTable)
        /// The row at the end of the last part.
        case laterRow
        /// Every further row, where a row is written again.
        case secondRow
        /// The header of the file.
        case header
        /// The file as a whole.
        case file
        /// A line that the writer of the damage knows.
        case line
        /// The submission as a whole.
        case submission
    }

    let rule: String
    let severity: Severity
    let column: String?
    let place: Place
    /// The rule of the finding that it follows from.
    let root: String?
    /// Whether it is to be expected of a row.
    let applies: @Sendable (RowContext) -> Bool

    init(
        _ rule: String, _ severity: Severity, _ column: String? = nil, at place: Place = .row, root: String? = nil,
        where applies: @escaping @Sendable (RowContext) -> Bool = { _ in true }
    ) {
        self.root = root
        self.applies = applies
        self.rule = rule
        self.severity = severity
        self.column = column
        self.place = place
    }
}
