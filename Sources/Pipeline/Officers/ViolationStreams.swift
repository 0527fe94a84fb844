internal import Core
internal import Reports
internal import Synchronization

/// The lists of findings that are open while a report is written, and the pages that grow with them.
final class ViolationStreams: Sendable {
    /// The page of an institution whose findings have all come; what it shows of rows kept aside has not.
    struct Finished: Sendable {
        var item: JudgedSubmission
        var page: InstitutionViolations
    }

    private struct State {
        let all: OutputFile
        var rules: [OfRule]
        let places: [RuleID: Int]
        var current: Current?
        /// The last record.
        var record: [UInt8] = []
        /// Submissions whose findings come next, and those of them whose findings have come.
        var items: [SubmissionID: JudgedSubmission] = [:]
        var files: [SubmissionID: [FileOutcome]] = [:]
        var finished: [Finished] = []
        var following = FollowingFindings()
        var count = 0
    }

    private struct Current {
        var item: JudgedSubmission
        var page: InstitutionViolations
        var list: FindingsCSV
        var own: OutputFile
        /// What each of its records begins with.
        var beginning: [UInt8]
        var rules: Set<RuleID> = []

        /// Gives the finding as a record, which is in the submission's own list then.
        mutating func take(_ finding: Finding, as record: inout [UInt8], worded: [UInt8]?) throws {
            record.removeAll(keepingCapacity: true)
            record += beginning
            if let worded { record += worded } else { list.append(cellsFor: finding, to: &record) }
            try own.write(record)
            page.add(finding)
            rules.insert(finding.rule)
        }
    }

    /// What grows with the findings of one rule.
    private struct OfRule {
        let list: OutputFile
        var page: RuleViolations
    }

    private let report: ViolationReport
    private let totals: [ViolationReport.RuleTotal]
    private let texts: RuleTexts
    private let target: ReportFolder
    private let language: Language
    private let state: Mutex<State>

    init(
        _ report: ViolationReport, _ totals: [ViolationReport.RuleTotal], rules texts: RuleTexts,
        _ target: ReportFolder,
        _ language: Language
    ) throws {
        self.report = report
        self.totals = totals
        self.texts = texts
        self.target = target
        self.language = language
        let header = ViolationCSV.findingsHeader
        let list = try target.open(ViolationReport.violationsFile)
        try list.write(header)
        let rules = try totals.map { total in
            // As many are open at once as there are rules.
            let file = try target.open(ViolationReport.file(of: total.rule, ".csv"), bufferSize: 1 << 15)
            try file.write(header)
            return OfRule(list: file, page: RuleViolations(report, total))
        }
        let places = Dictionary(
            totals.enumerated().map { ($1.rule, $0) }, uniquingKeysWith: { first, _ in first })
        state = Mutex(State(all: list, rules: rules, places: places))
    }

    /// The next submissions.
    func begin(_ items: [JudgedSubmission], files: [SubmissionID: [FileOutcome]]) throws {
        state.withLock { state in
            state.items = Dictionary(items.map { ($0.submission, $0) }, uniquingKeysWith: { first, _ in first })
            state.files = files
        }
    }

    /// The next of their findings: submission by submission.
    /// - Parameter worded: its cells behind the first, where somebody has worded it already.
    func add(_ finding: Finding, of submission: SubmissionID, worded: [UInt8]? = nil) throws {
        try state.withLock { state in
            if state.current?.item.submission != submission {
                try finishCurrent(&state)
                guard let item = state.items.removeValue(forKey: submission) else { return }
                try start(item, &state)
            }
            try take(finding, worded, &state)
        }
    }

    /// Words a finding once and puts the record into all its lists.
    private func take(_ finding: Finding, _ worded: [UInt8]?, _ state: inout State) throws {
        guard try state.current?.take(finding, as: &state.record, worded: worded) != nil else { return }
        try state.all.write(state.record)
        if let place = state.places[finding.rule] {
            try state.rules[place].list.write(state.record)
            state.rules[place].page.add(finding)
        }
        state.count += 1
    }

    private func start(_ item: JudgedSubmission, _ state: inout State) throws {
        let files = state.files[item.submission] ?? []
        let own = try target.open(ViolationReport.file(of: item, ".csv"))
        try own.write(ViolationCSV.findingsHeader)
        state.current = Current(
            item: item, page: InstitutionViolations(report, item, files: files),
            list: FindingsCSV(files: files, rules: texts), own: own, beginning: ViolationCSV.beginning(of: item))
    }

    private func finishCurrent(_ state: inout State) throws {
        guard var current = state.current else { return }
        state.current = nil
        current.page.close()
        state.following.add(current.page.following)
        try current.own.close()
        for rule in current.rules {
            guard let place = state.places[rule] else { continue }
            state.rules[place].page.add(current.page, of: current.item.submission, language)
        }
        state.finished.append(Finished(item: current.item, page: current.page))
    }

    /// All findings of these submissions have come: gives their pages.
    func end() throws -> [Finished] {
        try state.withLock { state in
            try finishCurrent(&state)
            for item in state.items.values.sorted(by: { $0.submission < $1.submission }) {
                try start(item, &state)
                try finishCurrent(&state)
            }
            state.items = [:]
            defer { state.finished = [] }
            return state.finished
        }
    }

    /// All findings have come, and what follows from what is known.
    struct Closed: Sendable {
        var count: Int
        var following: FollowingFindings
        /// The pages of rules, each with the rule's total.
        var rules: [(total: ViolationReport.RuleTotal, page: RuleViolations)]
    }

    /// Closes the lists.
    func close() throws -> Closed {
        try state.withLock { state in
            try state.all.close()
            for rule in state.rules { try rule.list.close() }
            defer { state.rules = [] }
            return Closed(
                count: state.count, following: state.following,
                rules: zip(totals, state.rules).map { ($0, $1.page) })
        }
    }
}
