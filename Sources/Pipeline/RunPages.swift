internal import Core
internal import Reports
internal import Rules

/// The province's pages: one for each run and the index of all runs.
struct RunPages {
    let context: StageContext

    private static let indexedRuns = 60

    /// Writes them, and gives the run as they show it; `nil` where there is no such run.
    func write() async throws -> RunReport? {
        guard var report = try await context.store.report(onRun: context.run) else { return nil }
        report.rulesLeftOut = context.rules.leftOut
        let folder = context.settings.reports
        try FileSystem.makeFolder(folder)
        let texts = RuleTexts(context.rules.sorted.map(\.stored))
        var receipts: [SubmissionID: String] = [:]
        for entry in report.submissions {
            let path = "\(context.settings.outbox)/\(entry.submission.hospitalCode)/\(entry.submission.id)/receipt.html"
            receipts[entry.submission.id] = RelativePath.from(folder, to: path)
        }
        let periods = try await context.store.periodsInForce()
        let reports = Dictionary(
            periods.filter { FileSystem.exists("\(ViolationReportWriter.folder(of: $0, below: folder))/index.html") }
                .map { ($0, "violations/\($0)/index.html") }, uniquingKeysWith: { first, _ in first })
        let page = RunPage(
            report, rules: texts, receipts: receipts, index: "index.html",
            violations: reports.filter { period, _ in
                report.submissions.contains { $0.submission.period == period }
            })
        let language = context.settings.language
        try FileSystem.replace("\(folder)/\(RunPages.name(context.run)).json", with: page.json())
        try FileSystem.replace("\(folder)/\(RunPages.name(context.run)).html", with: page.html(language))

        let runs = try await context.store.recentRuns(limit: RunPages.indexedRuns)
        let summaries = runs.map { run in
            let isNewest = run.runID == context.run
            return RunSummary(
                isNewest ? report : run, link: "\(RunPages.name(run.runID)).html", knowsSubmissions: isNewest)
        }
        let index = IndexPage(runs: summaries, newest: report, violations: reports)
        try FileSystem.replace("\(folder)/index.json", with: index.json())
        try FileSystem.replace("\(folder)/index.html", with: index.html(language))
        return report
    }

    private static func name(_ run: Int) -> String { "run-\(run)" }
}

/// The way from one folder to a file, as a link in a page.
enum RelativePath {
    static func from(_ folder: String, to path: String) -> String {
        let start = folder.split(separator: "/")
        let end = path.split(separator: "/")
        let shared = zip(start, end).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: start.count - shared)
        return (up + end[shared...].map(String.init)).joined(separator: "/")
    }
}
