public import Core

extension ViolationReport {
    /// The first page: how the period stands, where it is bad, and the way to everything else.
    public func index(_ language: Language) -> [UInt8] {
        let view = ViolationParts(self, language)
        let index = ViolationIndex(view: view)
        let back: HTML =
            home.map { " · <a href=\"\(HTML.address($0))\">\(view.parts(Phrases.indexTitle))</a>" } ?? .empty
        let title = view.parts(Phrases.violationsTitle, ["period": view.period])
        let subtitle = view.parts(
            Phrases.violationsSubtitle, ["n": NumberText.grouped(summary.submissions.count)])
        guard !summary.submissions.isEmpty else {
            return view.page(
                title: title, heading: "\(title)", subtitle: back,
                ["<p>\(view.parts(Phrases.nothingInForce))</p>"])
        }
        return view.page(
            title: title, heading: "\(title)", subtitle: "\(subtitle)\(back)",
            [
                index.tiles, index.ways, index.cities, index.cityPlot, index.rules, index.period, index.trend,
                index.evaluation,
                index.downloads,
            ])
    }
}

/// The sections of the first page.
struct ViolationIndex {
    let view: ViolationParts
    private let totals: [ViolationReport.RuleTotal]

    private var parts: PageParts { view.parts }
    private var report: ViolationReport { view.report }
    private var all: [JudgedSubmission] { report.summary.submissions }

    init(view: ViolationParts) {
        self.view = view
        totals = view.report.ruleTotals
    }

    var tiles: HTML {
        let suggested = all.count(.suggestedReturn)
        let forced = all.count(.forcedReturn)
        let returned = all.count { $0.verdict == .returned }
        let found = all.count { report.isWithFindings($0) }
        let rate = all.anomalyRate
        return parts.tiles([
            (
                parts(Phrases.institutionsWithFindings),
                "\(parts.number(found))<small>/ \(parts.number(all.count))</small>", .quiet
            ),
            (parts(Phrases.findingsTotal), findings, .quiet),
            (
                parts(Phrases.anomalyRate),
                "\(view.rate(rate))<small>\(parts.number(rate.part)) / \(parts.number(rate.whole))</small>", .quiet
            ),
            (parts(Phrases.suggestedReturns), parts.number(suggested), suggested > 0 ? .bad : .good),
            (parts(Phrases.forcedReturns), parts.number(forced), forced > 0 ? .bad : .good),
            (parts(Phrases.returnedBefore), parts.number(returned), returned > 0 ? .caution : .good),
        ])
    }

    /// How many findings there are, and how many of them stand for themselves.
    private var findings: HTML {
        let count = totals.reduce(0) { $0 + $1.count }
        let following = report.following.total
        guard following > 0 else { return parts.number(count) }
        let causes = parts(Phrases.causesOf, ["n": NumberText.grouped(count - following)])
        return "\(parts.number(count))<small>\(causes)</small>"
    }

    /// Where to go from here.
    var ways: HTML {
        let returns = report.returns.count
        let list: HTML =
            returns > 0
            ? view.link("returns.html", "\(parts(Phrases.returnsLink, ["n": NumberText.grouped(returns)]))")
            : "\(parts(Phrases.noReturns))"
        return """
            <p class="ways">\(list) · \(view.link("institutions.html", "\(parts(Phrases.byInstitutionLink))")) · \
            <a href="#rules">\(parts(Phrases.byRule))</a> · \
            \(report.periodFindings.isEmpty ? .empty : "<a href=\"#period\">\(parts(Phrases.periodHeading))</a> · " as HTML)<a href="#evaluation">\(parts(Phrases.evaluationHeading))</a></p>
            """
    }

    // MARK: Cities

    /// The submissions of each city, by code; those of no listed institution last.
    private var byCity: [(name: HTML, submissions: [JudgedSubmission])] {
        Dictionary(grouping: all) { $0.cityCode ?? "~" }.sorted { $0.key < $1.key }.map { _, submissions in
            (submissions.first.map(view.city) ?? .empty, submissions)
        }
    }

