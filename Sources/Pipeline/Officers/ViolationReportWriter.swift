public import Core
internal import Foundation
internal import Reports
public import Rules
internal import Synchronization

/// Writes the officers' report of a period as a folder of pages and lists. Findings are read one submission at a time, so
/// that a period with a million of them needs no more memory than one with a thousand.
public struct ViolationReportWriter: Sendable {
    /// What was written.
    public struct Written: Sendable {
        /// Where.
        public var folder: String
        /// How many submissions are in force.
        public var submissions: Int
        /// How many of them have findings, which is how many pages of institutions there are.
        public var institutions: Int
        /// How many rules found something.
        public var rules: Int
        /// How many findings there are, which is how many records `violations.csv` has.
        public var findings: Int
    }

    /// Why a report is not written.
    public enum Refusal: Error, Sendable {
        /// The folder is there and holds something else.
        case foreignFolder(String)
    }

    private static let priceLimit = 3_000
    private static let quarantinedLimit = 20

    private let store: any SubmissionStore
    private let settings: PipelineSettings
    private let rules: RuleBook
    private let thresholds: [String: Int64]

    /// A writer of reports from a store, by the thresholds in force on a day.
    public init(store: any SubmissionStore, settings: PipelineSettings, rules: RuleBook, businessDate: CalendarDay) {
        self.store = store
        self.settings = settings
        self.rules = rules
        thresholds = rules.parameters.inForce(on: businessDate)
    }

    /// Where reports lie below the province's pages.
    static func folder(of period: Period, below reports: String) -> String { "\(reports)/violations/\(period)" }

    // MARK: What changed

    /// Writes the reports of all periods whose submissions in force are not those of the report that is there.
    func writeChanged() async throws -> [Written] {
        try await store.register(EvaluationWeights(thresholds: thresholds))
        let states = try await store.periodStates()
        var written: [Written] = []
        for period in states.keys.sorted() {
            let folder = ViolationReportWriter.folder(of: period, below: settings.reports)
            // What a report is compared with counts too, and how it is worded.
            let before = period.before.flatMap { states[$0] } ?? "-"
            let state = "\(rules.hash)\n\(settings.language.rawValue)\n\(states[period] ?? "-")\n\(before)\n"
            if ReportFolder.mark(of: folder) == state { continue }
            written.append(try await write(period, to: folder, state: state))
            try Task.checkCancellation()
        }
        return written
    }

    /// Writes the report of a period into a folder: one that is not there, is empty, or holds such a report.
    public func write(_ period: Period, to folder: String) async throws -> Written {
        guard ReportFolder.mayReplace(folder) else { throw Refusal.foreignFolder(folder) }
        return try await write(period, to: folder, state: "by hand\n")
    }

    private func write(_ period: Period, to folder: String, state: String) async throws -> Written {
        let target = try ReportFolder(folder)
        let summary = try await store.violationSummary(of: period)
        var receipts: [SubmissionID: String] = [:]
        for item in summary.submissions {
            receipts[item.submission] = RelativePath.from(
                folder, to: "\(settings.outbox)/\(item.hospitalCode)/\(item.submission)/receipt.html")
        }
        var report = ViolationReport(
            summary, prices: try await store.priceDistributions(of: period, limit: ViolationReportWriter.priceLimit),
            rules: RuleTexts(rules.sorted.map(\.stored)), limits: GradeLimits(thresholds: thresholds),
            weights: EvaluationWeights(thresholds: thresholds), receipts: receipts,
            home: RelativePath.from(folder, to: "\(settings.reports)/index.html"),
            periodFindings: try await store.report(on: period).entries)
        let totals = report.ruleTotals
        let findings: Int
        (findings, report.following) = try await writeDetails(report, totals, target)
        try writeLists(report, totals, target)
        try target.write(".state", Array(state.utf8))
        try target.finish()
        return Written(
            folder: folder, submissions: summary.submissions.count,
            institutions: summary.submissions.count { $0.counts.contains { $0.count > 0 } }, rules: totals.count,
            findings: findings)
    }

    // MARK: Pages and lists

    /// The pages of institutions and rules, and the lists of findings. Gives how many findings there are, and what follows
    /// from what.
    private func writeDetails(
        _ report: ViolationReport, _ totals: [ViolationReport.RuleTotal], _ target: ReportFolder
    ) async throws -> (count: Int, following: FollowingFindings) {
        let language = settings.language
        let streams = try ViolationStreams(
            report, totals, rules: RuleTexts(rules.sorted.map(\.stored)), target, language)
        let items = report.summary.submissions.filter { $0.counts.contains { $0.count > 0 } }
        let handfuls = Handful.of(items) { $0.counts.reduce(0) { $0 + $1.count } }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (number, handful) in handfuls.enumerated() {
                let finished = try await read(handful, into: streams)
                if number >= max(settings.workers, 1) { _ = try await tasks.next() }
                tasks.addTask {
                    for page in finished {
                        try target.write(page.file, page.page.html(language, quarantined: page.quarantined))
                    }
                }
                try Task.checkCancellation()
            }
            try await tasks.waitForAll()
        }
        return try streams.close()
    }

    /// Reads the findings of some submissions into the lists, and gives the pages that came of it.
    private func read(
        _ items: [JudgedSubmission], into streams: ViolationStreams
    ) async throws -> [ViolationStreams.Finished] {
        let ids = items.map(\.submission)
        let files = Dictionary(
            try await store.reports(on: ids).map { ($0.submission.id, $0.files) },
            uniquingKeysWith: { first, _ in first })
        try streams.begin(items, files: files)
        let store = store
        try await BesideReading.forEach { take in
            try await store.forEachFinding(of: ids) { try take(($0, $1)) }
        } _: { (submission: SubmissionID, finding: Finding) in
            try streams.add(finding, of: submission)
        }
        let aside = try await store.quarantinedRows(
            of: items.filter { $0.rowsQuarantined > 0 }.map(\.submission),
            limit: ViolationReportWriter.quarantinedLimit)
        return try streams.end(quarantined: aside)
    }

    /// The pages and lists that need only counts.
    private func writeLists(
        _ report: ViolationReport, _ totals: [ViolationReport.RuleTotal], _ target: ReportFolder
    ) throws {
        let language = settings.language
        for total in totals {
            try target.write(
                ViolationReport.file(of: total.rule, "-institutions.csv"),
                ViolationCSV.institutions(of: total, in: report))
        }
        try target.write("institutions.csv", ViolationCSV.institutions(in: report))
        try target.write("returns.csv", ViolationCSV.returns(in: report))
        try target.write("evaluation.csv", ViolationCSV.evaluation(in: report))
        if !report.periodFindings.isEmpty { try target.write("period.csv", ViolationCSV.period(in: report)) }
        try target.write("institutions.html", report.institutions(language))
        try target.write("returns.html", report.returns(language))
        try target.write("index.json", report.json())
        try target.write("index.html", report.index(language))
    }
}
