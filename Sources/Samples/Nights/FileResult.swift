import Core

/// What a written file holds: the part of the answer key that is about it, while it grows.
struct FileResult {
    var expected: ExpectedFile
    var findings: [ExpectedFinding] = []
    /// Rows with an error or worse.
    var badRows: Set<Int> = []
    /// Total lines.
    var totalLines = 0
    /// Rows that stand in the file already (E02), where the key speaks about that.
    var repeatedRows = 0
    /// The SHA-256 of the file as it lies in its folder or package, where a manifest wants it.
    var digest = ""

    init(name: String, member: String?, table: DataTable?, format: FileFormat) {
        expected = ExpectedFile(
            name: name, member: member, table: table, encoding: format.encoding.nameAsRead,
            delimiter: format.isXML ? nil : String(format.delimiter), rowsRead: 0, rowsLoaded: 0, rowsQuarantined: 0,
            rowsSkipped: [:])
    }

    /// A finding in this file; what concerns the submission as a whole is listed there.
    mutating func expect(_ expectation: Expectation, line: Int?, row: Int?, planted: String? = nil) {
        guard expectation.place != .submission else { return }
        let isOfRow =
            switch expectation.place {
            case .row, .secondRow, .rowOf, .laterRow: true
            case .header, .file, .line, .submission: false
            }
        findings.append(
            ExpectedFinding(
                rule: expectation.rule, severity: expectation.severity, table: expected.table, file: expected.name,
                member: expected.member, line: expectation.place == .file ? nil : line, row: isOfRow ? row : nil,
                column: expectation.column, planted: planted, root: expectation.root))
        if let row, isOfRow, expectation.severity >= .error { badRows.insert(row) }
    }

    /// All rows repeat those of another file.
    mutating func becomeCopy() {
        findings.removeAll()
        badRows.removeAll()
        repeatedRows = expected.rowsRead - totalLines
    }

    /// Counts where the rows end, once the verdict is known.
    mutating func settle(isReturned: Bool) {
        expected.rowsQuarantined = badRows.count
        let rest = expected.rowsRead - badRows.count - totalLines - repeatedRows
        if totalLines > 0 { expected.rowsSkipped[SkipReason.totalLine.rawValue] = totalLines }
        if repeatedRows > 0 { expected.rowsSkipped[SkipReason.identicalRepeat.rawValue] = repeatedRows }
        if isReturned {
            if rest > 0 { expected.rowsSkipped[SkipReason.submissionReturned.rawValue] = rest }
        } else {
            expected.rowsLoaded = rest
        }
    }
}