    var cities: HTML {
        let cities = byCity
        let groups =
            (cities.count > 1 ? [(name: "<b>\(parts(Phrases.allCities))</b>" as HTML, submissions: all)] : []) + cities
        let bodies = groups.map { city -> HTML in
            let levels = InstitutionLevel.allCases.map { level in
                (parts(Labels.name(of: level)), city.submissions.filter { $0.level == level })
            }.filter { !$0.1.isEmpty }
            let lines = [(parts(Phrases.total), city.submissions)] + levels
            let rows = lines.enumerated().map { number, line -> HTML in
                let head: HTML =
                    number == 0 ? "<th scope=\"rowgroup\" rowspan=\"\(lines.count)\">\(city.name)</th>" : .empty
                let cells = numbers(line.1).map { "<td class=\"number\">\($0)</td>" as HTML }
                return "<tr>\(head)<td class=\"short\">\(line.0)</td>\(each: cells)</tr>\n"
            }
            return "<tbody>\n\(each: rows)</tbody>\n"
        }
        let titles = [
            Phrases.institutionsChecked, Phrases.errors, Phrases.anomalies, Phrases.warnings, Phrases.anomalyRate,
            Phrases.suggestedReturns, Phrases.forcedReturns, Phrases.returnedBefore,
        ]
        let heads = titles.map { "<th scope=\"col\" class=\"number\">\(parts($0))</th>" as HTML }
        return view.section(
            "cities", parts(Phrases.cityTable),
            """
            <div class="scroll"><table class="grouped">
            <caption>\(parts(Phrases.cityTableCaption))</caption>
            <thead><tr><th scope="col">\(parts(Phrases.city))</th><th scope="col" class="short">\(parts(Phrases.level))</th>\(each: heads)</tr></thead>
            \(each: bodies)</table></div>
            """)
    }

    private func numbers(_ items: [JudgedSubmission]) -> [HTML] {
        [
            parts.number(items.count), parts.number(items.findings(.interrupt, .error)),
            parts.number(items.findings(.anomaly, .forced)),
            parts.number(items.findings(.warning)), view.rate(items.anomalyRate),
            parts.number(items.count(.suggestedReturn)), parts.number(items.count(.forcedReturn)),
            parts.number(items.count { $0.verdict == .returned }),
        ]
    }

    var cityPlot: HTML {
        let earlier = Dictionary(grouping: report.summary.earlier?.submissions ?? []) { $0.cityCode ?? "~" }
        let bars = Dictionary(grouping: all) { $0.cityCode ?? "~" }.sorted { $0.key < $1.key }.prefix(60)
            .compactMap { code, items -> RatePlot.Bar? in
                guard let rate = items.anomalyRate.hundredths else { return nil }
                let name = items.first.flatMap { $0.city ?? $0.cityCode } ?? parts(Phrases.notListed)
                return RatePlot.Bar(
                    label: VisibleText.cut(name, limit: 12), value: rate,
                    before: earlier[code]?.anomalyRate.hundredths)
            }
        // Where no rate is above nothing, a plot would be an empty frame.
        guard bars.contains(where: { $0.value > 0 || ($0.before ?? 0) > 0 }) else { return .empty }
        return view.section(
            "rates", parts(Phrases.rateByCity),
            "<p class=\"note\">\(parts(Phrases.rateByCityText))</p>\n"
                + RatePlot.bars(bars, id: "rate-plot", title: parts(Phrases.rateByCity)))
    }

    // MARK: Rules

    var rules: HTML {
        guard !totals.isEmpty else {
            return view.section("rules", parts(Phrases.byRule), "<p class=\"ok\">✓ \(parts(Phrases.noFindings))</p>")
        }
        let earlier = report.summary.earlier
        let before = Dictionary(grouping: earlier?.counts ?? [], by: \.rule).mapValues {
            $0.reduce(0) { $0 + $1.count }
        }
        let widest = totals.map(\.submissions.count).max() ?? 0
        let rows = totals.map { total -> [HTML] in
            var cells: [HTML] = [
                view.rule(total.rule), parts.badge(total.severity),
                Plots.meter(Double(total.submissions.count), of: Double(widest), tone: Tone(total.severity)),
                parts.number(total.submissions.count), parts.number(total.count),
            ]
            if earlier != nil { cells.append("\(NumberText.change(total.count - (before[total.rule] ?? 0)))") }
            cells.append(
                report.summary.seconds[total.rule].map { "\(Labels.duration($0, parts.language))" } ?? "—")
            return cells
        }
        var columns: [PageParts.Column] = [
            .text(parts(Phrases.rule)), .short(parts(Phrases.weight)), .plot(""),
            .number(parts(Phrases.institutionsChecked)), .number(parts(Phrases.findingsTotal)),
        ]
        if earlier != nil { columns.append(.number(parts(Phrases.changeColumn))) }
        columns.append(.number(parts(Phrases.ruleTime)))
        return view.section(
            "rules", parts(Phrases.byRule),
            parts.table(parts(Phrases.byRuleCaption, ["n": NumberText.grouped(totals.count)]), columns, rows))
    }

    // MARK: The period

