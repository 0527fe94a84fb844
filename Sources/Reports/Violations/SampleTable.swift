import Core

/// Some findings of one rule as a table: where, what was there, what should be, and the sentence.
enum SampleTable {
    /// Longer cells are in the list beside the page.
    private static let valueLimit = 60

    static func html(
        _ findings: [Finding], of total: Int, files: [FileOutcome], rules: RuleTexts, parts: PageParts
    ) -> HTML {
        guard !findings.isEmpty else { return .empty }
        let shown = findings.map { ShownFinding($0, files: files) }
        // Columns in which no finding of this rule has anything would only take room.
        let hasRow = shown.contains { $0.finding.place.row != nil }
        let hasColumn = shown.contains { $0.columnHeader != nil }
        let hasValue = shown.contains { $0.finding.observation.value != nil }
        let hasExpected = shown.contains { $0.expected != nil }
        let dash: HTML = "<span class=\"soft\">—</span>"
        var columns: [PageParts.Column] = [.cell(parts(Phrases.file))]
        if hasRow { columns += [.number(parts(Phrases.line)), .number(parts(Phrases.row))] }
        if hasColumn { columns.append(.cell(parts(Phrases.column))) }
        if hasValue { columns.append(.cell(parts(Phrases.value))) }
        if hasExpected { columns.append(.cell(parts(Phrases.expected))) }
        columns.append(.wide(parts(Phrases.message)))
        let rows = shown.map { shown -> [HTML] in
            let place = shown.finding.place
            var cells: [HTML] = [
                "<code>\(shown.path.map { VisibleText.cut($0, limit: 120) } ?? parts(Phrases.wholeSubmission))</code>"
            ]
            if hasRow { cells += [place.line.map { "\($0)" } ?? dash, place.row.map { "\($0)" } ?? dash] }
            if hasColumn { cells.append(shown.columnHeader.map { parts.native($0) } ?? dash) }
            if hasValue {
                cells.append(parts.raw(shown.value(parts.language).map { VisibleText.cut($0, limit: valueLimit) }))
            }
            if hasExpected {
                cells.append(shown.expected.map { parts.raw(VisibleText.cut($0, limit: valueLimit)) } ?? dash)
            }
            cells.append("\(rules.message(shown, parts.language))")
            return cells
        }
        let caption = parts(
            Phrases.sampledRows, ["n": NumberText.grouped(findings.count), "total": NumberText.grouped(total)])
        return parts.table(caption, columns, rows)
    }
}
