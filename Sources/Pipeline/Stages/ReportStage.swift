internal import Core
internal import Logging
internal import Reports
internal import Rules

/// Writes what hospitals get: receipt, complete list of findings, and a fix file for every file with rows in error; then
/// what officers get: the violations of every period that changed.
struct ReportStage: PipelineStage {
    let stage = Stage.report

    func run(_ context: StageContext) async throws -> StageResult {
        guard !(try await context.store.waiting(for: stage, limit: 1)).isEmpty else {
            try await write(try await writer(context, context.store).changed(), context, context.store)
            return StageResult()
        }
        try await context.store.summarisePages()
        return try await context.store.beside { store in
            try await withThrowingTaskGroup(of: Void.self) { others in
                let result = try await writePapers(context, beside: store, others: &others)
                try await others.waitForAll()
                return result
            }
        }
    }

    /// Hospitals and officers get papers of their own about the same findings. Those of the period at hand are read and
    /// worded once for both; other periods that changed are written beside.
    private func writePapers(
        _ context: StageContext, beside store: any SubmissionStore, others: inout ThrowingTaskGroup<Void, any Error>
    ) async throws -> StageResult {
        let texts = RuleTexts(context.rules.sorted.map(\.stored))
        let writer = writer(context, store, beside: context.store)
        var changed = try await writer.changed()
        let period = try await context.store.waiting(for: stage, limit: 1).first?.period
        if let period {
            // What it tells was known before this stage.
            others.addTask {
                try await context.store.beside { try await ComparisonPapers(context: context, store: $0).write(period) }
            }
        }
        let shared = changed.firstIndex { $0.period == period }.map { changed.remove(at: $0) }
        if !changed.isEmpty {
            let rest = changed
            others.addTask {
                try await context.store.beside { try await write(rest, context, $0) }
            }
        }
        let officers = await OfficersAlong {
            guard let shared else { return nil }
            return try await writer.begin(shared)
        }
        var periods: Set<Period> = []
        let result = try await context.forEachGroup(waitingFor: stage, size: 512) { group in
            periods.formUnion(group.map(\.period))
            let papers = HospitalPapers(context: context, findings: store, texts: texts, officers: officers)
            let failures = try await papers.write(group)
            let failed = Set(failures.map(\.submission))
            try await context.store.complete(
                .report, of: group.map(\.id).filter { !failed.contains($0) }, run: context.run)
            return try await context.report(failures)
        }
        for period in periods.subtracting([period].compactMap(\.self)).sorted(by: { $0.key < $1.key }) {
            try await ComparisonPapers(context: context, store: context.store).write(period)
        }
        if let written = try await officers.finish() { note(written, context) }
        return result
    }

    private func writer(
        _ context: StageContext, _ store: any SubmissionStore, beside other: (any SubmissionStore)? = nil
    ) -> ViolationReportWriter {
        ViolationReportWriter(
            store: store, beside: other, settings: context.settings, rules: context.rules,
            businessDate: context.businessDate)
    }

    /// Writes the officers' reports of some periods, one after the other.
    private func write(
        _ changed: [ViolationReportWriter.Changed], _ context: StageContext, _ store: any SubmissionStore
    ) async throws {
        let writer = writer(context, store)
        for changed in changed {
            note(try await writer.begin(changed).finish(), context)
            try Task.checkCancellation()
        }
    }

    private func note(_ written: ViolationReportWriter.Written, _ context: StageContext) {
        context.logger.info(
            "violation report written",
            metadata: ["folder": "\(written.folder)", "findings": "\(written.findings)"])
    }
}
