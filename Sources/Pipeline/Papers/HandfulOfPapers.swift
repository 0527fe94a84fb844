internal import Core
internal import Readers
internal import Reports
internal import Synchronization

/// The papers of some submissions while they are written. Findings and rows come submission by submission; at any moment
/// one list of findings or one fix file is open.
final class HandfulOfPapers: Sendable {
    private struct Papers {
        var report: SubmissionReport
        var folder: String
        var fixNames: [Int: String]
        var forms: [Int: FixFile.Form] = [:]
        var receipt: ReceiptBuilder
        var byRow = RowFindings()
        var number = 0
        /// What is written already: the list of findings (-1) and fix files by position.
        var written: Set<Int> = []
        var failure: FileSystemError?
    }

    private struct OpenList {
        var position: Int
        var csv: FindingsCSV
        var output: OutputFile
    }

    private struct OpenFix {
        var position: Int
        var file: Int
        var fix: FixFile
        var output: OutputFile
    }

    private struct State {
        var papers: [Papers]
        var list: OpenList?
        var fix: OpenFix?
        /// The cells of the last finding.
        var cells: [UInt8] = []
        /// The first rows kept aside of each submission: what officers see of them.
        var firstRows: [SubmissionID: [QuarantinedRow]] = [:]
    }

    private let texts: RuleTexts
    private let settings: PipelineSettings
    private let positions: [SubmissionID: Int]
    private let state: Mutex<State>

    init(
        _ reports: [SubmissionReport], _ differences: [SubmissionID: VersionDifference], _ texts: RuleTexts,
        _ settings: PipelineSettings
    ) {
        self.texts = texts
        self.settings = settings
        positions = Dictionary(
            reports.enumerated().map { ($1.submission.id, $0) }, uniquingKeysWith: { first, _ in first })
        let papers = reports.map { report in
            let fixNames = FixNames.of(report.files)
            let links = ReceiptLinks(
                findings: report.findingCounts.isEmpty ? nil : "findings.csv", fixFiles: fixNames, json: "receipt.json")
            return Papers(
                report: report,
                folder: "\(settings.outbox)/\(report.submission.hospitalCode)/\(report.submission.id)",
                fixNames: fixNames,
                receipt: ReceiptBuilder(
                    report: report, rules: texts, difference: differences[report.submission.id], links: links))
        }
        state = Mutex(State(papers: papers))
    }

    /// The submissions of which findings are wanted.
    var withFindings: [SubmissionID] { wanted { !$0.report.findingCounts.isEmpty } }
    /// The submissions of which quarantined rows are wanted.
    var withFixFiles: [SubmissionID] { wanted { !$0.forms.isEmpty } }
    /// The first rows kept aside of the submissions whose rows were read.
    var firstRows: [SubmissionID: [QuarantinedRow]] { state.withLock(\.firstRows) }
    /// The submissions whose papers could not be written, and why.
    var failures: [(SubmissionID, FileSystemError)] {
        state.withLock { state in
            state.papers.compactMap { papers in papers.failure.map { (papers.report.submission.id, $0) } }
        }
    }

    private func wanted(_ isWanted: (Papers) -> Bool) -> [SubmissionID] {
        state.withLock { state in
            state.papers.filter { $0.failure == nil && isWanted($0) }.map(\.report.submission.id)
        }
    }

    /// The files of each submission.
    var files: [SubmissionID: [FileOutcome]] {
        state.withLock { state in
            Dictionary(
                state.papers.map { ($0.report.submission.id, $0.report.files) }, uniquingKeysWith: { first, _ in first }
            )
        }
    }

    /// Makes the folders.
    func open() throws {
        try state.withLock { state in
            for position in state.papers.indices {
                try guarded(position, &state) { try FileSystem.makeFolder($0.folder) }
            }
        }
    }

    /// Reads how the files are written for which there will be fix files.
    func readForms() throws {
        try state.withLock { state in
            for position in state.papers.indices {
                try guarded(position, &state) { papers in
                    papers.forms = try FixForms.of(papers.report, papers.fixNames, settings)
                }
            }
        }
    }

    /// Does something for one submission; what is wrong with its folder alone fails it and none of the others.
    private func guarded(_ position: Int, _ state: inout State, _ body: (inout Papers) throws -> Void) throws {
        guard state.papers[position].failure == nil else { return }
        do {
            try body(&state.papers[position])
        } catch let error as FileSystemError where !error.isOfTheMachine {
            state.papers[position].failure = error
        }
    }

    // MARK: The list of findings

