internal import Core
internal import Reports

/// The papers of hospitals in `outbox/<hospital_code>/<submission>/`. Writing them again replaces them.
///
/// Submissions go in handfuls: their findings come in one statement, and while one handful is read another is written.
struct HospitalPapers {
    let context: StageContext
    let texts: RuleTexts

    /// Writes the papers of a group, and gives the submissions whose papers could not be written.
    func write(_ group: [Submission]) async throws -> [StageFailure] {
        let ids = group.map(\.id)
        let reports = try await context.store.reports(on: ids)
        let differences = try await context.store.differences(of: ids, sampleLimit: 50)
        let (context, texts) = (context, texts)
        let handfuls = Handful.of(reports) { $0.findingCounts.reduce(0) { $0 + $1.count } }
        return try await Handful.work(handfuls, workers: context.settings.workers) { reports in
            let papers = HandfulOfPapers(reports, differences, texts, context.settings)
            try papers.open()
            let (store, findings, rows) = (context.store, papers.withFindings, papers.withFixFiles)
            try await BesideReading.forEach { take in
                try await store.forEachFinding(of: findings) { try take(($0, $1)) }
            } _: { (submission: SubmissionID, finding: Finding) in
                try papers.add(finding, of: submission)
            }
            try papers.closeLists()
            try await BesideReading.forEach { take in
                try await store.forEachQuarantinedRow(of: rows) { try take(($0, $1)) }
            } _: { (submission: SubmissionID, row: QuarantinedRow) in
                try papers.add(row, of: submission)
            }
            try papers.closeFixFiles()
            try papers.writeReceipts()
            return papers.failures.map { StageFailure(submission: $0, stage: .report, reason: "\($1)") }
        }
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

    /// Does something with every handful, with as many at a time as there are workers.
    static func work<Element: Sendable, Result: Sendable>(
        _ handfuls: [[Element]], workers: Int, _ body: @escaping @Sendable ([Element]) async throws -> [Result]
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: [Result].self) { tasks in
            var results: [Result] = []
            for (number, handful) in handfuls.enumerated() {
                if number >= max(workers, 1), let done = try await tasks.next() { results += done }
                tasks.addTask {
                    try Task.checkCancellation()
                    return try await body(handful)
                }
            }
            for try await done in tasks { results += done }
            return results
        }
    }
}
