public import Core

/// The complete list of findings of a submission for a spreadsheet: UTF-8 with byte order mark, comma, CRLF, RFC 4180,
/// cells that a spreadsheet would run neutralised (`FormulaGuard`), cells of personal columns masked, invisible and
/// direction-changing characters written out (`VisibleText`); the receipt for machines has them as they came.
///
/// It is made row by row: write `header`, then what `row(for:)` gives for each finding.
public struct FindingsCSV: Sendable {
    private let files: [FileOutcome]
    private let rules: RuleTexts

    /// A list about these files.
    public init(files: [FileOutcome], rules: RuleTexts) {
        self.files = files
        self.rules = rules
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
        FindingsCSV.line([String(number)] + cells(for: finding))
    }

    /// The cells of a finding behind its ordinal.
    func cells(for finding: Finding) -> [String] {
        let shown = ShownFinding(finding, files: files)
        let place = finding.place
        return [
            finding.rule.rawValue, Labels.name(of: finding.severity)[.chinese],
            finding.severity.rawValue,
            place.table?.chineseName ?? "", place.table?.rawValue ?? "", shown.fileName ?? "", shown.member ?? "",
            place.line.map(String.init) ?? "", place.row.map(String.init) ?? "", shown.columnHeader ?? "",
            shown.columnName ?? place.column ?? "", shown.value(.chinese) ?? "", shown.expected ?? "",
            rules.title(finding.rule, .chinese), rules.message(shown, .chinese),
            rules.remedy(finding.rule, .chinese), rules.message(shown, .english),
            place.byteOffset.map(String.init) ?? "", finding.stage.rawValue, finding.fingerprint.description,
        ]
    }

    static func line(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(768)
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            FormulaGuard.append(visible: cell, to: &bytes)
        }
        bytes.append(13)
        bytes.append(10)
        return bytes
    }
}
