import Core
import Foundation
import Testing

@testable import Reports

@Suite struct `Causes and the period as a whole in the officers' report` {
    private static func finding(_ rule: RuleID, _ number: UInt64, root: UInt64? = nil) -> Finding {
        Finding(
            Observation(rule, at: Place(table: .usage, file: 0, line: Int(number), row: Int(number))),
            severity: .error, fingerprint: Fingerprint(high: 9, low: number), stage: .pre,
            root: root.map { Fingerprint(high: 9, low: $0) })
    }

    /// Two findings of one rule that follow from another's, one of them told before its root, and one of its own.
    private static var page: InstitutionViolations {
        let report = ViolationExamples.report()
        var page = InstitutionViolations(report, report.summary.submissions[0], files: ViolationExamples.files)
        for finding in [
            finding("F01", 1, root: 3), finding("F01", 2), finding("C16", 3), finding("F01", 4, root: 3),
        ] {
            page.add(finding)
        }
        page.close()
        return page
    }

    @Test func `what follows from what is counted, whichever comes first`() {
        let following = Self.page.following
        #expect(following.total == 2)
        #expect(following.count(of: "F01") == 2 && following.count(of: "C16") == 0)
        #expect(following.roots(of: "F01").map(\.rule) == ["C16"])
        #expect(following.consequences(of: "C16").map(\.count) == [2])
        var sum = following
        sum.add(following)
        #expect(sum.count(of: "F01") == 4)
    }

    @Test(arguments: Language.allCases)
    func `pages say it`(language: Language) throws {
        var report = ViolationExamples.report()
        report.following = Self.page.following
        let institution = Self.page.html(language, quarantined: [])
        let text = String(decoding: institution, as: UTF8.self)
        let lists = language == .chinese ? ["不必单独改：C16 × 2", "由此引起：F01 × 2"] : ["own: C16 × 2", "these: F01 × 2"]
        for list in lists { #expect(text.contains(list)) }
        try ViolationPages.check(institution, "institution")
        #expect(
            !String(decoding: ViolationExamples.report().index(language), as: UTF8.self).contains(
                language == .chinese ? "独立问题" : "causes among"))
        #expect(
            String(decoding: report.index(language), as: UTF8.self).contains(
                language == .chinese ? "独立问题" : "causes among"))
    }

    @Test(arguments: Language.allCases)
    func `findings of the period as a whole stand on the first page, in the list and for machines`(
        language: Language
    ) throws {
        let entries = (1...300).map { number in
            PeriodReport.Entry(
                rule: "P46", severity: .warning, subject: "<b>西安市 \(number)</b>",
                message: Phrase("=全市 \(number) 家", "all \(number) of the city"))
        }
        let report = ViolationReport(
            ViolationExamples.summary, prices: [], rules: RuleTexts(ViolationExamples.rules), limits: nil,
            weights: EvaluationWeights(), periodFindings: entries)
        let index = report.index(language)
        try ViolationPages.check(index, "index")
        let text = String(decoding: index, as: UTF8.self)
        #expect(text.contains("&lt;b&gt;西安市 200&lt;/b&gt;") && !text.contains("西安市 201"))
        #expect(text.contains("period.csv"))
        let records = CSVRecords.of(ViolationCSV.period(in: report))
        #expect(records.count == 301)
        #expect(records[300][5] == "'=全市 300 家")
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json())) as? [String: Any])
        #expect((json["period_findings"] as? [Any])?.count == 300)
    }
}
