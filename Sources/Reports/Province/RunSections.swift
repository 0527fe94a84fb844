import Core

/// The sections of the page about a run.
struct RunSections {
    /// More lines than this no person reads; the rest is in the JSON beside the page.
    static let lineLimit = 5000

    let page: RunPage
    let parts: PageParts

    var report: RunReport { page.report }

    var time: HTML {
        let start = Labels.time(report.startedAt)
        guard let end = report.finishedAt else { return "\(parts(Phrases.stillRunning, ["from": start]))" }
        return "\(parts(Phrases.fromTo, ["from": start, "to": Labels.time(end)]))"
    }

    // MARK: Outcome

    var outcome: HTML {
        let rows = page.rows
        let values = ["read": NumberText.grouped(rows.read), "loaded": NumberText.grouped(rows.loaded)]
        let (tone, headline, text): (Tone, String, String)
        if !rows.isBalanced || !page.unbalanced.isEmpty {
            (tone, headline, text) = (.bad, parts(Phrases.runUnbalanced), parts(Phrases.runUnbalancedText))
        } else if !report.failures.isEmpty {
            (tone, headline) = (.bad, parts(Phrases.runWithFailures, ["n": "\(report.failures.count)"]))
            text = parts(Phrases.runFailureText)
        } else if report.finishedAt == nil {
            (tone, headline, text) = (.caution, parts(Phrases.runNotFinished), parts(Phrases.runNotFinishedText))
        } else if let code = report.exitCode, code != 0 {
            (tone, headline) = (.caution, parts(Phrases.runExit, ["n": "\(code)"]))
            text = parts(Phrases.runFailureText)
        } else if report.submissions.isEmpty {
            (tone, headline, text) = (.good, parts(Phrases.runNothing), "")
        } else {
            (tone, headline) = (.good, parts(Phrases.runWell, ["n": "\(report.submissions.count)"]))
            text = parts(Phrases.runWellText, values)
        }
        return """
            <section class="verdict \(tone.name)" aria-labelledby="outcome">
            <h2 id="outcome">\(headline)</h2>
            \(text.isEmpty ? .empty : "<p>\(text)</p>" as HTML)
            </section>
            \(tiles)
            """
    }

    private var tiles: HTML {
        let rows = page.rows
        var tiles: [(label: String, value: HTML, tone: Tone)] = [
            (parts(Phrases.submissions), parts.number(report.submissions.count), .quiet),
            (parts(Phrases.rowsLoaded), parts.number(rows.loaded), .quiet),
            (parts(Phrases.rowsToCorrect), parts.number(rows.quarantined), rows.quarantined > 0 ? .caution : .quiet),
        ]
        if let coverage = Coverage.of(report).last {
            let period = coverage.period.map { "\($0) · " } ?? ""
            tiles.append(
                (
                    parts(Phrases.rate),
                    """
                    \(NumberText.percent(coverage.reported, of: coverage.expected))<small>\(period)\(parts(coverage.band.words)) \
                    (\(parts.number(coverage.reported)) / \(parts.number(coverage.expected)))</small>
                    """, coverage.band.tone
                ))
        }
        return parts.tiles(tiles)
    }

    /// Rules that were not applied: nobody may take silence for a pass.
    var leftOut: HTML {
        guard !report.rulesLeftOut.isEmpty else { return .empty }
        let items = report.rulesLeftOut.prefix(RunSections.lineLimit).map {
            "<li><b>\($0.name)</b> <code>\(VisibleText.cut($0.problem, limit: 1000))</code></li>\n" as HTML
        }
        return """
            <section class="panel-alarm" aria-labelledby="left-out">
            <p id="left-out">\(parts(Phrases.rulesLeftOut, ["n": "\(report.rulesLeftOut.count)"]))</p>
            <ul>
            \(each: items)</ul>
            </section>
            """
    }

    var failures: HTML {
        guard !report.failures.isEmpty else { return .empty }
        let rows = report.failures.prefix(RunSections.lineLimit).map { failure -> [HTML] in
            [
                "\(failure.submission.rawValue)", "\(parts(Labels.name(of: failure.stage)))",
                "<code>\(VisibleText.cut(failure.reason, limit: 1000))</code>",
            ]
        }
        let columns: [PageParts.Column] = [
            .short(parts(Phrases.submissionColumn)), .short(parts(Phrases.stage)), .text(parts(Phrases.reason)),
        ]
        return section("failures", Phrases.failuresHeading, parts.table(parts(Phrases.failuresCaption), columns, rows))
    }

    // MARK: Totals

    var totals: HTML {
        guard !report.submissions.isEmpty else { return .empty }
        let verdicts: [Verdict?] = Verdict.allCases + [nil]
        let segments = verdicts.map { verdict in
            Plots.Segment(
                label: parts(Labels.name(of: verdict)), count: report.submissions.count { $0.verdict == verdict },
                tone: Tone(verdict))
        }
        let rows = page.rows
        let alarms = page.unbalanced.prefix(50).map { submission in
            "<p class=\"panel-alarm\">✗ \(parts(Phrases.submissionNumber, ["n": "\(submission.submission.id)"])): \(parts(Phrases.notBalanced))</p>"
                as HTML
        }
        return HTML(lines: [
            section(
                "verdicts", Phrases.verdictPlot,
                HTML(lines: [
                    Plots.stackedBar(segments, id: "verdict-bar", title: parts(Phrases.verdictPlot)),
                    Plots.legend(segments.filter { $0.count > 0 || $0.tone != .quiet }),
                ])),
            section(
                "rows", Phrases.rowsHeading,
                HTML(
                    lines: alarms + [
                        Plots.stackedBar(parts.rowSegments(rows), id: "row-bar", title: parts(Phrases.rowsPlot)),
                        Plots.legend(parts.rowSegments(rows)), parts.equation(rows),
                    ])),
        ])
    }

    var stages: HTML {
        guard !report.stages.isEmpty else { return .empty }
        let longest = report.stages.map(\.seconds).max() ?? 0
        let rows = report.stages.map { stage -> [HTML] in
            [
                "\(parts(Labels.name(of: stage.stage)))", Plots.meter(stage.seconds, of: longest, tone: .accent),
                "\(Labels.duration(stage.seconds, parts.language))", parts.number(stage.items),
                "\(Labels.time(stage.startedAt))",
            ]
        }
        let columns: [PageParts.Column] = [
            .short(parts(Phrases.stage)), .plot(""), .number(parts(Phrases.seconds)), .number(parts(Phrases.items)),
            .short(parts(Phrases.startedAt)),
        ]
        return section("stages", Phrases.stagesHeading, parts.table(parts(Phrases.stagesCaption), columns, rows))
    }

    func section(_ id: HTML, _ heading: Phrase, _ content: HTML, isLong: Bool = false) -> HTML {
        """
        <section aria-labelledby="\(id)"\(isLong ? " class=\"long\"" : .empty as HTML)>
        <h2 id="\(id)">\(parts(heading))</h2>
        \(content)
        </section>
        """
    }

    func more(_ count: Int) -> HTML {
        count > 0 ? "<p class=\"note\">\(parts(Phrases.moreRows, ["n": NumberText.grouped(count)]))</p>" : .empty
    }
}
