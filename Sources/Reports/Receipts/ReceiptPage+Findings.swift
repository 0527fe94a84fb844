import Core

extension ReceiptPage {
    // MARK: Findings

    var findingsSection: HTML {
        let groups = receipt.sortedGroups
        guard report.verdict != nil || !groups.isEmpty else { return .empty }
        guard !groups.isEmpty else {
            return
                "<section>\n<h2>\(parts(Phrases.findingsHeading))</h2>\n<p class=\"ok\">✓ \(parts(Phrases.noFindings))</p>\n</section>"
        }
        let rows = groups.map { group -> [HTML] in
            [
                "<a href=\"#\(anchor(group))\">\(group.rule.rawValue)</a> \(receipt.rules.title(group.rule, parts.language))",
                parts.badge(group.severity), "\(tables(of: group))", parts.number(group.count),
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.rule)), .short(parts(Phrases.weight)), .text(parts(Phrases.table)),
            .number(parts(Phrases.count)),
        ]
        let complete: HTML =
            receipt.links.findings.map {
                "<p>\(parts(Phrases.completeList)) <a href=\"\(HTML.address($0))\">\($0)</a></p>" as HTML
            } ?? .empty
        return """
            <section aria-labelledby="findings">
            <h2 id="findings">\(parts(Phrases.findingsHeading))</h2>
            \(complete)
            \(parts.table(parts(Phrases.findingsCaption, ["n": NumberText.grouped(receipt.groups.total)]), columns, rows))
            \(HTML(lines: groups.map(group)))
            </section>
            """
    }

    private func tables(of group: FindingGroups.Group) -> String {
        group.tables.keys.sorted().map { parts(Labels.name(of: $0)) }.joined(separator: parts(Phrases.listSeparator))
    }

    /// So many things that a rule says are listed; what it says most often comes first.
    private static let kindsShown = 20
    private static let rangesShown = 12

    private func group(_ group: FindingGroups.Group) -> HTML {
        let remedy = receipt.rules.remedy(group.rule, parts.language)
        let kinds = group.kinds.first(ReceiptPage.kindsShown)
        let rest = group.count - kinds.reduce(0) { $0 + $1.count }
        let more: HTML =
            rest > 0
            ? "<p class=\"note\">\(parts(Phrases.morePlaces, ["n": NumberText.grouped(rest), "file": receipt.links.findings ?? "—"]))</p>"
            : .empty
        let following: HTML =
            group.following > 0
            ? "<p class=\"note\">\(parts(Phrases.followingNote, ["n": NumberText.grouped(group.following)]))</p>"
            : .empty
        return """
            <article class="group long" id="\(anchor(group))">
            <h3>\(group.rule.rawValue) \(receipt.rules.title(group.rule, parts.language)) \
            \(parts.badge(group.severity)) <span class="soft">× \(parts.number(group.count))</span></h3>
            \(remedy.isEmpty ? .empty : "<p>\(parts(Phrases.remedy)) \(remedy)</p>" as HTML)
            \(HTML(lines: [consequences(of: group), following]))
            \(places(kinds, of: group))
            \(more)
            </article>
            """
    }

    /// What the rule says, each with all rows of which it says it.
    private func places(_ kinds: [FindingKinds.Kind], of group: FindingGroups.Group) -> HTML {
        guard !kinds.isEmpty else { return .empty }
        let shown = kinds.map { ShownFinding($0.finding, files: report.files) }
        // Columns in which no finding of this rule has anything would only take room.
        let hasRow = kinds.contains { !$0.rows.ranges.isEmpty }
        let hasColumn = shown.contains { $0.columnHeader != nil }
        let hasValue = shown.contains { $0.finding.observation.value != nil }
        let hasExpected = shown.contains { $0.expected != nil }
        var columns: [PageParts.Column] = [.cell(parts(Phrases.file))]
        if hasRow { columns.append(.cell(parts(Phrases.line))) }
        if hasColumn { columns.append(.cell(parts(Phrases.column))) }
        if hasValue { columns.append(.cell(parts(Phrases.value))) }
        if hasExpected { columns.append(.cell(parts(Phrases.expected))) }
        columns += [.text(parts(Phrases.message)), .number(parts(Phrases.count))]
        let dash: HTML = "<span class=\"soft\">—</span>"
        let rows = zip(kinds, shown).map { kind, shown -> [HTML] in
            var cells: [HTML] = [
                "<code>\(shown.path.map { VisibleText.cut($0, limit: 160) } ?? parts(Phrases.wholeSubmission))</code>"
            ]
            if hasRow { cells.append(kind.rows.ranges.isEmpty ? dash : ranges(kind.rows)) }
            if hasColumn {
                let english: HTML =
                    shown.columnName.map { "<span class=\"english\" lang=\"en\">\($0)</span>" } ?? .empty
                cells.append(shown.columnHeader.map { "\(parts.native($0))\(english)" } ?? dash)
            }
            if hasValue { cells.append(parts.raw(shown.value(parts.language))) }
            if hasExpected { cells.append(shown.expected.map { "<span class=\"raw\">\($0)</span>" } ?? dash) }
            cells.append("\(receipt.rules.message(shown, parts.language))")
            cells.append(parts.number(kind.count))
            return cells
        }
        let caption = parts(
            Phrases.kindsCaption,
            [
                "n": NumberText.grouped(kinds.reduce(0) { $0 + $1.count }), "total": NumberText.grouped(group.count),
            ])
        return parts.table(caption, columns, rows)
    }

    private func ranges(_ rows: RowRanges) -> HTML {
        let (text, rest) = rows.text(ReceiptPage.rangesShown, separator: parts(Phrases.listSeparator))
        guard rest > 0 else { return "\(text)" }
        return "\(text) <span class=\"soft\">\(parts(Phrases.andMoreRows, ["n": NumberText.grouped(rest)]))</span>"
    }

    // MARK: Difference

    var differenceSection: HTML {
        guard let difference = receipt.difference else { return .empty }
        let rows = difference.tables.map { table -> [HTML] in
            [
                "\(parts(Labels.name(of: table.table)))", parts.number(table.added), parts.number(table.removed),
                parts.number(table.changed), parts.number(table.unchanged),
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.table)), .number(parts(Phrases.added)), .number(parts(Phrases.removed)),
            .number(parts(Phrases.changed)), .number(parts(Phrases.unchanged)),
        ]
        return """
            <section aria-labelledby="difference">
            <h2 id="difference">\(parts(Phrases.differenceHeading, ["n": "\(difference.version)"]))</h2>
            <p>\(parts(Phrases.differenceText, ["id": "\(difference.against)"]))</p>
            \(parts.table(parts(Phrases.differenceCaption), columns, rows))
            \(samples(of: difference))
            </section>
            """
    }

    private func samples(of difference: VersionDifference) -> HTML {
        guard !difference.samples.isEmpty else { return .empty }
        let rows = difference.samples.prefix(50).map { sample -> [HTML] in
            let name: HTML =
                sample.name.map { "<span class=\"english\">\(VisibleText.cut($0, limit: 100))</span>" } ?? .empty
            let kind = ["added": Phrases.added, "removed": Phrases.removed, "changed": Phrases.changed][
                sample.kind.rawValue]
            return [
                "<code>\(VisibleText.cut(sample.key, limit: 60))</code>\(name)",
                "\(parts(Labels.name(of: sample.table)))",
                "\(kind.map { parts($0) } ?? sample.kind.rawValue)", "\(sample.columnLabel(parts.language) ?? "—")",
                parts.raw(sample.shown(sample.before, parts.language)),
                parts.raw(sample.shown(sample.after, parts.language)),
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.rowKey)), .text(parts(Phrases.table)), .short(parts(Phrases.whatHappened)),
            .text(parts(Phrases.column)), .text(parts(Phrases.before)), .text(parts(Phrases.after)),
        ]
        return parts.table(parts(Phrases.sampleCaption, ["n": "\(rows.count)"]), columns, rows)
    }
}
