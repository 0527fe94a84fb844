internal import Core
internal import Reports
internal import Synchronization

/// The lists of findings that are open while a report is written, and the pages that grow with them.
final class ViolationStreams: Sendable {
    private struct State {
        let all: OutputFile
        var byRule: [RuleID: OutputFile]
        var pages: [RuleID: RuleViolations]
        var current: Current?
        var count = 0
    }

    private struct Current {
        var item: JudgedSubmission
        var page: InstitutionViolations
        var list: FindingsCSV
        var own: OutputFile
        var rules: Set<RuleID> = []

        /// Gives the finding as a record, which is in the submission's own list then.
        mutating func take(_ finding: Finding) throws -> [UInt8] {
            let line = ViolationCSV.line(finding, of: item, list)
            try own.write(line)
            page.add(finding)
            rules.insert(finding.rule)
            return line
        }
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
        var byRule: [RuleID: OutputFile] = [:]
        var pages: [RuleID: RuleViolations] = [:]
        for total in totals {
            // As many are open at once as there are rules.
            let file = try target.open(ViolationReport.file(of: total.rule, ".csv"), bufferSize: 1 << 15)
            try file.write(header)
            byRule[total.rule] = file
            pages[total.rule] = RuleViolations(report, total)
        }
        state = Mutex(State(all: list, byRule: byRule, pages: pages))
    }

    /// The next submission.
    func begin(_ item: JudgedSubmission, files: [FileOutcome]) throws {
        try state.withLock { state in
            let own = try target.open(ViolationReport.file(of: item, ".csv"))
            try own.write(ViolationCSV.findingsHeader)
            state.current = Current(
                item: item, page: InstitutionViolations(report, item, files: files),
                list: FindingsCSV(files: files, rules: texts), own: own)
        }
    }

    /// The next of its findings.
    func add(_ finding: Finding) throws {
        try state.withLock { state in
            guard let line = try state.current?.take(finding) else { return }
            try state.all.write(line)
            try state.byRule[finding.rule]?.write(line)
            state.pages[finding.rule]?.add(finding)
            state.count += 1
        }
    }

    /// All of its findings have come: its page is written.
    func end(quarantined: [QuarantinedRow]) throws {
        try state.withLock { state in
            guard let current = state.current else { return }
            state.current = nil
            try current.own.close()
            for rule in current.rules {
                state.pages[rule]?.add(current.page, of: current.item.submission, language)
            }
            try target.write(
                ViolationReport.file(of: current.item, ".html"),
                current.page.html(language, quarantined: quarantined))
        }
    }

    /// Closes the lists and writes the pages of rules; gives how many findings there were.
    func close() throws -> Int {
        try state.withLock { state in
            try state.all.close()
            for total in totals {
                try state.byRule[total.rule]?.close()
                guard let page = state.pages.removeValue(forKey: total.rule) else { continue }
                try target.write(ViolationReport.file(of: total.rule, ".html"), page.html(language))
            }
            return state.count
        }
    }
}
