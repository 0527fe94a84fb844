import Core

extension RunSections {
    // MARK: Who is missing

    var coverage: HTML {
        let coverages = Coverage.of(report)
        guard !coverages.isEmpty else {
            return section(
                "coverage", Phrases.coverageHeading, "<p class=\"note\">\(parts(Phrases.coverageUnknown))</p>")
        }
        let rows = coverages.map { coverage -> [HTML] in
            let band = coverage.band
            return [
                "\(coverage.period.map { parts(Labels.name(of: $0)) } ?? parts(Phrases.total))",
                parts.number(coverage.expected), parts.number(coverage.reported), parts.number(coverage.missing),
                Plots.meter(Double(coverage.reported), of: Double(coverage.expected), tone: band.tone),
                "\(NumberText.percent(coverage.reported, of: coverage.expected))",
                parts.badge(parts(band.words), band.tone),
            ]
        }
        let columns: [PageParts.Column] = [
            .short(parts(Phrases.period)), .number(parts(Phrases.expectedInstitutions)),
            .number(parts(Phrases.reported)),
            .number(parts(Phrases.missing)), .plot(""), .number(parts(Phrases.rate)), .short(parts(Phrases.band)),
        ]
        return section(
            "coverage", Phrases.coverageHeading,
            HTML(lines: [
                parts.table(parts(Phrases.coverageCaption), columns, rows),
                "<p class=\"note\">\(parts(Phrases.bandsNote))</p>", missing,
            ]))
    }

    private var missing: HTML {
        guard !report.missing.isEmpty else { return "<p class=\"ok\">✓ \(parts(Phrases.everybodyReported))</p>" }
        let rows = report.missing.prefix(RunSections.lineLimit).map { missing -> [HTML] in
            [
                parts.native(missing.name), "<code>\(missing.hospitalCode)</code>", "\(missing.period.description)",
                missing.wasReturned
                    ? parts.badge(parts(Phrases.cameAndReturned), .caution) : "\(parts(Phrases.neverCame))",
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.hospital)), .short(parts(Phrases.hospitalCode)), .short(parts(Phrases.period)),
            .short(parts(Phrases.state)),
        ]
        let count = ["n": NumberText.grouped(report.missing.count)]
        let table =
            parts.table(parts(Phrases.missingCaption, count), columns, rows) + more(report.missing.count - rows.count)
        // A province at the start of a campaign misses two thousand: they must not bury what came.
        guard report.missing.count > 30 else { return table }
        return "<details><summary>\(parts(Phrases.missingSummary, count))</summary>\n\(table)\n</details>"
    }

    // MARK: What came

    var came: HTML {
        guard !report.submissions.isEmpty else {
            return section("came", Phrases.cameHeading, "<p>\(parts(Phrases.nothingCame))</p>")
        }
        let rows = report.submissions.prefix(RunSections.lineLimit).map(submission)
        let columns: [PageParts.Column] = [
            .wide(parts(Phrases.hospital)), .short(parts(Phrases.period)), .number(parts(Phrases.version)),
            .short(parts(Phrases.verdict)), .number(parts(Phrases.rowsTotal)), .number(parts(Phrases.rowsLoaded)),
            .number(parts(Phrases.rowsToCorrect)), .number(parts(Phrases.errors)), .number(parts(Phrases.warnings)),
            .short(parts(Phrases.receiptColumn)),
        ]
        let caption = parts(Phrases.cameCaption, ["n": NumberText.grouped(report.submissions.count)])
        return section(
            "came", Phrases.cameHeading,
            parts.table(caption, columns, rows) + more(report.submissions.count - rows.count), isLong: true)
    }

    private func submission(_ item: SubmissionReport) -> [HTML] {
        let rows = RowTotals(item.files)
        func findings(_ range: PartialRangeFrom<Severity>) -> Int {
            item.findingCounts.filter { range.contains($0.severity) }.reduce(0) { $0 + $1.count }
        }
        let heavy = findings(Severity.forced...)
        let middle = findings(Severity.warning...) - heavy
        let code: HTML = "<span class=\"english\"><code>\(item.submission.hospitalCode)</code></span>"
        let grade: HTML = item.grade.map { " " + parts.badge(parts(Labels.name(of: $0)), Tone($0)) } ?? .empty
        let receipt: HTML =
            page.receipts[item.submission.id].map { "<a href=\"\(HTML.address($0))\">\(parts(Phrases.open))</a>" }
            ?? "—"
        return [
            item.hospitalName.map { parts.native($0) + code } ?? code, "\(item.submission.period.description)",
            "\(item.submission.version)",
            parts.badge(parts(Labels.name(of: item.verdict)), Tone(item.verdict)) + grade, parts.number(rows.read),
            parts.number(rows.loaded), parts.number(rows.quarantined), parts.number(heavy), parts.number(middle),
            receipt,
        ]
    }

    // MARK: What was not taken

    var sightings: HTML {
        let seen = report.sightings.filter { $0.outcome != .taken }
        guard !seen.isEmpty else { return .empty }
        let rows = seen.prefix(RunSections.lineLimit).map { sighting -> [HTML] in
            let link: HTML =
                sighting.submission.map { " · \(parts(Phrases.submissionNumber, ["n": "\($0)"]))" } ?? .empty
            let tone: Tone = sighting.outcome == .refused ? .bad : .quiet
            return [
                "<code>\(VisibleText.cut(sighting.sourceName, limit: 300))</code>",
                parts.badge(parts(Labels.name(of: sighting.outcome)), tone),
                "\(sighting.reason.map { parts($0) } ?? "—")\(link)",
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.inboxPath)), .short(parts(Phrases.outcome)), .text(parts(Phrases.reason)),
        ]
        let caption = parts(Phrases.sightingsCaption, ["n": NumberText.grouped(seen.count)])
        return section(
            "sightings", Phrases.sightingsHeading, parts.table(caption, columns, rows) + more(seen.count - rows.count),
            isLong: true)
    }

    // MARK: What was found

    var findings: HTML {
        guard !report.submissions.isEmpty else { return .empty }
        let counts = report.findingCounts
        guard !counts.isEmpty else {
            return section("findings", Phrases.findingsByRule, "<p class=\"ok\">✓ \(parts(Phrases.noFindings))</p>")
        }
        var institutions: [RuleCount: Set<String>] = [:]
        for submission in report.submissions {
            for count in submission.findingCounts {
                institutions[RuleCount(rule: count.rule, severity: count.severity, count: 0), default: []]
                    .insert(submission.submission.hospitalCode)
            }
        }
        let largest = counts.map(\.count).max() ?? 0
        let rows = counts.map { count -> [HTML] in
            let key = RuleCount(rule: count.rule, severity: count.severity, count: 0)
            return [
                "\(count.rule.rawValue) \(page.rules.title(count.rule, parts.language))", parts.badge(count.severity),
                Plots.meter(Double(count.count), of: Double(largest), tone: Tone(count.severity)),
                parts.number(count.count), parts.number(institutions[key]?.count ?? 0),
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.rule)), .short(parts(Phrases.weight)), .plot(""), .number(parts(Phrases.count)),
            .number(parts(Phrases.institutions)),
        ]
        let caption = parts(
            Phrases.findingsByRuleCaption, ["n": NumberText.grouped(counts.reduce(0) { $0 + $1.count })])
        return section("findings", Phrases.findingsByRule, parts.table(caption, columns, rows))
    }
}
