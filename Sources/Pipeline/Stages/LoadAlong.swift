internal import Core
internal import Logging
internal import Synchronization

/// Loads what was checked while more is being checked: copying keeps the database busy, checking the processors.
///
/// It does what the stage does, with the same claims and in the same transactions, over a session of its own; whatever it
/// leaves is the stage's.
final class LoadAlong: Sendable {
    private struct State {
        var startedAt: Timestamp?
        var worked = Duration.zero
        var items = 0
        /// Submissions whose staging file is gone: the stage sends them back.
        var left: Set<SubmissionID> = []
        var failure: (any Error)?
    }

    private static let groupSize = 128

    private let state = Mutex(State())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
        // However often it is told that something waits, it looks once and takes all of it.
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How many submissions it loaded.
    var items: Int { state.withLock(\.items) }

    /// What it did and how long it was at work; `nil` where nothing was loaded.
    var time: RunReport.StageTime? {
        state.withLock { state in
            guard let startedAt = state.startedAt else { return nil }
            let worked = state.worked.components
            return RunReport.StageTime(
                stage: .load, startedAt: startedAt, seconds: Double(worked.seconds) + Double(worked.attoseconds) / 1e18,
                items: state.items)
        }
    }

    /// Something waits.
    /// - Throws: what ended the loading before.
    func wake() throws {
        if let failure = state.withLock(\.failure) { throw failure }
        signal.yield()
    }

    /// Nothing more comes.
    func finish() { signal.finish() }

    /// Loads whatever it is told of, until nothing more comes.
    func run(_ context: StageContext) async throws {
        do {
            // A night with nothing to load needs no session.
            guard await signals.contains(where: { _ in true }) else { return }
            try await context.store.beside { store in
                var context = context
                context.store = store
                try await load(context)
                for await _ in signals { try await load(context) }
            }
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    /// Loads what waits by now.
    private func load(_ context: StageContext) async throws {
        while true {
            let begin = ContinuousClock.now
            let left = state.withLock(\.left)
            let group = try await context.store.claim(for: .load, limit: LoadAlong.groupSize, leavingOut: left)
            guard !group.isEmpty else { return }
            let now = context.now()
            let lost = group.filter { !StagingFile(path: context.settings.stagingPath(of: $0.id)).isWhole }.map(\.id)
            state.withLock { state in
                if state.startedAt == nil { state.startedAt = now }
                state.left.formUnion(lost)
            }
            try await context.store.release(lost)
            let whole = group.filter { !lost.contains($0.id) }
            guard !whole.isEmpty else { continue }
            do {
                try await LoadStage().take(whole, at: nil, context)
                state.withLock { $0.items += whole.count }
            } catch let taken as ClaimLost {
                context.logger.notice("another worker took over", metadata: ["submissions": "\(taken.submissions)"])
            }
            state.withLock { $0.worked += begin.duration(to: .now) }
            try Task.checkCancellation()
        }
    }
}
