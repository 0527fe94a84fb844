public import Core
internal import Reports
public import Rules

/// Writes the officers' report of a period as a folder of pages and lists (see `OpenViolationReport`).
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

    private let store: any SubmissionStore
    /// Another session, which tells about prices while the first tells the rest.
    private let other: (any SubmissionStore)?
    private let settings: PipelineSettings
    private let rules: RuleBook
    private let thresholds: [String: Int64]

    /// A writer of reports from a store, by the thresholds in force on a day.
    /// - Parameter other: another session of the same store that has nothing to do while a report is begun.
    public init(
        store: any SubmissionStore, beside other: (any SubmissionStore)? = nil, settings: PipelineSettings,
        rules: RuleBook, businessDate: CalendarDay
    ) {
        self.store = store
        self.other = other
        self.settings = settings
        self.rules = rules
        thresholds = rules.parameters.inForce(on: businessDate)
    }

    /// Where reports lie below the province's pages.
    static func folder(of period: Period, below reports: String) -> String { "\(reports)/violations/\(period)" }

    // MARK: What changed

    /// A period whose report has to be written, and what stands in its folder then.
    struct Changed: Sendable {
        var period: Period
        var state: String
    }

    /// The periods whose submissions in force are not those of the report that is there.
    func changed() async throws -> [Changed] {
        try await store.register(EvaluationWeights(thresholds: thresholds))
        let states = try await store.periodStates()
        return states.keys.sorted().compactMap { period in
            // What a report is compared with counts too, and how it is worded.
            let before = period.before.flatMap { states[$0] } ?? "-"
            let state = "\(rules.hash)\n\(settings.language.rawValue)\n\(states[period] ?? "-")\n\(before)\n"
            let folder = ViolationReportWriter.folder(of: period, below: settings.reports)
            return ReportFolder.mark(of: folder) == state ? nil : Changed(period: period, state: state)
        }
    }

    /// Begins the report of a period that changed.
    func begin(_ changed: Changed) async throws -> OpenViolationReport {
        try await begin(
            changed.period, to: ViolationReportWriter.folder(of: changed.period, below: settings.reports),
            state: changed.state)
    }

    /// Writes the report of a period into a folder: one that is not there, is empty, or holds such a report.
    public func write(_ period: Period, to folder: String) async throws -> Written {
        guard ReportFolder.mayReplace(folder) else { throw Refusal.foreignFolder(folder) }
        return try await begin(period, to: folder, state: "by hand\n").finish()
    }

    private func begin(_ period: Period, to folder: String, state: String) async throws -> OpenViolationReport {
        let target = try ReportFolder(folder)
        async let prices = (other ?? store).priceDistributions(
            of: period, limit: ViolationReportWriter.priceLimit)
        let summary = try await store.violationSummary(of: period)
        var receipts: [SubmissionID: String] = [:]
        for item in summary.submissions {
            receipts[item.submission] = RelativePath.from(
                folder, to: "\(settings.outbox)/\(item.hospitalCode)/\(item.submission)/receipt.html")
        }
        let texts = RuleTexts(rules.sorted.map(\.stored))
        let periodFindings = try await store.report(on: period).entries
        let report = ViolationReport(
            summary, prices: try await prices, rules: texts, limits: GradeLimits(thresholds: thresholds),
            weights: EvaluationWeights(thresholds: thresholds), receipts: receipts,
            home: RelativePath.from(folder, to: "\(settings.reports)/index.html"), periodFindings: periodFindings)
        return try OpenViolationReport(
            report, rules: texts, store: store, settings: settings, target: target, state: state)
    }
}
