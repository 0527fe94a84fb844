public import Core

/// The officers' page of one institution, made while its findings stream by: rules, then samples of their rows.
public struct InstitutionViolations: Sendable {
    /// So many rows are shown of each rule.
    private static let rowsPerRule = 6
    /// And so many of them on the page of the rule.
    private static let rowsOnRulePage = 3
    private static let plots = 12
    private static let questionedLimit = 400

    private struct Group {
        var severity: Severity
        var sample: StratifiedSample

        mutating func add(_ finding: Finding) {
            severity = max(severity, finding.severity)
            sample.add(finding)
        }
    }

    private struct Questioned {
        var key: PriceDistribution.Key
        var prices: [Double]
    }

    private let report: ViolationReport
    private let judged: JudgedSubmission
    private let files: [FileOutcome]
    private var groups: [RuleID: Group] = [:]
    private var questioned: [Questioned] = []
    private var roots = RootTally()
    /// What follows from what; known once all findings have come.
    public private(set) var following = FollowingFindings()

    /// A page without findings yet.
    public init(_ report: ViolationReport, _ judged: JudgedSubmission, files: [FileOutcome]) {
        self.report = report
        self.judged = judged
        self.files = files
    }

    /// Takes the next finding.
    public mutating func add(_ finding: Finding) {
        groups[
            finding.rule,
            default: Group(
                severity: finding.severity,
                sample: StratifiedSample(of: judged.submission, limit: InstitutionViolations.rowsPerRule))
        ].add(finding)
        roots.add(finding)
        addPrice(of: finding)
    }

    /// All findings have come: what follows from what is counted, and no single finding is remembered any more.
    public mutating func close() {
        following = FollowingFindings(roots)
        roots = RootTally()
    }

    private mutating func addPrice(of finding: Finding) {
        guard let (key, price) = QuestionedPrice.of(finding), questioned.count < InstitutionViolations.questionedLimit
        else { return }
        if let index = questioned.firstIndex(where: { $0.key == key }) {
            if questioned[index].prices.count < 20, !questioned[index].prices.contains(price) {
                questioned[index].prices.append(price)
            }
        } else if report.prices[key] != nil {
            questioned.append(Questioned(key: key, prices: [price]))
        }
    }

    /// The rows that the page of a rule shows of this institution.
    public func rows(of rule: RuleID, _ language: Language) -> SampledRows? {
        guard let group = groups[rule] else { return nil }
        let chosen = Array(group.sample.chosen.prefix(InstitutionViolations.rowsOnRulePage))
        let view = ViolationParts(report, language, root: "../")
        return SampledRows(
            shown: chosen.count, total: group.sample.count, table: table(chosen, group.sample.count, view))
    }

    /// The page, UTF-8.
    ///
    /// - Parameter quarantined: the first rows kept aside.
    public func html(_ language: Language, quarantined: [QuarantinedRow]) -> [UInt8] {
        let view = ViolationParts(report, language, root: "../")
        let parts = view.parts
        let name = judged.name ?? judged.hospitalCode
        let sorted = groups.sorted {
            ($0.value.severity.rank, -$0.value.sample.count, $0.key)
                < ($1.value.severity.rank, -$1.value.sample.count, $1.key)
        }
        return view.page(
            title: "\(VisibleText.cut(name, limit: 100)) · \(view.period)",
            heading: parts.native(VisibleText.cut(name, limit: 200)),
            subtitle: """
                \(view.period) · <code>\(VisibleText.cut(judged.hospitalCode, limit: 60))</code> · \(view.cityAndCounty(judged)) · \
                \(view.level(judged)) · \(view.link("institutions.html", "\(parts(Phrases.byInstitution))")) · \
                \(view.link("index.html", "\(parts(Phrases.report))"))
                """,
            [
                outcome(view), scores(view), overview(sorted.map { ($0.key, $0.value) }, view), prices(view),
                HTML(lines: sorted.map { section($0.key, $0.value, view) }), aside(quarantined, view),
            ])
    }

    // MARK: Sections

    private func outcome(_ view: ViolationParts) -> HTML {
        let parts = view.parts
        let tone = judged.grade.map { Tone($0) } ?? Tone(judged.verdict)
        let headline = judged.grade.map { parts(Labels.name(of: $0)) } ?? parts(Labels.name(of: judged.verdict))
        let reasons = view.reasons(judged).map { "<li>\($0)</li>\n" as HTML }
        var ways = view.link(ViolationReport.file(of: judged, ".csv"), "\(parts(Phrases.listOfInstitution))")
        if let receipt = report.receipts[judged.submission] {
            ways = ways + " · " + view.link(receipt, "\(parts(Phrases.receiptOfHospital))")
        }
        return """
            <section class="verdict \(tone.name)" aria-labelledby="outcome">
            <h2 id="outcome">\(headline)</h2>
            \(reasons.isEmpty ? .empty : "<ul>\n\(each: reasons)</ul>" as HTML)
            <p>\(ways)</p>
            </section>
            """
    }

    private func scores(_ view: ViolationParts) -> HTML {
        let parts = view.parts
        let quality = judged.quality
        let rate = judged.anomalies
        return parts.tiles([
            (
                parts(Phrases.anomalyRate),
                "\(view.rate(rate))<small>\(parts.number(rate?.part ?? 0)) / \(parts.number(rate?.whole ?? 0))</small>",
                .quiet
            ),
            (parts(Phrases.score), "\(NumberText.points(quality.score))", .quiet),
            (parts(Phrases.completeness), view.rate(quality.records), .quiet),
            (parts(Phrases.accuracy), view.rate(quality.rules), .quiet),
            (parts(Phrases.consistency), view.rate(quality.checks), .quiet),
        ]) + "\n<p class=\"note\">\(parts(Phrases.scoreNote))</p>"
    }

