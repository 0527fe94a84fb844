import Core
import Postgres
import Synchronization

/// What this process has claimed: its number as a worker, and a token for each submission.
final class ClaimBook: Sendable {
    struct State {
        var worker: Int?
        var tokens: [SubmissionID: Int] = [:]
    }

    private let state = Mutex(State())

    var worker: Int? { state.withLock { $0.worker } }

    func enter(_ worker: Int?) { state.withLock { $0 = State(worker: worker) } }

    func add(_ tokens: [SubmissionID: Int]) { state.withLock { $0.tokens.merge(tokens) { $1 } } }

    func forget(_ ids: [SubmissionID]) {
        state.withLock { state in for id in ids { state.tokens[id] = nil } }
    }

    /// In the transaction of a result: the claims must still be this worker's, and stay so until it is committed.
    func check(_ ids: [SubmissionID], _ connection: isolated Connection) throws {
        let (worker, tokens) = state.withLock { ($0.worker, $0.tokens) }
        guard worker != nil else { return }
        let own = ids.map { tokens[$0] ?? -1 }
        let held = try connection.query(
            """
            SELECT submission_id FROM yaoce.claim
            WHERE (submission_id, token) IN (SELECT * FROM unnest(\(ids), \(own))) FOR UPDATE
            """, named: "claims"
        ).column(0, as: SubmissionID.self)
        let lost = Set(ids).subtracting(held)
        guard lost.isEmpty else {
            forget(ids)
            throw ClaimLost(submissions: lost.sorted())
        }
    }

    /// In the same transaction: they are done with.
    func close(_ ids: [SubmissionID], _ connection: isolated Connection) throws {
        guard worker != nil else { return }
        try connection.query("DELETE FROM yaoce.claim WHERE submission_id = ANY (\(ids))", named: "claims")
    }
}

/// The session whose end, and whose silence, tells that a worker is gone.
actor Heartbeat {
    /// With the worker's number, the lock of a living worker.
    static let lockClass: Int32 = 2_037_474_659
    private let options: ConnectionOptions
    private var connection: Connection?
    private var beating: Task<Void, Never>?

    init(_ options: ConnectionOptions) {
        var options = options
        options.reconnects = false
        self.options = options
    }

    /// Opens the session before it is needed, beside others that take their time too.
    func prepare() async {
        // What goes wrong here goes wrong once more where it is told.
        if connection == nil { connection = try? await Connection.connect(options) }
    }

    /// Closes a session that was not needed.
    func abandon() async {
        guard beating == nil, let held = connection else { return }
        connection = nil
        await held.close()
    }

    func start(name: String, patience: Double) async throws -> Int {
        let fresh: Connection
        if let connection { fresh = connection } else { fresh = try await Connection.connect(options) }
        let id = try await fresh.perform { connection in
            let id: Int = try connection.query(
                "INSERT INTO yaoce.worker (name, patience) VALUES (\(name), \(patience)) RETURNING worker_id"
            ).single()
            try connection.query("SELECT pg_advisory_lock(\(Heartbeat.lockClass), \(Int32(clamping: id)))")
            try connection.query(Heartbeat.called(id))
            return id
        }
        connection = fresh
        let pause = Duration.milliseconds(max(50, Int(patience * 250)))
        beating = Task {
            while !Task.isCancelled {
                do {
                    try await Task.sleep(for: pause)
                    try await fresh.perform { connection in
                        try connection.query(
                            "UPDATE yaoce.worker SET heartbeat_at = clock_timestamp() WHERE worker_id = \(id)",
                            named: "heartbeat")
                        // Here, not only where work is claimed: whoever waits for a lock of one that stopped claims nothing.
                        try Workers.endSilent(connection, besides: id)
                    }
                } catch {
                    // Without its session a worker counts as gone; what it still writes is refused by its claims.
                    return
                }
            }
        }
        return id
    }

    /// What the sessions of a worker are called, so that they can be ended when it does not answer.
    static func called(_ worker: Int) -> SQL { SQL(unchecked: "SET application_name = 'yaoce worker \(worker)'") }

    func stop(_ id: Int) async throws {
        beating?.cancel()
        beating = nil
        guard let held = connection else { return }
        connection = nil
        do {
            try await held.perform { connection in
                try connection.query("DELETE FROM yaoce.claim WHERE worker_id = \(id)")
                try connection.query("UPDATE yaoce.worker SET ended_at = clock_timestamp() WHERE worker_id = \(id)")
            }
        } catch let error as PostgresError where error.isUnavailable {
            // The database is away: the end of the session says the same.
        }
        await held.close()
    }
}
