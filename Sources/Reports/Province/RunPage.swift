public import Core

/// The province's page about one run: did it go well, what came, who is missing, what was found, where every row ended.
public struct RunPage: Sendable {
    let report: RunReport
    let rules: RuleTexts
    let receipts: [SubmissionID: String]
    let index: String?
    let violations: [Period: String]

    /// A page about a run.
    ///
    /// - Parameters:
    ///   - receipts: where the receipts lie, relative to the page.
    ///   - index: where the page of all runs lies, relative to the page.
    ///   - violations: where the officers' reports on periods lie, relative to the page.
    public init(
        _ report: RunReport, rules: RuleTexts, receipts: [SubmissionID: String] = [:], index: String? = nil,
        violations: [Period: String] = [:]
    ) {
        self.report = report
        self.rules = rules
        self.receipts = receipts
        self.index = index
        self.violations = violations
    }

    /// The page, UTF-8.
    public func html(_ language: Language) -> [UInt8] {
        let sections = RunSections(page: self, parts: PageParts(language: language))
        let parts = sections.parts
        let back: HTML =
            index.map { " · <a href=\"\(HTML.address($0))\">\(parts(Phrases.indexTitle))</a>" } ?? .empty
        return Page(
            language: language,
            title: "\(parts(Phrases.runTitle, ["n": "\(report.runID)"])) · \(report.businessDate)",
            kicker: parts(Phrases.runKicker),
            heading: "\(parts(Phrases.runTitle, ["n": "\(report.runID)"]))",
            subtitle:
                "\(parts(Phrases.businessDate, ["date": report.businessDate.description])) · \(sections.time)\(back)",
            content: HTML(lines: [
                sections.outcome, ViolationLinks.html(violations, parts), sections.failures, sections.totals,
                sections.coverage, sections.came,
                sections.sightings,
                sections.findings, sections.stages,
            ]),
            footer: "<p>\(parts(Phrases.provinceFooter))</p>"
        ).bytes
    }

    var rows: RowTotals { RowTotals(report.submissions.lazy.flatMap(\.files)) }

    /// Submissions whose own rows do not add up, though the whole might.
    var unbalanced: [SubmissionReport] { report.submissions.filter { !$0.files.allSatisfy(\.isBalanced) } }
}

/// The way to the officers' reports on periods, newest first.
enum ViolationLinks {
    private static let limit = 40

    static func html(_ violations: [Period: String], _ parts: PageParts) -> HTML {
        let links = violations.sorted { $0.key > $1.key }.prefix(limit).map { period, path -> HTML in
            "<a href=\"\(HTML.address(path))\">\(parts(Labels.name(of: period)))</a>"
        }
        guard !links.isEmpty else { return .empty }
        let list = HTML(markup: links.map(\.text).joined(separator: " · "))
        return "<p class=\"ways\">\(parts(Phrases.violationsLink)) \(list)</p>"
    }
}

/// How many institutions of a period have reported.
struct Coverage {
    let period: Period?
    let expected: Int
    let missing: Int

    var reported: Int { max(expected - missing, 0) }

    /// 80 % and more is good, 60 to 80 % fair.
    var band: (words: Phrase, tone: Tone) {
        if reported * 100 >= expected * 80 { return (Phrases.bandGood, .good) }
        if reported * 100 >= expected * 60 { return (Phrases.bandFair, .caution) }
        return (Phrases.bandPoor, .bad)
    }

    /// One for each period in which somebody is missing; one for all where nobody is; none where nobody knows.
    static func of(_ report: RunReport) -> [Coverage] {
        guard let expected = report.expectedInstitutions, expected > 0 else { return [] }
        let periods = Dictionary(grouping: report.missing, by: \.period)
        guard !periods.isEmpty else { return [Coverage(period: nil, expected: expected, missing: 0)] }
        return periods.sorted { $0.key < $1.key }
            .map { Coverage(period: $0, expected: expected, missing: Set($1.map(\.hospitalCode)).count) }
    }
}