    private func overview(_ groups: [(RuleID, Group)], _ view: ViolationParts) -> HTML {
        let parts = view.parts
        let hasConsequences = following.total > 0
        let rows = groups.map { rule, group -> [HTML] in
            let count = group.sample.count
            return [
                "<a href=\"#\(anchor(rule))\">\(rule.rawValue)</a> \(report.rules.title(rule, parts.language))",
                parts.badge(group.severity), parts.number(count),
            ] + (hasConsequences ? [parts.number(count - following.count(of: rule))] : []) + [
                view.link(ViolationReport.file(of: rule, ".html"), "\(parts(Phrases.allWithRule))")
            ]
        }
        var columns: [PageParts.Column] = [
            .text(parts(Phrases.rule)), .short(parts(Phrases.weight)), .number(parts(Phrases.count)),
        ]
        if hasConsequences { columns.append(.number(parts(Phrases.causes))) }
        columns.append(.short(""))
        return view.section(
            "rules", parts(Phrases.byRule),
            parts.table(
                parts(Phrases.rulesOfInstitution, ["n": NumberText.grouped(groups.count)]), columns, rows))
    }

    private func prices(_ view: ViolationParts) -> HTML {
        let parts = view.parts
        let shown = questioned.prefix(InstitutionViolations.plots).enumerated().compactMap { number, item -> HTML? in
            guard let distribution = report.prices[item.key] else { return nil }
            return PricePlot(distribution, questioned: item.prices, id: "price-\(number)", parts: parts).html
        }
        guard !shown.isEmpty else { return .empty }
        let rest: HTML =
            questioned.count > shown.count
            ? "<p class=\"note\">\(parts(Phrases.pricesShown, ["n": "\(shown.count)", "total": "\(questioned.count)"]))</p>"
            : .empty
        return view.section(
            "prices", parts(Phrases.priceHeading), HTML(lines: [PricePlot.key(parts), rest] + shown))
    }

    private func section(_ rule: RuleID, _ group: Group, _ view: ViolationParts) -> HTML {
        let parts = view.parts
        let remedy = report.rules.remedy(rule, parts.language)
        return """
            <article class="group long" id="\(anchor(rule))">
            <h3>\(view.rule(rule)) \(parts.badge(group.severity)) <span class="soft">× \(parts.number(group.sample.count))</span></h3>
            \(remedy.isEmpty ? .empty : "<p>\(parts(Phrases.remedy)) \(remedy)</p>" as HTML)
            \(HTML(lines: [parts.links(of: rule, following), table(group.sample.chosen, group.sample.count, view)]))
            </article>
            """
    }

    private func table(_ findings: [Finding], _ total: Int, _ view: ViolationParts) -> HTML {
        SampleTable.html(findings, of: total, files: files, rules: report.rules, parts: view.parts)
    }

    private static let rowLimit = 400

    /// A row kept aside with no more than what the page shows of it: a row of a megabyte must not stay in memory.
    public static func shortened(_ row: QuarantinedRow) -> QuarantinedRow {
        var row = row
        row.raw = []
        row.text = VisibleText.cut(row.text, limit: rowLimit + 1)
        return row
    }

    private func aside(_ rows: [QuarantinedRow], _ view: ViolationParts) -> HTML {
        let parts = view.parts
        guard !rows.isEmpty else { return .empty }
        let lines = rows.map { row -> [HTML] in
            let file = files.indices.contains(Int(row.origin.file)) ? files[Int(row.origin.file)] : nil
            // A row of the institution table names people; which cell that is, a broken row does not tell for certain.
            let text: HTML =
                row.table == .institution
                ? "<span class=\"soft\">\(parts(Phrases.rowOfPersons))</span>"
                : parts.raw(VisibleText.cut(row.text, limit: InstitutionViolations.rowLimit))
            return [
                "<code>\(VisibleText.cut(file?.label(among: files) ?? "—", limit: 120))</code>",
                "\(Int(row.origin.line))", "\(Int(row.origin.row))",
                "\(row.rules.prefix(12).map(\.rawValue).joined(separator: " "))", text,
            ]
        }
        let columns: [PageParts.Column] = [
            .cell(parts(Phrases.file)), .number(parts(Phrases.line)), .number(parts(Phrases.row)),
            .short(parts(Phrases.rulesBroken)), .text(parts(Phrases.rowAsItCame)),
        ]
        let caption = parts(
            Phrases.quarantinedCaption,
            ["n": "\(rows.count)", "total": NumberText.grouped(judged.rowsQuarantined)])
        return view.section(
            "quarantined", parts(Phrases.quarantinedHeading), parts.table(caption, columns, lines))
    }

    private func anchor(_ rule: RuleID) -> HTML { ViolationReport.anchor(of: rule) }
}

/// Rows of one institution as the page of a rule shows them.
public struct SampledRows: Sendable {
    let shown: Int
    let total: Int
    let table: HTML
}

extension ViolationReport {
    /// Where a rule stands on the page of an institution.
    static func anchor(of rule: RuleID) -> HTML {
        HTML(markup: "rule-" + file(of: rule, "").dropFirst("rules/".count))
    }
}

/// A price that a rule sets against the benchmark, as the finding tells it.
enum QuestionedPrice {
    private static let rules: Set<RuleID> = ["P01", "P02", "P03", "P04", "P05", "P06"]

    static func of(_ finding: Finding) -> (key: PriceDistribution.Key, price: Double)? {
        guard rules.contains(finding.rule), let table = finding.place.table,
            let ypid = finding.observation.details["ypid"],
            let price = finding.observation.details["price"].flatMap({ Double($0) }), price.isFinite, price > 0
        else { return nil }
        return (PriceDistribution.Key(table: table, ypid: ypid), price)
    }
}
