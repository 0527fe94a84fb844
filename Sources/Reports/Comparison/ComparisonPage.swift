public import Core

/// The page about the comparison of a period: how many drugs have a code and how it was found, why the others have none,
/// what share of rows and money that is, and what changed in the catalogues.
public struct ComparisonPage: Sendable {
    let report: ComparisonReport
    let index: String?

    /// A page.
    /// - Parameter index: where the page of all runs lies, relative to this one.
    public init(_ report: ComparisonReport, index: String? = nil) {
        self.report = report
        self.index = index
    }

    /// The page, UTF-8.
    public func html(_ language: Language) -> [UInt8] {
        let parts = PageParts(language: language)
        let period = parts(Labels.name(of: report.period))
        let title = parts(ComparisonLabels.title, ["period": period])
        let library =
            report.libraryVersion.map { parts(ComparisonLabels.library, ["version": $0]) }
            ?? parts(ComparisonLabels.noLibrary)
        let back: HTML =
            index.map { " · <a href=\"\(HTML.address($0))\">\(parts(Phrases.indexTitle))</a>" } ?? .empty
        let total = report.total
        let content: [HTML] =
            report.institutions.isEmpty
            ? ["<p class=\"note\">\(parts(ComparisonLabels.nothing))</p>"]
            : [tiles(total, parts), methods(total, parts), reasons(total, parts), changes(total, parts), list(parts)]
        return Page(
            language: language, title: title, kicker: parts(ComparisonLabels.kicker), heading: "\(title)",
            subtitle: "\(library)\(back)", content: HTML(lines: content),
            footer: "<p>\(parts(Phrases.provinceFooter))</p>"
        ).bytes
    }

    private func share(_ part: Int, _ whole: Int) -> HTML { "\(NumberText.percent(part, of: whole))" }

    private func tiles(_ total: ComparisonReport.Institution, _ parts: PageParts) -> HTML {
        let drugs = total.drugs
        let isGood = drugs.matched * 100 >= drugs.total * 90
        return parts.tiles([
            (parts(ComparisonLabels.institutions), parts.number(report.institutions.count), .quiet),
            (parts(ComparisonLabels.drugs), parts.number(drugs.total), .quiet),
            (parts(ComparisonLabels.matched), share(drugs.matched, drugs.total), isGood ? .good : .caution),
            (parts(ComparisonLabels.open), parts.number(drugs.open), drugs.open == 0 ? .good : .caution),
            (parts(ComparisonLabels.rowsCovered), share(total.matchedRows, total.rows), .accent),
            (parts(ComparisonLabels.moneyCovered), share(total.matchedAmount, total.amount), .accent),
        ])
    }

    private func section(_ id: String, _ heading: Phrase, _ content: HTML, _ parts: PageParts) -> HTML {
        """
        <section aria-labelledby="\(id)">
        <h2 id="\(id)">\(parts(heading))</h2>
        \(content)
        </section>
        """
    }

    /// Counts by name, the most first.
    private func sorted(_ counts: [String: Int]) -> [(name: String, count: Int)] {
        counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    private func methods(_ total: ComparisonReport.Institution, _ parts: PageParts) -> HTML {
        let drugs = total.drugs
        var rows = sorted(drugs.methods).map { name, count -> [HTML] in
            ["\(parts(ComparisonLabels.name(ofMethod: name)))", parts.number(count), share(count, drugs.total)]
        }
        rows.append([
            "\(parts(ComparisonLabels.matched))", parts.number(drugs.matched), share(drugs.matched, drugs.total),
        ])
        let columns: [PageParts.Column] = [
            .text(parts(ComparisonLabels.method)), .number(parts(ComparisonLabels.drugs)),
            .number(parts(ComparisonLabels.share)),
        ]
        let score = drugs.meanScore.map { FixedPoint.text(Int64($0), decimals: 2) } ?? "—"
        return section(
            "methods", ComparisonLabels.howFound,
            HTML(lines: [
                parts.table(
                    parts(ComparisonLabels.drugsCaption, ["n": NumberText.grouped(drugs.matched)]), columns, rows),
                "<p class=\"note\">\(parts(ComparisonLabels.byPeople)): \(parts.number(drugs.byPeople)) · \(parts(ComparisonLabels.meanScore)): \(score)</p>",
            ]), parts)
    }

    private func reasons(_ total: ComparisonReport.Institution, _ parts: PageParts) -> HTML {
        let drugs = total.drugs
        guard !drugs.reasons.isEmpty else { return .empty }
        let rows = sorted(drugs.reasons).map { name, count -> [HTML] in
            [
                "\(parts(ComparisonLabels.name(ofReason: name)))", parts.number(count), share(count, drugs.total),
                "\(parts(ComparisonLabels.advice(forReason: name)))",
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(ComparisonLabels.reason)), .number(parts(ComparisonLabels.drugs)),
            .number(parts(ComparisonLabels.share)), .text(parts(ComparisonLabels.advice)),
        ]
        return section(
            "reasons", ComparisonLabels.whyNot,
            parts.table(
                parts(ComparisonLabels.drugsCaption, ["n": NumberText.grouped(drugs.total - drugs.matched)]), columns,
                rows), parts)
    }

    private func changes(_ total: ComparisonReport.Institution, _ parts: PageParts) -> HTML {
        guard report.institutions.contains(where: { $0.previous != nil }) else { return .empty }
        let facts = CatalogueChange.Kind.allCases.map { kind -> (String, HTML) in
            (parts(ComparisonLabels.name(of: kind)), parts.number(total.changes[kind] ?? 0))
        }
        return section(
            "changes", ComparisonLabels.changes,
            HTML(lines: [
                parts.facts(facts), "<p class=\"note\">\(parts(ComparisonLabels.changesNote))</p>",
            ]), parts)
    }

    private func list(_ parts: PageParts) -> HTML {
        // Where nobody reported the period before, there is nothing to say about changes.
        let hasChanges = report.institutions.contains { $0.previous != nil }
        let rows = report.institutions.map { entry -> [HTML] in
            let drugs = entry.drugs
            let code: HTML = "<code>\(entry.hospitalCode)</code>"
            var cells: [HTML] = [
                entry.name.map { parts.native($0) + "<span class=\"english\">\(code)</span>" } ?? code,
                parts.number(drugs.total), share(drugs.matched, drugs.total), parts.number(drugs.open),
                share(entry.matchedRows, entry.rows), share(entry.matchedAmount, entry.amount),
            ]
            guard hasChanges else { return cells }
            cells.append("\(entry.previous.map { $0.description } ?? "—")")
            for kind in CatalogueChange.Kind.allCases {
                cells.append(entry.previous == nil ? "—" : parts.number(entry.changes[kind] ?? 0))
            }
            return cells
        }
        var columns: [PageParts.Column] = [
            .wide(parts(ComparisonLabels.institution)), .number(parts(ComparisonLabels.drugs)),
            .number(parts(ComparisonLabels.matched)), .number(parts(ComparisonLabels.open)),
            .number(parts(ComparisonLabels.rowsCovered)), .number(parts(ComparisonLabels.moneyCovered)),
        ]
        if hasChanges {
            columns.append(.short(parts(ComparisonLabels.since)))
            columns += CatalogueChange.Kind.allCases.map {
                PageParts.Column.number(parts(ComparisonLabels.name(of: $0)))
            }
        }
        let caption = parts(
            ComparisonLabels.institutionsCaption, ["n": NumberText.grouped(report.institutions.count)])
        return section(
            "institutions", ComparisonLabels.byInstitution, parts.table(caption, columns, rows), parts)
    }
}
