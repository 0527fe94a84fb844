internal import Core
internal import Reports

/// The papers of hospitals in `outbox/<hospital_code>/<submission>/`. Writing them again replaces them.
///
/// Submissions go in handfuls: their findings come in one statement. Findings are read and worded one handful after the
/// other, since the officers' lists grow with them in their order; what else a handful needs is written beside.
struct HospitalPapers {
    let context: StageContext
    /// Whose session reads findings, while that of the context reads rows kept aside.
    let findings: any SubmissionStore
    let texts: RuleTexts
    let officers: OfficersAlong

    /// Writes the papers of a group, and gives the submissions whose papers could not be written.
    func write(_ group: [Submission]) async throws -> [StageFailure] {
        let ids = group.map(\.id)
        let reports = try await context.store.reports(on: ids)
        let differences = try await context.store.differences(of: ids, sampleLimit: 50)
        let handfuls = Handful.of(reports) { $0.findingCounts.reduce(0) { $0 + $1.count } }
        return try await withThrowingTaskGroup(of: [StageFailure].self) { tasks in
            var failures: [StageFailure] = []
            for (number, handful) in handfuls.enumerated() {
                let papers = HandfulOfPapers(handful, differences, texts, context.settings)
                try papers.open()
                let pages = try await readFindings(papers)
                if number >= max(context.settings.workers, 1), let done = try await tasks.next() { failures += done }
                tasks.addTask { try await finish(papers, pages) }
                try Task.checkCancellation()
            }
            for try await done in tasks { failures += done }
            return failures
        }
    }

    /// Reads findings into the lists, those of the hospitals and those of the officers; gives the pages of officers that
    /// can be written now.
    private func readFindings(_ papers: HandfulOfPapers) async throws -> [ViolationStreams.Finished] {
        let (store, officers) = (findings, officers)
        let pages = try await officers.reading(papers.withFindings, files: papers.files) { submissions in
            try await BesideReading.forEach { take in
                try await store.forEachFinding(of: submissions) { try take(($0, $1)) }
            } _: { (submission: SubmissionID, finding: Finding) in
                try papers.add(finding, of: submission) { officers.add(finding, of: submission, worded: $0) }
            }
        }
        try papers.closeLists()
        return pages
    }

    /// Writes fix files, receipts and pages of officers.
    private func finish(
        _ papers: HandfulOfPapers, _ pages: [ViolationStreams.Finished]
    ) async throws -> [StageFailure] {
        try papers.readForms()
        let (store, rows) = (context.store, papers.withFixFiles)
        try await BesideReading.forEach { take in
            try await store.forEachQuarantinedRow(of: rows) { try take(($0, $1)) }
        } _: { (submission: SubmissionID, row: QuarantinedRow) in
            try papers.add(row, of: submission)
        }
        try papers.closeFixFiles()
        try papers.writeReceipts()
        await officers.write(pages, rows: papers.firstRows, from: store)
        return papers.failures.map { StageFailure(submission: $0, stage: .report, reason: "\($1)") }
    }
}

/// So many submissions that what is kept of their findings stays small.
enum Handful {
    private static let findings = 20_000
    private static let submissions = 32

    /// Splits a list, keeping its order.
    static func of<Element>(_ elements: [Element], _ count: (Element) -> Int) -> [[Element]] {
        var handfuls: [[Element]] = []
        var left = 0
        for element in elements {
            let own = count(element)
            if let last = handfuls.last, last.count < submissions, own <= left {
                handfuls[handfuls.count - 1].append(element)
            } else {
                handfuls.append([element])
                left = findings
            }
            left -= own
        }
        return handfuls
    }
}
