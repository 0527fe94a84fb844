public import Core

/// The officers' page of one rule: what it means, who breaks it, samples of rows, and prices where it questions them.
public struct RuleViolations: Sendable {
    private static let plots = 6
    private static let marks = 40

    private let report: ViolationReport
    private let total: ViolationReport.RuleTotal
    /// The submissions whose rows are shown.
    private let wanted: Set<SubmissionID>
    private var rows: [SubmissionID: SampledRows] = [:]
    private var questioned: [PriceDistribution.Key: [Double]] = [:]
    private var questions: [PriceDistribution.Key: Int] = [:]

    /// A page without rows yet.
    public init(_ report: ViolationReport, _ total: ViolationReport.RuleTotal) {
        self.report = report
        self.total = total
        wanted = Set(
            total.submissions.prefix(ViolationReport.sampledInstitutions).map {
                report.summary.submissions[$0.submission].submission
            })
    }

    /// Takes a finding of the rule, for what its page shows of all institutions together.
    public mutating func add(_ finding: Finding) {
        guard let (key, price) = QuestionedPrice.of(finding), report.prices[key] != nil else { return }
        questions[key, default: 0] += 1
        var prices = questioned.removeValue(forKey: key) ?? []
        if prices.count < RuleViolations.marks { prices.append(price) }
        questioned[key] = prices
    }

    /// Takes the rows of an institution, where the page shows them.
    public mutating func add(_ institution: InstitutionViolations, of submission: SubmissionID, _ language: Language) {
        guard wanted.contains(submission) else { return }
        rows[submission] = institution.rows(of: total.rule, language)
    }

    /// The page, UTF-8.
    ///
    /// - Parameter following: what follows from what, over all institutions.
    public func html(_ language: Language, following: FollowingFindings = FollowingFindings()) -> [UInt8] {
        let view = ViolationParts(report, language, root: "../")
        let parts = view.parts
        let title = report.rules.title(total.rule, language)
        return view.page(
            title: "\(total.rule) \(title) · \(view.period)",
            heading: "\(total.rule.rawValue) \(title) \(parts.badge(total.severity))",
            subtitle:
                "\(view.period) · \(view.link("index.html", "\(parts(Phrases.report))", anchor: "#rules"))",
            [
                tiles(view, following), remedy(view), parts.links(of: total.rule, following), lists(view), prices(view),
                institutions(view), samples(view),
            ])
    }

    private func tiles(_ view: ViolationParts, _ following: FollowingFindings) -> HTML {
        let parts = view.parts
        let all = report.summary.submissions.count
        let found = total.submissions.count
        var tiles: [(label: String, value: HTML, tone: Tone)] = [
            (
                parts(Phrases.institutions),
                "\(parts.number(found))<small>/ \(parts.number(all)) · \(NumberText.percent(found, of: all))</small>",
                .quiet
            ),
            (parts(Phrases.findingsTotal), parts.number(total.count), .quiet),
        ]
        let consequences = following.count(of: total.rule)
        if consequences > 0 { tiles.append((parts(Phrases.causes), parts.number(total.count - consequences), .quiet)) }
        for severity in Severity.allCases {
            guard total.weights.count > 1, let count = total.weights[severity] else { continue }
            tiles.append((parts(Labels.name(of: severity)), parts.number(count), .quiet))
        }
        if let earlier = report.summary.earlier {
            let before = earlier.counts.reduce(0) { $0 + ($1.rule == total.rule ? $1.count : 0) }
            tiles.append(
                (
                    parts(Phrases.periodBefore),
                    "\(parts.number(before))<small>\(parts(Phrases.changeColumn)) \(NumberText.change(total.count - before))</small>",
                    .quiet
                ))
        }
        return parts.tiles(tiles)
    }

    private func remedy(_ view: ViolationParts) -> HTML {
        let remedy = report.rules.remedy(total.rule, view.parts.language)
        return remedy.isEmpty ? .empty : "<p>\(view.parts(Phrases.remedy)) \(remedy)</p>"
    }

    private func lists(_ view: ViolationParts) -> HTML {
        view.files([
            (ViolationReport.file(of: total.rule, "-institutions.csv"), Phrases.listOfRule),
            (ViolationReport.file(of: total.rule, ".csv"), Phrases.rowsOfRule),
        ])
    }

    private func prices(_ view: ViolationParts) -> HTML {
        let parts = view.parts
        let sorted = questions.sorted {
            ($1.value, $0.key.table, $0.key.ypid) < ($0.value, $1.key.table, $1.key.ypid)
        }
        let shown = sorted.prefix(RuleViolations.plots).enumerated().compactMap { number, item -> HTML? in
            guard let distribution = report.prices[item.key] else { return nil }
            return PricePlot(
                distribution, questioned: questioned[item.key] ?? [], id: "price-\(number)", parts: parts
            ).html
        }
        guard !shown.isEmpty else { return .empty }
        let rest: HTML =
            sorted.count > shown.count
            ? "<p class=\"note\">\(parts(Phrases.pricesShown, ["n": "\(shown.count)", "total": NumberText.grouped(sorted.count)]))</p>"
            : .empty
        return view.section(
            "prices", parts(Phrases.priceHeading), HTML(lines: [PricePlot.key(parts), rest] + shown))
    }

    private func institutions(_ view: ViolationParts) -> HTML {
        let parts = view.parts
        let most = total.submissions.first?.count ?? 0
        let rows = total.submissions.prefix(ViolationReport.lineLimit).map { entry -> [HTML] in
            let item = report.summary.submissions[entry.submission]
            return [
                view.institution(item, anchor: HTML(markup: "#") + ViolationReport.anchor(of: total.rule)),
                view.cityAndCounty(item), view.level(item), view.grade(item),
                Plots.meter(Double(entry.count), of: Double(most), tone: Tone(total.severity)),
                parts.number(entry.count),
            ]
        }
        let columns: [PageParts.Column] = [
            .wide(parts(Phrases.hospital)), .cell(parts(Phrases.city)), .short(parts(Phrases.level)),
            .short(parts(Phrases.gradeColumn)), .plot(""), .number(parts(Phrases.count)),
        ]
        let rest = total.submissions.count - rows.count
        let more: HTML =
            rest > 0
            ? "<p class=\"note\">\(parts(Phrases.moreInstitutions, ["n": NumberText.grouped(rest), "file": ViolationReport.file(of: total.rule, "-institutions.csv")]))</p>"
            : .empty
        let caption = parts(Phrases.rulePageCaption, ["n": NumberText.grouped(total.submissions.count)])
        return view.section(
            "institutions", parts(Phrases.byInstitution), parts.table(caption, columns, rows) + more)
    }

    private func samples(_ view: ViolationParts) -> HTML {
        let parts = view.parts
        let items = total.submissions.prefix(ViolationReport.sampledInstitutions).enumerated().compactMap {
            number, entry -> HTML? in
            let item = report.summary.submissions[entry.submission]
            guard let rows = rows[item.submission] else { return nil }
            let words = parts(
                Phrases.rowsOfInstitution, ["n": "\(rows.shown)", "total": NumberText.grouped(rows.total)])
            return """
                <details class="rows"\(number < 3 ? " open=\"open\"" : .empty as HTML)><summary>\
                \(parts.native(VisibleText.cut(item.name ?? item.hospitalCode, limit: 100))) · \(words)</summary>
                \(rows.table)
                </details>

                """
        }
        guard !items.isEmpty else { return .empty }
        return view.section(
            "rows", parts(Phrases.rowsSampled, ["n": "\(items.count)"]), "\(each: items)")
    }
}
