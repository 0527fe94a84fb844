public import Core

/// The complete list of findings of a submission for a spreadsheet: UTF-8 with byte order mark, comma, CRLF, RFC 4180,
/// cells that a spreadsheet would run neutralised (`FormulaGuard`), cells of personal columns masked, invisible and
/// direction-changing characters written out (`VisibleText`); the receipt for machines has them as they came.
///
/// It is made row by row: write `header`, then what `row(for:)` gives for each finding.
public struct FindingsCSV: Sendable {
    private let files: [FileOutcome]
    private let rules: RuleTexts
    /// The two cells of each file.
    private let fileCells: [[UInt8]]

    /// A list about these files.
    public init(files: [FileOutcome], rules: RuleTexts) {
        self.files = files
        self.rules = rules
        fileCells = files.map { FormulaGuard.cells([$0.name, $0.member ?? ""]) }
    }

    static let columns = [
        "序号", "规则", "轻重", "severity", "表", "table_name", "文件", "压缩包内文件", "行号", "第几条", "列", "column_name", "填的值", "应为",
        "规则名称", "说明", "怎么改", "message_en", "字节位置", "阶段", "fingerprint",
    ]

    /// The byte order mark and the header.
    public var header: [UInt8] {
        Array("\u{FEFF}".utf8) + FindingsCSV.line(FindingsCSV.columns)
    }

    /// One finding as one record, with its ordinal in the list.
    public func row(for finding: Finding, number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(768)
        append(finding, number: number, to: &bytes)
        return bytes
    }

    /// The same behind other records.
    public func append(_ finding: Finding, number: Int, to bytes: inout [UInt8]) {
        FindingsCSV.append(number, to: &bytes)
        append(cellsFor: finding, to: &bytes)
    }

    /// The same of a finding whose cells are there: what `append(cellsFor:to:)` gave.
    public func append(number: Int, cells: [UInt8], to bytes: inout [UInt8]) {
        FindingsCSV.append(number, to: &bytes)
        bytes += cells
    }

    /// The cells of a finding behind its ordinal, each with the comma before it, and the record's end.
    ///
    /// Most of them are the same in many records, and stand ready.
    public func append(cellsFor finding: Finding, to bytes: inout [UInt8]) {
        let shown = ShownFinding(finding, files: files)
        let words = rules.words(of: finding.rule)
        let place = finding.place
        let comma = UInt8(ascii: ",")
        bytes.append(comma)
        bytes.append(contentsOf: words.name)
        bytes.append(comma)
        bytes.append(contentsOf: FindingsCSV.severityCells[finding.severity.rank])
        bytes.append(comma)
        bytes.append(contentsOf: place.table.map { FindingsCSV.tableCells[$0.number] } ?? [comma])
        bytes.append(comma)
        bytes.append(contentsOf: shown.file.map { fileCells[$0] } ?? [comma])
        bytes.append(comma)
        if let line = place.line { FindingsCSV.append(line, to: &bytes) }
        bytes.append(comma)
        if let row = place.row { FindingsCSV.append(row, to: &bytes) }
        bytes.append(comma)
        if let (table, position) = shown.columnPlace {
            bytes.append(contentsOf: FindingsCSV.columnCells[table.number][position])
        } else {
            bytes.append(contentsOf: FormulaGuard.cells([shown.columnHeader ?? "", place.column ?? ""]))
        }
        bytes.append(comma)
        if let value = shown.value(.chinese) { FormulaGuard.append(visible: value, to: &bytes) }
        bytes.append(comma)
        if let expected = shown.expected { FormulaGuard.append(visible: expected, to: &bytes) }
        bytes.append(comma)
        bytes.append(contentsOf: words.titleCell)
        bytes.append(comma)
        var start = bytes.count
        words.chinese.fill(&bytes) { RuleTexts.value(of: $0, in: shown, .chinese) }
        FormulaGuard.close(visibleFrom: start, in: &bytes)
        bytes.append(comma)
        bytes.append(contentsOf: words.remedyCell)
        bytes.append(comma)
        start = bytes.count
        words.english.fill(&bytes) { RuleTexts.value(of: $0, in: shown, .english) }
        FormulaGuard.close(visibleFrom: start, in: &bytes)
        bytes.append(comma)
        if let offset = place.byteOffset { FindingsCSV.append(offset, to: &bytes) }
        bytes.append(comma)
        bytes.append(contentsOf: finding.stage.rawValue.utf8)
        bytes.append(comma)
        FindingsCSV.append(hex: finding.fingerprint.high, to: &bytes)
        FindingsCSV.append(hex: finding.fingerprint.low, to: &bytes)
        bytes.append(13)
        bytes.append(10)
    }

    // MARK: Cells that repeat

    private static let severityCells = Severity.allCases.map {
        FormulaGuard.cells([Labels.name(of: $0)[.chinese], $0.rawValue])
    }

    /// By the number of the table.
    private static let tableCells = [[]] + DataTable.allCases.map { FormulaGuard.cells([$0.chineseName, $0.rawValue]) }

    /// By the number of the table and the position of the column.
    private static let columnCells =
        [[]] + DataSet.all.map { set in set.columns.map { FormulaGuard.cells([$0.header, $0.name]) } }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        guard number >= 10 else {
            // A negative number would begin like a formula.
            if number >= 0 {
                bytes.append(0x30 + UInt8(truncatingIfNeeded: number))
            } else {
                FormulaGuard.append(visible: String(number), to: &bytes)
            }
            return
        }
        var rest = number
        let start = bytes.count
        while rest > 0 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    private static func append(hex value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
            bytes.append(digit + (digit < 10 ? 0x30 : 0x57))
        }
    }

    static func line(_ cells: [String]) -> [UInt8] { FormulaGuard.cells(cells) + [13, 10] }
}
