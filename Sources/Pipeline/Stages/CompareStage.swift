internal import Core
internal import Logging

/// Ties the distinct drugs of catalogues to the national code before any row is judged. What was decided before is
/// looked up; only new and changed descriptions are compared.
struct CompareStage: PipelineStage {
    let stage = Stage.compare
    /// Submissions that are passed on together.
    var groupSize = 64

    func run(_ context: StageContext) async throws -> StageResult {
        let library = LazyLibrary(context.store, workers: context.settings.workers)
        if try await library.version() == nil {
            context.logger.notice("no drug library is published; drugs stay unchecked")
        }
        let suspects = try await context.forEachSuspect(readingFor: stage) { group in
            try await take(group, library, at: nil, context)
        }
        let failed = Set(suspects.failures.map(\.submission))
        let marks = ReadingMarks(context.settings, stage)
        try marks.begin()
        defer { marks.end() }
        let first = try await context.store.claim(for: stage, limit: groupSize, leavingOut: failed)
        guard !first.isEmpty else { return suspects }
        let second = try await context.store.claim(
            for: stage, limit: groupSize, leavingOut: failed.union(first.map(\.id)))
        var lanes = Lanes(
            stage: stage, groupSize: groupSize, library: library, context: context, result: suspects, failed: failed)
        // One group alone needs no second session.
        guard !second.isEmpty else {
            try await lanes.run(first, second, [context.store])
            return lanes.result
        }
        return try await context.store.beside { [lanes] other in
            var lanes = lanes
            try await lanes.run(first, second, [context.store, other])
            return lanes.result
        }
    }

    /// A group that was compared, before its items are written.
    private struct Compared: Sendable {
        var group: [Submission]
        var outcome: GroupComparison.Outcome
        /// The session that has what was staged.
        var store: any SubmissionStore
    }

    /// Takes groups through the stage, by turns on several sessions: while one is compared the items of the one before are
    /// written.
    private struct Lanes: Sendable {
        let stage: Stage
        let groupSize: Int
        let library: LazyLibrary
        let context: StageContext
        var result: StageResult
        var failed: Set<SubmissionID>

        mutating func run(
            _ first: [Submission], _ second: [Submission], _ stores: [any SubmissionStore]
        ) async throws {
            var (group, following) = (first, second)
            var before: Compared?
            var turn = 0
            while !group.isEmpty || before != nil {
                // What was decided on an institution's other catalogue has to be known.
                let hospitals = Set(group.map(\.hospitalCode))
                if let done = before,
                    stores.count == 1 || done.group.contains(where: { hospitals.contains($0.hospitalCode) })
                {
                    before = nil
                    try await complete(done)
                }
                let (now, store) = (group, stores[turn % stores.count])
                turn += 1
                async let comparing = CompareStage.compared(now, store, library, context)
                if let done = before { try await complete(done) }
                if following.isEmpty, !group.isEmpty {
                    following = try await context.store.claim(
                        for: stage, limit: groupSize, leavingOut: failed.union(group.map(\.id)))
                }
                before = try await comparing
                (group, following) = (following, [])
                try Task.checkCancellation()
            }
        }

        private mutating func complete(_ compared: Compared) async throws {
            do {
                let failures = try await CompareStage.complete(
                    compared.outcome, library, at: nil, compared.store, context)
                try await context.store.release(failures.map(\.submission))
                failed.formUnion(failures.map(\.submission))
                result.failures += failures
                result.items += compared.group.count - failures.count
                context.progress(stage, result.items)
            } catch let lost as ClaimLost {
                context.logger.notice("another worker took over", metadata: ["submissions": "\(lost.submissions)"])
            }
        }
    }

    /// Takes a group through the stage.
    /// - Parameter time: when; `nil` for now.
    func take(
        _ group: [Submission], _ library: LazyLibrary, at time: Timestamp?, _ context: StageContext
    ) async throws -> [StageFailure] {
        let outcome = try await GroupComparison(context.store, context.settings, library).run(group)
        return try await CompareStage.complete(outcome, library, at: time, context.store, context)
    }

    private static func compared(
        _ group: [Submission], _ store: any SubmissionStore, _ library: LazyLibrary, _ context: StageContext
    ) async throws -> Compared? {
        guard !group.isEmpty else { return nil }
        let outcome = try await GroupComparison(store, context.settings, library).run(group)
        return Compared(group: group, outcome: outcome, store: store)
    }

    private static func complete(
        _ outcome: GroupComparison.Outcome, _ library: LazyLibrary, at time: Timestamp?, _ store: any SubmissionStore,
        _ context: StageContext
    ) async throws -> [StageFailure] {
        try await store.completeCompare(
            outcome.items, staged: outcome.staged, libraryVersion: try await library.version(),
            at: time ?? context.now(), run: context.run)
        return try await context.report(
            outcome.failures.sorted { $0.key < $1.key }.map {
                StageFailure(submission: $0.key, stage: .compare, reason: "\($0.value)")
            })
    }
}
