import Core
import Reports
import Testing

/// What people read, kept beside the tests: a change of it is looked at before it goes out.
struct SnapshotTests {
    @Test(arguments: Language.allCases)
    func `a receipt reads as it did`(language: Language) throws {
        try expectSnapshot(Examples.receipt().html(language), "receipt.\(language.rawValue).html")
    }

    @Test func `a receipt for machines reads as it did`() throws {
        try expectSnapshot(Examples.receipt().json(), "receipt.json")
    }

    @Test(arguments: Verdict.allCases.map { Optional($0) } + [nil])
    func `a receipt says what to do for every verdict`(verdict: Verdict?) throws {
        let clean = Examples.file("药品目录.csv", .catalogue, read: 12)
        let returned = Examples.file("药品目录.csv", .catalogue, read: 12, skipped: ["submission_returned": 12])
        let files: [FileOutcome]? =
            switch verdict {
            case .passed, .passedWithWarnings: [clean]
            case .returned: [returned]
            case .partlyLoaded: nil
            case nil: []
            }
        var receipt = ReceiptBuilder(
            report: Examples.report(verdict: verdict, files: files, version: 1),
            rules: Examples.rules)
        if verdict == .passedWithWarnings { receipt.add(Examples.findings[0]) }
        if verdict == .returned {
            receipt.add(
                Examples.finding(
                    "C06", .interrupt, Place(table: .catalogue, file: 0, line: 4, row: 1, column: "org_code"),
                    value: "410726530", expected: "X"))
        }
        try expectSnapshot(receipt.html(.chinese), "receipt-\(verdict?.rawValue ?? "waiting").zh.html")
    }

    @Test(arguments: Language.allCases)
    func `the page of a run reads as it did`(language: Language) throws {
        let receipts = [SubmissionID(100): "../outbox/\(Examples.code(0))/100/receipt.html"]
        let page = RunPage(Examples.runReport(), rules: Examples.rules, receipts: receipts, index: "index.html")
        try expectSnapshot(page.html(language), "run.\(language.rawValue).html")
    }

    @Test func `the run for machines reads as it did`() throws {
        try expectSnapshot(RunPage(Examples.runReport(submissions: 3), rules: Examples.rules).json(), "run.json")
    }

    @Test func `a run with failures and rows that do not add up is loud`() throws {
        var report = Examples.runReport(submissions: 4, finished: false)
        report.submissions[1].files[0].rowsLoaded -= 1
        report.failures = [
            StageFailure(
                submission: SubmissionID(102), stage: .load,
                reason: "could not extend file \"base/16384\": No space left on device")
        ]
        try expectSnapshot(RunPage(report, rules: Examples.rules).html(.chinese), "run-alarm.zh.html")
    }

    @Test(arguments: Language.allCases)
    func `the list of runs reads as it did`(language: Language) throws {
        let newest = Examples.runReport()
        var older = Examples.runReport(submissions: 5)
        older.runID = 127
        older.exitCode = 1
        var oldest = Examples.runReport(submissions: 0, finished: false)
        oldest.runID = 126
        let page = IndexPage(
            runs: [
                RunSummary(newest, link: "run-128.html"), RunSummary(older, link: "run-127.html"),
                RunSummary(oldest, knowsSubmissions: false),
            ], newest: newest)
        try expectSnapshot(page.html(language), "index.\(language.rawValue).html")
        try expectSnapshot(page.json(), "index.json")
    }

    @Test(arguments: Language.allCases)
    func `validate prints as it did`(language: Language) throws {
        var groups = FindingGroups(placesPerRule: 3)
        for finding in Examples.findings { groups.add(finding) }
        let report = ValidateReport(
            files: Examples.files, groups: groups, rules: Examples.rules, verdict: .partlyLoaded)
        try expectSnapshot(Array(report.text(language).utf8), "validate.\(language.rawValue).txt")
        #expect(!report.text(language).contains("\u{1B}"))
        #expect(report.text(language, isColoured: true).contains("\u{1B}[1;31m"))
    }

    @Test func `the list of findings reads as it did`() throws {
        let list = FindingsCSV(files: Examples.files, rules: Examples.rules)
        var bytes = list.header
        for (index, finding) in Examples.findings.prefix(16).enumerated() {
            bytes += list.row(for: finding, number: index + 1)
        }
        bytes += list.row(for: Examples.findings[Examples.findings.count - 1], number: 17)
        try expectSnapshot(bytes, "findings.csv")
    }
}
