public import Core

/// One run as the list of all runs shows it.
public struct RunSummary: Sendable, Hashable {
    /// The run.
    public var runID: Int
    /// When it began.
    public var startedAt: Timestamp
    /// When it ended.
    public var finishedAt: Timestamp?
    /// The day that dates are judged by.
    public var businessDate: CalendarDay
    /// 0, 1 …
    public var exitCode: Int?
    /// Technical failures.
    public var failures: Int
    /// Submissions by verdict; `nil` where they are not known.
    public var verdicts: [Verdict: Int]?
    /// Where the rows ended; `nil` where it is not known.
    public var rows: RowTotals?
    /// How many findings there are; `nil` where that is not known.
    public var findings: Int?
    /// Where its page lies, relative to the index.
    public var link: String?

    /// A summary of a run.
    ///
    /// - Parameter knowsSubmissions: `false` where the report came without its submissions.
    public init(_ report: RunReport, link: String? = nil, knowsSubmissions: Bool = true) {
        runID = report.runID
        startedAt = report.startedAt
        finishedAt = report.finishedAt
        businessDate = report.businessDate
        exitCode = report.exitCode
        failures = report.failures.count
        self.link = link
        guard knowsSubmissions else { return }
        verdicts = Dictionary(report.submissions.compactMap(\.verdict).map { ($0, 1) }, uniquingKeysWith: +)
        rows = RowTotals(report.submissions.lazy.flatMap(\.files))
        findings = report.findingCounts.reduce(0) { $0 + $1.count }
    }
}

/// The province's page of all runs.
public struct IndexPage: Sendable {
    let runs: [RunSummary]
    let newest: RunReport?
    let violations: [Period: String]

    /// A page of these runs, newest first; the newest one in full for who is missing.
    ///
    /// - Parameter violations: where the officers' reports on periods lie, relative to the page.
    public init(runs: [RunSummary], newest: RunReport? = nil, violations: [Period: String] = [:]) {
        self.runs = runs
        self.newest = newest
        self.violations = violations
    }

    /// The page, UTF-8.
    public func html(_ language: Language) -> [UInt8] {
        let parts = PageParts(language: language)
        var sections: [HTML] = []
        if let newest {
            let run = RunSections(page: RunPage(newest, rules: RuleTexts([])), parts: parts)
            let name = parts(Phrases.runTitle, ["n": "\(newest.runID)"])
            let link: HTML =
                runs.first { $0.runID == newest.runID }?.link.map { "<a href=\"\(HTML.address($0))\">\(name)</a>" }
                ?? "\(name)"
            sections.append("<p>\(parts(Phrases.newestRun)): \(link) · \(run.time)</p>\n\(run.outcome)")
        }
        sections.append(ViolationLinks.html(violations, parts))
        sections.append(list(parts))
        if let newest {
            sections.append(RunSections(page: RunPage(newest, rules: RuleTexts([])), parts: parts).coverage)
        }
        return Page(
            language: language, title: parts(Phrases.indexTitle), kicker: parts(Phrases.indexKicker),
            heading: "\(parts(Phrases.indexTitle))",
            subtitle: runs.isEmpty
                ? "\(parts(Phrases.noRuns))" : "\(parts(Phrases.runsCaption, ["n": NumberText.grouped(runs.count)]))",
            content: HTML(lines: sections), footer: "<p>\(parts(Phrases.provinceFooter))</p>"
        ).bytes
    }

    private func list(_ parts: PageParts) -> HTML {
        guard !runs.isEmpty else { return .empty }
        let rows = runs.map { run -> [HTML] in
            let name: HTML = "\(parts(Phrases.runTitle, ["n": "\(run.runID)"]))"
            let segments = Verdict.allCases.map { verdict in
                Plots.Segment(
                    label: parts(Labels.name(of: verdict)), count: run.verdicts?[verdict] ?? 0, tone: Tone(verdict))
            }
            let seconds = run.finishedAt.map { Double($0.microseconds - run.startedAt.microseconds) / 1e6 }
            return [
                run.link.map { "<a href=\"\(HTML.address($0))\">\(name)</a>" } ?? name,
                "\(run.businessDate.description)",
                "\(Labels.time(run.startedAt))", "\(seconds.map { Labels.duration($0, parts.language) } ?? "—")",
                result(of: run, parts), run.verdicts.map { parts.number($0.values.reduce(0, +)) } ?? "—",
                Plots.stackedBar(segments, id: "run-\(run.runID)", title: parts(Phrases.verdictPlot)),
                run.rows.map { parts.number($0.read) } ?? "—", run.findings.map(parts.number) ?? "—",
            ]
        }
        let columns: [PageParts.Column] = [
            .short(parts(Phrases.run)), .short(parts(Phrases.businessDay)), .short(parts(Phrases.startedAt)),
            .number(parts(Phrases.seconds)), .short(parts(Phrases.result)), .number(parts(Phrases.submissions)),
            .plot(parts(Phrases.verdict)), .number(parts(Phrases.rowsTotal)), .number(parts(Phrases.findingsCount)),
        ]
        let legend = Verdict.allCases.map {
            Plots.Segment(
                label: parts(Labels.name(of: $0)), count: 0, tone: Tone($0))
        }
        return """
            <section aria-labelledby="runs">
            <h2 id="runs">\(parts(Phrases.runsHeading))</h2>
            \(parts.table(parts(Phrases.runsCaption, ["n": NumberText.grouped(runs.count)]), columns, rows))
            \(Plots.key(legend))
            </section>
            """
    }

    private func result(of run: RunSummary, _ parts: PageParts) -> HTML {
        if let rows = run.rows, !rows.isBalanced { return parts.badge(parts(Phrases.notBalanced), .bad) }
        if run.failures > 0 || (run.exitCode ?? 0) != 0 { return parts.badge(parts(Phrases.resultFailures), .bad) }
        guard run.finishedAt != nil else { return parts.badge(parts(Phrases.resultOpen), .caution) }
        return parts.badge(parts(Phrases.resultWell), .good)
    }

    /// The same content for machines, UTF-8.
    public func json() -> [UInt8] {
        JSON.object([
            .init(
                "runs",
                .array(
                    runs.map { run in
                        .object([
                            .init("run_id", .integer(run.runID)),
                            .init("started_at", .string(run.startedAt.description)),
                            .init("finished_at", .text(run.finishedAt?.description)),
                            .init("business_date", .string(run.businessDate.description)),
                            .init("exit_code", .whole(run.exitCode)),
                            .init("failures", .integer(run.failures)),
                            .init(
                                "verdicts",
                                run.verdicts.map { counts in
                                    .object(Verdict.allCases.map { .init($0.rawValue, .integer(counts[$0] ?? 0)) })
                                } ?? .null),
                            .init("rows", run.rows?.json ?? .null),
                            .init("findings", .whole(run.findings)),
                            .init("page", .text(run.link)),
                        ])
                    }))
        ]).bytes
    }
}
