internal import Core
internal import Logging
internal import Readers
internal import Reports
internal import Rules
internal import Synchronization

/// Writes what hospitals get: receipt, complete list of findings, and a fix file for every file with rows in error; then
/// what officers get: the violations of every period that changed.
struct ReportStage: PipelineStage {
    let stage = Stage.report

    func run(_ context: StageContext) async throws -> StageResult {
        let texts = RuleTexts(context.rules.sorted.map(\.stored))
        var periods: Set<Period> = []
        let result = try await context.forEachGroup(waitingFor: stage, size: 256) { group in
            periods.formUnion(group.map(\.period))
            var failures: [StageFailure] = []
            var done: [SubmissionID] = []
            for submission in group {
                do {
                    try await SubmissionPapers(submission, context, texts).write()
                    done.append(submission.id)
                } catch let error as FileSystemError where !error.isOfTheMachine {
                    failures.append(StageFailure(submission: submission.id, stage: stage, reason: "\(error)"))
                }
            }
            try await context.store.complete(.report, of: done, run: context.run)
            return try await context.report(failures)
        }
        for period in periods.sorted(by: { $0.key < $1.key }) {
            try await ComparisonPapers(context: context).write(period)
        }
        try await writeViolations(context)
        return result
    }

    /// The officers' reports of periods that changed.
    private func writeViolations(_ context: StageContext) async throws {
        let writer = ViolationReportWriter(
            store: context.store, settings: context.settings, rules: context.rules, businessDate: context.businessDate)
        for written in try await writer.writeChanged() {
            context.logger.info(
                "violation report written",
                metadata: ["folder": "\(written.folder)", "findings": "\(written.findings)"])
        }
    }
}

/// The papers of one submission in `outbox/<hospital_code>/<submission>/`. Writing them again replaces them.
private struct SubmissionPapers {
    let submission: Submission
    let context: StageContext
    let texts: RuleTexts
    private let folder: String

    init(_ submission: Submission, _ context: StageContext, _ texts: RuleTexts) {
        self.submission = submission
        self.context = context
        self.texts = texts
        folder = "\(context.settings.outbox)/\(submission.hospitalCode)/\(submission.id)"
    }

    /// What grows while findings stream by.
    private struct Papers: ~Copyable {
        var receipt: ReceiptBuilder
        var list: OutputFile?
        var byRow = RowFindings()
        var number = 0
    }

    func write() async throws {
        guard let report = try await context.store.report(on: submission.id) else { return }
        try FileSystem.makeFolder(folder)
        let fixNames = FixNames.of(report.files)
        let hasFindings = !report.findingCounts.isEmpty
        let difference = try await context.store.difference(of: submission.id, sampleLimit: 50)
        let links = ReceiptLinks(
            findings: hasFindings ? "findings.csv" : nil, fixFiles: fixNames, json: "receipt.json")
        let csv = FindingsCSV(files: report.files, rules: texts)
        let list = hasFindings ? try OutputFile("\(folder)/findings.csv") : nil
        try list?.write(csv.header)
        let papers = Mutex(
            Papers(
                receipt: ReceiptBuilder(report: report, rules: texts, difference: difference, links: links),
                list: list))
        try await context.store.forEachFinding(of: submission.id) { finding in
            try papers.withLock { papers in
                papers.number += 1
                // The receipt tells of repeats in a section of their own, not as something to mend.
                if finding.rule != "A17" { papers.receipt.add(finding) }
                papers.byRow.add(finding)
                try papers.list?.write(csv.row(for: finding, number: papers.number))
            }
        }
        let (receipt, byRow) = try papers.withLock { papers in
            try papers.list?.close()
            return (papers.receipt, papers.byRow)
        }
        try await writeFixFiles(report, fixNames, byRow)
        try FileSystem.replace("\(folder)/receipt.json", with: receipt.json())
        try FileSystem.replace("\(folder)/receipt.html", with: receipt.html(context.settings.language))
    }

    private func writeFixFiles(_ report: SubmissionReport, _ names: [Int: String], _ byRow: RowFindings) async throws {
        guard !names.isEmpty else { return }
        var files: [Int: (fix: FixFile, output: OutputFile)] = [:]
        for (index, name) in names {
            guard let form = try FormOfFile.of(report.files[index], submission, context.settings) else { continue }
            let encoding = form.encoding.flatMap { TextEncoding(rawValue: $0) } ?? .utf8
            let fix = FixFile(files: report.files, form: form, rules: texts) { encoding.encoded($0) }
            let output = try OutputFile("\(folder)/\(name)")
            try output.write(fix.header)
            files[index] = (fix, output)
        }
        let open = Mutex(files)
        try await context.store.forEachQuarantinedRow(of: submission.id) { row in
            try open.withLock { files in
                guard let (fix, output) = files[Int(row.origin.file)] else { return }
                try output.write(fix.row(row, findings: byRow.of(row)))
            }
        }
        try open.withLock { files in
            for (fix, output) in files.values {
                try output.write(fix.footer)
                try output.close()
            }
        }
    }
}

/// What the fix files of a submission are called: by table, numbered where a table came in parts.
private enum FixNames {
    static func of(_ files: [FileOutcome]) -> [Int: String] {
        var names: [Int: String] = [:]
        var used: [String: Int] = [:]
        for (index, file) in files.enumerated() where file.rowsQuarantined > 0 {
            guard let table = file.table else { continue }
            used[table.rawValue, default: 0] += 1
            let number = used[table.rawValue] ?? 1
            let part = number > 1 ? "-\(number)" : ""
            names[index] = "fix-\(table.rawValue)\(part).\(file.delimiter == nil ? "xml" : "csv")"
        }
        return names
    }
}

/// How a sender's file is written, read from the archive again: header bytes, quote and line end are nobody's data.
private enum FormOfFile {
    static func of(
        _ file: FileOutcome, _ submission: Submission, _ settings: PipelineSettings
    ) throws -> FixFile.Form? {
        guard let table = file.table else { return nil }
        let archive = Archive(root: settings.archive)
        let package = try Package.open(
            files: submission.files.map { (name: $0.name, path: archive.path(of: $0.sha256)) }, limits: settings.limits)
        guard let source = package.sources.first(where: { $0.name == file.name && $0.member == file.member }) else {
            return nil
        }
        let dataSet = DataSet.of(table)
        let reader = try TableReaders.reader(for: source, dataSet, settings.limits)
        var batch = RowBatch(dataSet)
        _ = try reader.next(into: &batch)
        let facts = reader.facts
        var start: [UInt8] = []
        _ = try source.open(limits: settings.limits).read(into: &start, atMost: 3)
        // A reader that had to transcode gives the header as UTF-8.
        let encoding = facts.encoding.flatMap { TextEncoding(rawValue: $0) } ?? .utf8
        let header =
            encoding.isWide ? encoding.encoded(String(decoding: facts.rawHeader, as: UTF8.self)) : facts.rawHeader
        return FixFile.Form(
            encoding: facts.encoding, delimiter: facts.delimiter, quote: facts.quote, lineEnd: facts.lineEnd,
            rawHeader: header, hasByteOrderMark: start == [0xEF, 0xBB, 0xBF],
            declared: facts.declared.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
    }
}
