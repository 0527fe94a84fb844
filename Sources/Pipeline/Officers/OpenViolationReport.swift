internal import Core
internal import Reports

/// The officers' report of a period while it is written. Findings are read some submissions at a time, so that a period
/// with a million of them needs no more memory than one with a thousand.
///
/// Submissions come in the order of their numbers. Those whose papers for the hospital are written in the same run are read
/// and worded once for both; the report reads the others itself.
actor OpenViolationReport {
    /// Submissions whose findings come next.
    enum Part: Sendable, Equatable {
        /// Of these the report takes what is read for the hospitals.
        case shared([SubmissionID])
        /// These are in the way: the report reads them itself.
        case own([SubmissionID])
    }

    /// So many rows kept aside are shown of each institution.
    static let quarantinedLimit = 20

    /// Where findings go.
    nonisolated let streams: ViolationStreams
    private let store: any SubmissionStore
    private let settings: PipelineSettings
    private let target: ReportFolder
    private let state: String
    private var report: ViolationReport
    private let totals: [ViolationReport.RuleTotal]
    private let items: [SubmissionID: JudgedSubmission]
    /// The submissions with findings whose turn has not come, in order.
    private var left: ArraySlice<SubmissionID>
    /// Shared submissions of which the report takes nothing.
    private var passed: Set<SubmissionID> = []

    init(
        _ report: ViolationReport, rules: RuleTexts, store: any SubmissionStore, settings: PipelineSettings,
        target: ReportFolder, state: String
    ) throws {
        self.report = report
        self.store = store
        self.settings = settings
        self.target = target
        self.state = state
        totals = report.ruleTotals
        streams = try ViolationStreams(report, totals, rules: rules, target, settings.language)
        let found = report.summary.submissions.filter { $0.counts.contains { $0.count > 0 } }
        items = Dictionary(found.map { ($0.submission, $0) }, uniquingKeysWith: { first, _ in first })
        left = found.map(\.submission).sorted()[...]
    }

    /// What has to come, in this order, where findings of these submissions are about to be read for the hospitals. A
    /// submission that the report has read already, or has nothing to do with, is among the shared ones: nobody takes it.
    func parts(of submissions: [SubmissionID]) -> [Part] {
        var parts: [Part] = []
        var shared: [SubmissionID] = []
        for submission in submissions.sorted() {
            var own: [SubmissionID] = []
            while let first = left.first, first < submission { own += [left.removeFirst()] }
            if !own.isEmpty {
                if !shared.isEmpty { parts.append(.shared(shared)) }
                shared = []
                parts.append(.own(own))
            }
            if left.first == submission { left.removeFirst() } else { passed.insert(submission) }
            shared.append(submission)
        }
        if !shared.isEmpty { parts.append(.shared(shared)) }
        return parts
    }

    /// Findings of shared submissions are about to come.
    func begin(_ submissions: [SubmissionID], files: [SubmissionID: [FileOutcome]]) throws {
        try streams.begin(taken(submissions), files: files)
    }

    private func taken(_ submissions: [SubmissionID]) -> [JudgedSubmission] {
        submissions.compactMap { passed.contains($0) ? nil : items[$0] }
    }

    /// Reads the findings of some submissions itself, and writes their pages beside.
    func read(_ submissions: [SubmissionID]) async throws {
        let handfuls = Handful.of(submissions.compactMap { items[$0] }) { $0.counts.reduce(0) { $0 + $1.count } }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (number, handful) in handfuls.enumerated() {
                let pages = try await read(handful)
                if number >= max(settings.workers, 1) { _ = try await tasks.next() }
                tasks.addTask { try await self.write(pages, rows: [:], from: self.store) }
                try Task.checkCancellation()
            }
            try await tasks.waitForAll()
        }
    }

    private func read(_ items: [JudgedSubmission]) async throws -> [ViolationStreams.Finished] {
        let ids = items.map(\.submission)
        let files = Dictionary(
            try await store.reports(on: ids).map { ($0.submission.id, $0.files) },
            uniquingKeysWith: { first, _ in first })
        try streams.begin(items, files: files)
        let (store, streams) = (store, streams)
        try await BesideReading.forEach { take in
            try await store.forEachFinding(of: ids) { try take(($0, $1)) }
        } _: { (submission: SubmissionID, finding: Finding) in
            try streams.add(finding, of: submission)
        }
        return try streams.end()
    }

    /// Writes pages of institutions. Nobody has to wait for them but the end of the report.
    /// - Parameter rows: the first rows kept aside, where somebody has read them; the others come from the store.
    nonisolated func write(
        _ pages: [ViolationStreams.Finished], rows: [SubmissionID: [QuarantinedRow]], from store: any SubmissionStore
    ) async throws {
        let missing = pages.filter { $0.item.rowsQuarantined > 0 && rows[$0.item.submission] == nil }
        let others =
            missing.isEmpty
            ? [:]
            : try await store.quarantinedRows(
                of: missing.map(\.item.submission), limit: OpenViolationReport.quarantinedLimit)
        for page in pages {
            let submission = page.item.submission
            let quarantined = rows[submission] ?? others[submission] ?? []
            try target.write(
                ViolationReport.file(of: page.item, ".html"),
                page.page.html(settings.language, quarantined: quarantined))
        }
    }

    /// Reads what nobody brought, writes what needs all findings or only counts, and puts the folder in its place.
    func finish() async throws -> ViolationReportWriter.Written {
        let rest = Array(left)
        left = []
        try await read(rest)
        let closed = try streams.close()
        report.following = closed.following
        let (report, target, language) = (report, target, settings.language)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for rule in closed.rules {
                tasks.addTask {
                    try target.write(
                        ViolationReport.file(of: rule.total.rule, ".html"),
                        rule.page.html(language, following: report.following))
                }
            }
            try writeLists()
            try await tasks.waitForAll()
        }
        try target.write(".state", Array(state.utf8))
        try target.finish()
        return ViolationReportWriter.Written(
            folder: target.path, submissions: report.summary.submissions.count, institutions: items.count,
            rules: totals.count, findings: closed.count)
    }

    /// The pages and lists that need only counts.
    private func writeLists() throws {
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
