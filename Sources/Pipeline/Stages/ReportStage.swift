internal import Core
internal import Logging
internal import Reports
internal import Rules

/// Writes what hospitals get: receipt, complete list of findings, and a fix file for every file with rows in error; then
/// what officers get: the violations of every period that changed.
struct ReportStage: PipelineStage {
    let stage = Stage.report

    func run(_ context: StageContext) async throws -> StageResult {
        let texts = RuleTexts(context.rules.sorted.map(\.stored))
        try await context.store.summarisePages()
        return try await withThrowingTaskGroup(of: Void.self) { officers in
            var periods: Set<Period> = []
            var isBegun = false
            let result = try await context.forEachGroup(waitingFor: stage, size: 512) { group in
                if !isBegun {
                    isBegun = true
                    // Hospitals and officers get papers of their own about the same findings, and neither waits for the
                    // other's: two sessions read, and both cores word.
                    officers.addTask {
                        try await context.store.beside { store in
                            var context = context
                            context.store = store
                            try await writeViolations(context)
                        }
                    }
                }
                periods.formUnion(group.map(\.period))
                let papers = HospitalPapers(context: context, texts: texts)
                let failures = try await papers.write(group)
                let failed = Set(failures.map(\.submission))
                try await context.store.complete(
                    .report, of: group.map(\.id).filter { !failed.contains($0) }, run: context.run)
                return try await context.report(failures)
            }
            for period in periods.sorted(by: { $0.key < $1.key }) {
                try await ComparisonPapers(context: context).write(period)
            }
            if !isBegun { try await writeViolations(context) }
            try await officers.waitForAll()
            return result
        }
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
