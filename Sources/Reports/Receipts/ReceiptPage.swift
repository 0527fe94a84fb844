import Core

/// The receipt as a page for the hospital: what happened, what to do now, what to put right first; then all the rest.
struct ReceiptPage {
    let receipt: ReceiptBuilder
    let parts: PageParts

    var report: SubmissionReport { receipt.report }
    var submission: Submission { report.submission }

    var bytes: [UInt8] {
        let name = report.hospitalName ?? submission.hospitalCode
        let period = parts(Labels.name(of: submission.period))
        return Page(
            language: parts.language,
            title: "\(parts(Phrases.receipt)) · \(name) · \(submission.period)",
            kicker: parts(Phrases.receiptKicker),
            heading: parts.native(name),
            subtitle: """
                \(period) · \(parts(Phrases.versionNumber, ["n": "\(submission.version)"])) · \
                \(parts(Phrases.submissionNumber, ["n": "\(submission.id)"])) · \(Labels.time(submission.receivedAt))
                """,
            content: HTML(lines: [
                verdict, notices, causes, findingsSection, filesSection, differenceSection, repeatsSection,
                aboutSection,
            ]),
            footer: "<p>\(parts(Phrases.receiptFooter))</p>"
        ).bytes
    }

    // MARK: What happened

    private var verdict: HTML {
        let verdict = ReceiptVerdict(receipt)
        let steps = verdict.steps.map { "<li>\(parts($0, verdict.values))</li>\n" as HTML }
        let grade: HTML =
            report.grade.map { grade in
                "<p>\(parts(Phrases.gradeLabel)) \(parts.badge(parts(Labels.name(of: grade)), Tone(grade))) \(parts(Phrases.gradeNote))</p>"
            } ?? .empty
        return """
            <section class="verdict \(verdict.tone.name)" aria-labelledby="verdict">
            <h2 id="verdict">\(parts(verdict.headline, verdict.values))</h2>
            <p>\(parts(verdict.explanation, verdict.values))</p>
            \(grade)
            <h3>\(parts(Phrases.whatNow))</h3>
            \(steps.count == 1 ? "<ul>" : "<ol>" as HTML)
            \(each: steps)\(steps.count == 1 ? "</ul>" : "</ol>" as HTML)
            </section>
            """
    }

    private var notices: HTML {
        let rows = receipt.rows
        var lines: [HTML] = []
        if report.setAsideReason == nil, report.withdrawnAt == nil, !report.isCurrent, rows.loaded > 0 {
            lines.append("<p class=\"note\">\(parts(Phrases.notCurrent))</p>")
        }
        if report.verdict != nil {
            lines.append(
                parts.tiles([
                    (parts(Phrases.rowsRead), parts.number(rows.read), .quiet),
                    (parts(Phrases.rowsLoaded), parts.number(rows.loaded), .quiet),
                    (
                        parts(Phrases.rowsToCorrect), parts.number(rows.quarantined),
                        rows.quarantined > 0 ? .bad : .quiet
                    ),
                    (parts(Phrases.rowsSkipped), parts.number(rows.skippedTotal), .quiet),
                ]))
            lines.append(Plots.stackedBar(parts.rowSegments(rows), id: "rows", title: parts(Phrases.whereRowsEnded)))
            lines.append(parts.equation(rows))
        }
        if let reason = report.setAsideReason {
            lines.append(
                "<p class=\"note\">\(parts(Phrases.technicalReason)) <code>\(VisibleText.cut(reason, limit: 1000))</code></p>"
            )
        }
        if !report.rulesLeftOut.isEmpty {
            let names = report.rulesLeftOut.joined(separator: parts(Phrases.listSeparator))
            lines.append("<p class=\"panel-alarm\">\(parts(Phrases.judgedWithout, ["rules": names]))</p>")
        }
        return HTML(lines: lines)
    }

    private var causes: HTML {
        let causes = receipt.causes
        guard !causes.isEmpty else { return .empty }
        let items = causes.map { group in
            """
            <li><h3>\(receipt.rules.title(group.rule, parts.language)) \(parts.badge(group.severity))</h3>
            <p>\(receipt.rules.remedy(group.rule, parts.language))</p>
            \(consequences(of: group))
            <p class="note">\(parts(Phrases.timesFound, ["n": NumberText.grouped(group.count)])) · \
            \(fixFiles(of: group))<a href="#\(anchor(group))">\(parts(Phrases.seePlaces))</a></p></li>

            """ as HTML
        }
        return """
            <section aria-labelledby="causes">
            <h2 id="causes">\(parts(receipt.sortedGroups.contains { $0.severity > .warning } ? Phrases.correctFirst : Phrases.improveNext))</h2>
            <ol class="causes">
            \(each: items)</ol>
            </section>
            """
    }

    /// What goes away with the findings of a group.
    func consequences(of group: FindingGroups.Group) -> HTML {
        guard !group.consequences.isEmpty else { return .empty }
        let list = group.consequences.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8).map { rule, count in
            "\(rule) \(receipt.rules.title(rule, parts.language)) × \(NumberText.grouped(count))"
        }
        let values = [
            "n": NumberText.grouped(group.consequences.values.reduce(0, +)),
            "list": list.joined(separator: parts(Phrases.listSeparator)),
        ]
        return "<p>\(parts(Phrases.goesAwayToo, values))</p>"
    }

    /// Where the rows of a group stand to be mended.
    private func fixFiles(of group: FindingGroups.Group) -> HTML {
        let links = receipt.fixFiles(of: group).prefix(5).map { file -> HTML in
            "<a href=\"\(HTML.address(file))\">\(file)</a>"
        }
        guard !links.isEmpty else { return .empty }
        let list = HTML(markup: links.map(\.text).joined(separator: parts(Phrases.listSeparator)))
        return "\(parts(Phrases.rowsStandIn)) \(list) · "
    }

    /// Letters and digits of ASCII, all else by its number, so that no two rules share an anchor.
    func anchor(_ group: FindingGroups.Group) -> HTML {
        let name = group.rule.rawValue.unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isPlain ? String(scalar) : "_\(scalar.value)_"
        }
        return HTML(markup: "rule-\(name.joined())-\(group.severity.rawValue)")
    }
}
