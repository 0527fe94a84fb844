internal import Core
internal import Logging

/// Loads what was checked while more is being checked: copying keeps the database busy, checking the processors.
///
/// It does what the stage does, with the same claims and in the same transactions; whatever it leaves is the stage's.
actor LoadAlong {
    private static let groupSize = 128

    private var startedAt: Timestamp?
    private var worked = Duration.zero
    private(set) var items = 0
    /// Submissions whose staging file is gone: the stage sends them back.
    private var left: Set<SubmissionID> = []

    /// What it did and how long it was at work; `nil` where nothing was loaded.
    var time: RunReport.StageTime? {
        guard let startedAt else { return nil }
        let seconds = Double(worked.components.seconds) + Double(worked.components.attoseconds) / 1e18
        return RunReport.StageTime(stage: .load, startedAt: startedAt, seconds: seconds, items: items)
    }

    /// Loads what waits by now.
    func load(_ context: StageContext) async throws {
        while true {
            let begin = ContinuousClock.now
            let group = try await context.store.claim(for: .load, limit: LoadAlong.groupSize, leavingOut: left)
            guard !group.isEmpty else { return }
            if startedAt == nil { startedAt = context.now() }
            let lost = group.filter { !StagingFile(path: context.settings.stagingPath(of: $0.id)).isWhole }.map(\.id)
            left.formUnion(lost)
            try await context.store.release(lost)
            let whole = group.filter { !left.contains($0.id) }
            guard !whole.isEmpty else { continue }
            do {
                try await LoadStage().take(whole, at: nil, context)
                items += whole.count
            } catch let taken as ClaimLost {
                context.logger.notice("another worker took over", metadata: ["submissions": "\(taken.submissions)"])
            }
            worked += begin.duration(to: .now)
            try Task.checkCancellation()
        }
    }
}