    /// Takes the next finding, and hands it on with its cells as the list has them; without, where there is no list.
    func add(
        _ finding: Finding, of submission: SubmissionID, _ handOn: (_ worded: [UInt8]?) -> Void = { _ in }
    ) throws {
        try state.withLock { state in
            guard let position = positions[submission], state.papers[position].failure == nil else {
                return handOn(nil)
            }
            if state.list?.position != position { try beginList(position, &state) }
            guard let list = state.list else { return handOn(nil) }
            state.cells.removeAll(keepingCapacity: true)
            list.csv.append(cellsFor: finding, to: &state.cells)
            handOn(state.cells)
            let cells = state.cells
            try guarded(position, &state) { papers in
                papers.number += 1
                // The receipt tells of repeats in a section of their own, not as something to mend.
                if finding.rule != "A17" { papers.receipt.add(finding) }
                if !papers.fixNames.isEmpty { papers.byRow.add(finding) }
                try list.output.write { list.csv.append(number: papers.number, cells: cells, to: &$0) }
            }
        }
    }

    private func beginList(_ position: Int, _ state: inout State) throws {
        try endList(&state)
        let csv = FindingsCSV(files: state.papers[position].report.files, rules: texts)
        var begun: OpenList?
        try guarded(position, &state) { papers in
            papers.written.insert(-1)
            let output = try OutputFile("\(papers.folder)/findings.csv")
            try output.write(csv.header)
            begun = OpenList(position: position, csv: csv, output: output)
        }
        state.list = begun
    }

    private func endList(_ state: inout State) throws {
        guard let list = state.list else { return }
        state.list = nil
        try guarded(list.position, &state) { _ in try list.output.close() }
    }

    /// All findings have come.
    func closeLists() throws {
        try state.withLock { state in
            for (position, papers) in state.papers.enumerated()
            where !papers.report.findingCounts.isEmpty && !papers.written.contains(-1) {
                try beginList(position, &state)
            }
            try endList(&state)
        }
    }

    // MARK: Fix files

    /// Takes the next row kept aside.
    func add(_ row: QuarantinedRow, of submission: SubmissionID) throws {
        try state.withLock { state in
            if state.firstRows[submission, default: []].count < OpenViolationReport.quarantinedLimit {
                state.firstRows[submission, default: []].append(InstitutionViolations.shortened(row))
            }
            let file = Int(row.origin.file)
            guard let position = positions[submission], state.papers[position].failure == nil,
                state.papers[position].forms[file] != nil
            else { return }
            if state.fix?.position != position || state.fix?.file != file { try beginFix(position, file, &state) }
            let fix = state.fix
            try guarded(position, &state) { papers in
                guard let fix else { return }
                try fix.output.write(fix.fix.row(row, findings: papers.byRow.of(row)))
            }
        }
    }

    private func beginFix(_ position: Int, _ file: Int, _ state: inout State) throws {
        try endFix(&state)
        var begun: OpenFix?
        try guarded(position, &state) { papers in
            guard let name = papers.fixNames[file], let form = papers.forms[file] else { return }
            papers.written.insert(file)
            let encoding = form.encoding.flatMap { TextEncoding(rawValue: $0) } ?? .utf8
            let fix = FixFile(files: papers.report.files, form: form, rules: texts) { encoding.encoded($0) }
            let output = try OutputFile("\(papers.folder)/\(name)")
            try output.write(fix.header)
            begun = OpenFix(position: position, file: file, fix: fix, output: output)
        }
        state.fix = begun
    }

    private func endFix(_ state: inout State) throws {
        guard let open = state.fix else { return }
        state.fix = nil
        try guarded(open.position, &state) { _ in
            try open.output.write(open.fix.footer)
            try open.output.close()
        }
    }

    /// All rows have come.
    func closeFixFiles() throws {
        try state.withLock { state in
            for (position, papers) in state.papers.enumerated() {
                for file in papers.forms.keys.sorted() where !papers.written.contains(file) {
                    try beginFix(position, file, &state)
                }
            }
            try endFix(&state)
        }
    }

    // MARK: Receipts

    /// Writes the receipts.
    func writeReceipts() throws {
        try state.withLock { state in
            for position in state.papers.indices {
                try guarded(position, &state) { papers in
                    papers.receipt.close()
                    try FileSystem.replace("\(papers.folder)/receipt.json", with: papers.receipt.json())
                    try FileSystem.replace(
                        "\(papers.folder)/receipt.html", with: papers.receipt.html(settings.language))
                }
            }
        }
    }
}
