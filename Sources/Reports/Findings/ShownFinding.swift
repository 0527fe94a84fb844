import Core

/// A finding as reports show it: file, table and column by name, cells of personal columns masked.
struct ShownFinding {
    /// Longer cells are cut: a report is no place for a field of a megabyte.
    static let valueLimit = 200

    let finding: Finding
    private let files: [FileOutcome]
    /// The position of its file; `nil` where the finding is about the submission as a whole.
    let file: Int?
    /// The table of the column, and where the column stands in it, where it is known.
    let columnPlace: (table: DataTable, position: Int)?
    private let column: Column?
    /// Whether the cell is about a person.
    let isPersonal: Bool

    init(_ finding: Finding, files: [FileOutcome]) {
        self.finding = finding
        self.files = files
        let place = finding.place
        file = place.file.flatMap { files.indices.contains($0) ? $0 : nil }
        let table = place.table ?? file.flatMap { files[$0].table }
        if let name = place.column, let table {
            let set = DataSet.of(table)
            let position = set.position(of: name)
            columnPlace = position.map { (table, $0) }
            column = position.map { set.columns[$0] }
        } else {
            columnPlace = nil
            column = nil
        }
        // A row of the institution table seen as a whole carries the names of people too.
        let isWholeInstitutionRow = table == .institution && place.column == nil && place.row != nil
        isPersonal = column?.isPersonal ?? isWholeInstitutionRow
    }

    /// The name of the loose file or the package; `nil` where the finding is about the submission as a whole.
    var fileName: String? { file.map { files[$0].name } }
    /// The name inside the package.
    var member: String? { file.flatMap { files[$0].member } }

    /// `package.zip › member.csv`, or the loose file's name; where all files come from one package, the member alone.
    var path: String? {
        file.map { files[$0].label(among: files) } ?? ShownFinding.refusedPath(finding.observation.details)
    }

    /// The Chinese header, or the header as it came where the column is not known.
    var columnHeader: String? { column?.header ?? finding.place.column.map { VisibleText.cut($0, limit: 60) } }

    /// The English name; `nil` where the column is not known.
    var columnName: String? { column?.name }

    /// A member of a package that was refused stands in no list of files; the finding names it.
    private static func refusedPath(_ details: [String: String]) -> String? {
        guard let file = details["file"] else { return nil }
        return details["member"].map { "\(file)!\($0)" } ?? file
    }

    /// The column as people call it.
    func columnLabel(_ language: Language) -> String? {
        switch language {
        case .chinese: columnHeader
        case .english: columnName ?? columnHeader
        }
    }

    /// The cell, cut; masked where it is about a person; `nil` where there is none.
    func value(_ language: Language) -> String? {
        guard let value = finding.observation.value else { return nil }
        return isPersonal ? Phrases.masked[language] : VisibleText.cut(value, limit: ShownFinding.valueLimit)
    }

    /// What a right value looks like.
    var expected: String? {
        finding.observation.expected.map { VisibleText.cut($0, limit: ShownFinding.valueLimit) }
    }
}

extension FileOutcome {
    /// The file as people call it: the member alone where all files come from one package.
    func label(among files: [FileOutcome]) -> String {
        guard let member else { return name }
        // The first and the last tell: a submission comes either as loose files or as packages, one after another.
        let isOnlyPackage = files.first?.name == name && files.last?.name == name
        return isOnlyPackage ? member : "\(name) › \(member)"
    }
}
