import Core

extension Defect {
    /// Everything that can be planted.
    public static let all: [Defect] =
        packageDefects + fileDefects + byteDefects + identificationDefects + requiredDefects + textDefects
        + numberDefects + laterDefects

    /// The defect with a name.
    public static func named(_ name: String) -> Defect? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The rules that a night's key speaks about unless it is told otherwise: package, file, required cells, the type,
    /// format, length and range of cells, and what a row says against its libraries, its catalogue and itself.
    public static let readingRules: [String] = [
        "A01", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11", "A12", "A13", "A14", "A15", "A16", "A19",
        "A20", "A21", "A22", "A23", "A25", "B01", "B03", "B04", "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08",
        "C12", "C13", "C15", "C16", "C17", "C18", "C19", "C20", "C22", "C23", "C24", "C25", "C26", "C27", "C28", "C29",
        "C30", "C33", "C34", "D01", "D02", "D05", "D06", "D07", "D08", "D09", "D10", "D11", "D12", "D13", "D14", "D15",
        "F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F10", "F11", "G01", "G02", "G03",
    ]

    /// The defects that are planted at random where a plan asks for a share of bad rows: one row, no other damage.
    static func randomDefects(in table: DataTable, rules: Set<String>, format: FileFormat) -> [Defect] {
        all.filter { defect in
            guard case .row(table, _) = defect.planting, rules.contains(defect.rule.rawValue) else { return false }
            // A share of undecodable rows would return the file, a row of another institution the submission.
            // XML has no columns to count.
            return !["A15", "A20"].contains(defect.rule.rawValue) && !(format.isXML && defect.rule == "A16")
        }
    }

    /// A defect of one cell that a fixed text replaces.
    static func cell(
        _ name: String, _ table: DataTable, _ column: String, _ text: String, _ severity: Severity,
        also: [Expectation] = [], _ about: Phrase
    ) -> Defect {
        cell(name, table, column, severity, also: also, about) { _ in text }
    }

    /// A defect of one cell that gets another text.
    static func cell(
        _ name: String, _ table: DataTable, _ column: String, _ severity: Severity, also: [Expectation] = [],
        _ about: Phrase, _ text: @escaping @Sendable (RowContext) -> String
    ) -> Defect {
        let rule = String(name.prefix { $0 != "-" })
        return Defect(
            name: name, about: about, planting: .row(table) { .cell(column, text($0)) },
            expected: [Expectation(rule, severity, column)] + also)
    }
}
