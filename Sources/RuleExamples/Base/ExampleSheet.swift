internal import Core

/// A table of texts: columns by their English names, and rows.
struct ExampleSheet: Sendable, Hashable {
    /// Its name in examples.
    let name: String
    /// The columns it has.
    let columns: [String]
    /// Values by column; what is absent is blank.
    var rows: [[String: String]]

    init(_ name: String, columns: [String], rows: [[String: String]] = []) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }
}

/// Everything an example can change of one institution: its five tables, and what others know of it.
struct ExampleCase: Sendable, Hashable {
    /// The five tables by name.
    var tables: [DataTable: ExampleSheet]
    /// The drug library: a row for each drug of the catalogue.
    var drugLibrary: ExampleSheet
    /// The institution library: the sender first, then another institution of the province.
    var institutionLibrary: ExampleSheet
    /// Divisions of the library.
    var divisions: ExampleSheet
    /// What the comparison found: a row for each drug of the catalogue.
    var matches: ExampleSheet
    /// What is reported on.
    var period: Period
    /// The day of the run.
    var businessDate: CalendarDay
    /// Whether the drug library is published.
    var hasDrugLibrary = true

    /// The sender's code as its folder names it.
    var sender: String { institutionLibrary.rows.first?["hospital_code"] ?? senderCode }
    /// The code the base was made with.
    let senderCode: String
}

extension ExampleCase {
    /// The sheet with a name of the example language; `nil` where there is none.
    subscript(sheet name: String) -> ExampleSheet? {
        get {
            switch name {
            case "library": return drugLibrary
            case "institution_library": return institutionLibrary
            case "divisions": return divisions
            case "match": return matches
            default: return DataTable(rawValue: name).flatMap { tables[$0] }
            }
        }
        set {
            guard let newValue else { return }
            switch name {
            case "library": drugLibrary = newValue
            case "institution_library": institutionLibrary = newValue
            case "divisions": divisions = newValue
            case "match": matches = newValue
            default: if let table = DataTable(rawValue: name) { tables[table] = newValue }
            }
        }
    }

    /// All sheets an example may change.
    static let sheetNames =
        DataTable.allCases.map(\.rawValue) + ["library", "institution_library", "divisions", "match"]
}