    /// What belongs to no submission in particular.
    var period: HTML {
        let found = report.periodFindings
        guard !found.isEmpty else { return .empty }
        let shown = found.prefix(ViolationReport.periodLimit)
        let rows = shown.map { entry -> [HTML] in
            [
                "\(entry.rule.rawValue) \(report.rules.title(entry.rule, parts.language))",
                parts.badge(entry.severity), parts.native(VisibleText.cut(entry.subject, limit: 100)),
                "\(VisibleText.cut(entry.message[parts.language], limit: 400))",
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.rule)), .short(parts(Phrases.weight)), .text(parts(Phrases.periodSubject)),
            .text(parts(Phrases.periodMessage)),
        ]
        let rest = found.count - shown.count
        let more: HTML =
            rest > 0
            ? "<p class=\"note\">\(parts(Phrases.periodMore, ["n": NumberText.grouped(rest)]))</p>" : .empty
        return view.section(
            "period", parts(Phrases.periodHeading),
            parts.table(parts(Phrases.periodCaption, ["n": NumberText.grouped(found.count)]), columns, rows) + more)
    }

    // MARK: Trend

    var trend: HTML {
        guard let earlier = report.summary.earlier else {
            return view.section("trend", parts(Phrases.trendHeading), "<p class=\"note\">\(parts(Phrases.noTrend))</p>")
        }
        let old = earlier.submissions
        func was(_ weights: Severity...) -> Int {
            earlier.counts.reduce(0) { $0 + (weights.contains($1.severity) ? $1.count : 0) }
        }
        let figures: [(Phrase, Int, Int)] = [
            (Phrases.institutionsChecked, all.count, old.count),
            (Phrases.findingsTotal, totals.reduce(0) { $0 + $1.count }, earlier.counts.reduce(0) { $0 + $1.count }),
            (Phrases.errors, all.findings(.interrupt, .error), was(.interrupt, .error)),
            (Phrases.anomalies, all.findings(.anomaly, .forced), was(.anomaly, .forced)),
            (Phrases.warnings, all.findings(.warning), was(.warning)),
            (Phrases.suggestedReturns, all.count(.suggestedReturn), old.count(.suggestedReturn)),
            (Phrases.forcedReturns, all.count(.forcedReturn), old.count(.forcedReturn)),
            (Phrases.returnedBefore, all.count { $0.verdict == .returned }, old.count { $0.verdict == .returned }),
        ]
        var rows = figures.map { name, now, before -> [HTML] in
            ["\(parts(name))", parts.number(now), parts.number(before), "\(NumberText.change(now - before))"]
        }
        rows.append([
            "\(parts(Phrases.anomalyRate))", view.rate(all.anomalyRate), view.rate(old.anomalyRate),
            pointChange(all.anomalyRate.hundredths, old.anomalyRate.hundredths),
        ])
        let before = parts(Labels.name(of: earlier.period))
        let columns: [PageParts.Column] = [
            .text(""), .number(view.period), .number(before), .number(parts(Phrases.changeColumn)),
        ]
        return view.section(
            "trend", parts(Phrases.trendHeading),
            parts.table(parts(Phrases.trendCaption, ["now": view.period, "before": before]), columns, rows))
    }

    private func pointChange(_ now: Int?, _ before: Int?) -> HTML {
        guard let now, let before else { return "—" }
        let sign = now < before ? "−" : now > before ? "+" : "±"
        return "\(sign)\(FixedPoint.text(Int64(abs(now - before)), decimals: 2))"
    }

    // MARK: Evaluation

    var evaluation: HTML {
        let regions = report.summary.regions
        guard !regions.isEmpty else { return .empty }
        let rows = regions.map { region -> [HTML] in
            let name = parts.native(VisibleText.cut(region.name ?? region.regionCode, limit: 40))
            let score = region.score(report.weights)
            return [
                region.isProvince ? "<b>\(name)</b>" : name,
                view.rate(region.coverage), view.rate(region.match), view.rate(region.accuracy),
                "\(NumberText.percent(hundredths: region.progress))",
                Plots.meter(Double(score ?? 0), of: 10_000, tone: .accent), "<b>\(NumberText.points(score))</b>",
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.region)), .number(parts(Phrases.coverageRate)), .number(parts(Phrases.matchRate)),
            .number(parts(Phrases.accuracyRate)), .number(parts(Phrases.progressRate)), .plot(""),
            .number(parts(Phrases.totalScore)),
        ]
        let note: HTML =
            regions.first(where: \.isProvince).map { province in
                let values = [
                    "first": NumberText.percent(hundredths: province.firstSubmitted.hundredths),
                    "again": NumberText.percent(hundredths: province.resubmitted.hundredths),
                    "accurate": NumberText.percent(hundredths: province.firstAccurate.hundredths),
                ]
                return "<p class=\"note\">\(parts(Phrases.progressParts, values))</p>"
            } ?? .empty
        return view.section(
            "evaluation", parts(Phrases.evaluationHeading),
            parts.table(parts(Phrases.evaluationCaption), columns, rows) + note)
    }

    var downloads: HTML {
        view.section(
            "files", parts(Phrases.downloads),
            view.files(
                [
                    (ViolationReport.violationsFile, Phrases.downloadViolations),
                    ("institutions.csv", Phrases.downloadInstitutions), ("returns.csv", Phrases.downloadReturns),
                    ("evaluation.csv", Phrases.downloadEvaluation),
                ] + (report.periodFindings.isEmpty ? [] : [("period.csv", Phrases.downloadPeriod)])))
    }
}
