internal import Core
internal import Synchronization

/// The officers' report of one period, fed with what is read and worded for the hospitals anyway.
///
/// What goes wrong with it keeps no hospital from its papers: it is told when these are written.
final class OfficersAlong: Sendable {
    private struct State {
        var report: OpenViolationReport?
        var failure: (any Error)?
    }

    private let state: Mutex<State>

    /// - Parameter begin: begins the report; `nil` where nothing has to be written.
    init(_ begin: () async throws -> OpenViolationReport?) async {
        do {
            state = Mutex(State(report: try await begin()))
        } catch {
            state = Mutex(State(failure: error))
        }
    }

    private var report: OpenViolationReport? { state.withLock(\.report) }

    private func fail(_ error: any Error) {
        state.withLock { state in
            state.report = nil
            state.failure = state.failure ?? error
        }
    }

    /// Does something with the report, unless it failed before.
    @discardableResult
    private func guarded<Value>(_ body: (OpenViolationReport) async throws -> Value) async -> Value? {
        guard let report else { return nil }
        do {
            return try await body(report)
        } catch {
            fail(error)
            return nil
        }
    }

    /// The order in which the findings of these submissions have to be read, for the report to take them too. What stands
    /// in between it reads now. Gives the pages of these institutions, to be written with `write`.
    func reading(
        _ submissions: [SubmissionID], files: [SubmissionID: [FileOutcome]],
        _ read: ([SubmissionID]) async throws -> Void
    ) async throws -> [ViolationStreams.Finished] {
        var pages: [ViolationStreams.Finished] = []
        guard let parts = await guarded({ await $0.parts(of: submissions) }) else {
            try await read(submissions)
            return pages
        }
        for part in parts {
            switch part {
            case .own(let others): await guarded { try await $0.read(others) }
            case .shared(let shared):
                await guarded { try await $0.begin(shared, files: files) }
                try await read(shared)
                pages += await guarded { try $0.streams.end() } ?? []
            }
        }
        return pages
    }

    /// Writes pages of institutions.
    /// - Parameter rows: the first rows kept aside of those for whom they were read; the others come from the store.
    func write(
        _ pages: [ViolationStreams.Finished], rows: [SubmissionID: [QuarantinedRow]], from store: any SubmissionStore
    ) async {
        await guarded { try await $0.write(pages, rows: rows, from: store) }
    }

    /// The next finding of those that are read.
    func add(_ finding: Finding, of submission: SubmissionID, worded: [UInt8]?) {
        guard let report else { return }
        do {
            try report.streams.add(finding, of: submission, worded: worded)
        } catch {
            fail(error)
        }
    }

    /// All hospitals have their papers: finishes the report.
    func finish() async throws -> ViolationReportWriter.Written? {
        let (report, failure) = state.withLock { ($0.report, $0.failure) }
        if let failure { throw failure }
        return try await report?.finish()
    }
}
