public import Core

/// A comparison report for a terminal.
public enum ComparisonText {
    /// The totals, and a table of the institutions.
    public static func text(_ report: ComparisonReport, _ language: Language) -> String {
        guard !report.institutions.isEmpty else { return ComparisonLabels.nothing[language] }
        let total = report.total
        var lines: [String] = []
        func line(_ label: Phrase, _ count: Int, _ whole: Int) {
            lines.append("  \(label[language])  \(NumberText.grouped(count))  \(NumberText.percent(count, of: whole))")
        }
        func sorted(_ counts: [String: Int]) -> [(String, Int)] {
            counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        }
        lines.append(
            "\(report.period)  \(ComparisonLabels.drugs[language]) \(NumberText.grouped(total.drugs.total))  "
                + "\(ComparisonLabels.rowsCovered[language]) \(NumberText.percent(total.matchedRows, of: total.rows))  "
                + "\(ComparisonLabels.moneyCovered[language]) \(NumberText.percent(total.matchedAmount, of: total.amount))"
        )
        lines.append(ComparisonLabels.howFound[language])
        for (name, count) in sorted(total.drugs.methods) {
            line(ComparisonLabels.name(ofMethod: name), count, total.drugs.total)
        }
        lines.append(ComparisonLabels.whyNot[language])
        for (name, count) in sorted(total.drugs.reasons) {
            line(ComparisonLabels.name(ofReason: name), count, total.drugs.total)
        }
        var columns: [(header: String, alignment: TextTable.Alignment)] = [
            (ComparisonLabels.code[language], .left), (ComparisonLabels.drugs[language], .right),
            (ComparisonLabels.matched[language], .right), (ComparisonLabels.open[language], .right),
            (ComparisonLabels.rowsCovered[language], .right), (ComparisonLabels.moneyCovered[language], .right),
            (ComparisonLabels.since[language], .left),
        ]
        columns += CatalogueChange.Kind.allCases.map { (ComparisonLabels.name(of: $0)[language], .right) }
        var table = TextTable(columns)
        for entry in report.institutions {
            var cells = [
                entry.hospitalCode, NumberText.grouped(entry.drugs.total),
                NumberText.percent(entry.drugs.matched, of: entry.drugs.total), NumberText.grouped(entry.drugs.open),
                NumberText.percent(entry.matchedRows, of: entry.rows),
                NumberText.percent(entry.matchedAmount, of: entry.amount), entry.previous?.description ?? "—",
            ]
            for kind in CatalogueChange.Kind.allCases {
                cells.append(entry.previous == nil ? "—" : NumberText.grouped(entry.changes[kind] ?? 0))
            }
            table.add(cells)
        }
        return lines.joined(separator: "\n") + "\n" + table.text
    }
}
