public import Core
public import Postgres

/// The store in PostgreSQL: every statement of the product is behind this type.
///
/// It has one connection for work and a second one that does nothing but hold the lock of a run; a third for what goes
/// on beside the rest (`beside`), as long as that lasts.
public struct PostgresStore: Sendable {
    private let options: ConnectionOptions
    private(set) var connection: Connection
    let recorder: LedgerRecorder
    let claims = ClaimBook()
    private(set) var proposals = StagedProposals()
    let heartbeat: Heartbeat
    let runLock: RunLock

    /// Opens the store on a database that has this program's schema; a `MigrationError` where it has not.
    /// - Parameters:
    ///   - migrating: whether missing migrations are applied first.
    ///   - ledger: where what happens is written down besides the database.
    public static func connect(
        _ options: ConnectionOptions, migrating: Bool = false, ledger: (any LedgerKeeping)? = nil
    ) async throws -> PostgresStore {
        let connection = try await Connection.connect(options)
        do {
            if migrating { try await Migrator().migrate(connection) } else { try await Migrator().require(connection) }
            try await connection.perform { try Placement.recover($0) }
        } catch {
            await connection.close()
            throw error
        }
        return PostgresStore(
            options: options, connection: connection, recorder: LedgerRecorder(ledger), heartbeat: Heartbeat(options),
            runLock: RunLock(options))
    }

    /// Opens the store with everything but the URL at its default.
    public static func connect(
        url: String, migrating: Bool = false, ledger: (any LedgerKeeping)? = nil
    ) async throws -> PostgresStore {
        try await connect(ConnectionOptions(url: url), migrating: migrating, ledger: ledger)
    }

    /// Closes both connections; the run's lock is free then.
    public func close() async {
        // What goes wrong here ends with the sessions.
        try? await leave()
        await heartbeat.abandon()
        await runLock.release()
        await connection.close()
    }

    /// The same store with a session of its own, closed when `body` is done: what it does there goes on while something
    /// else is done here. Claims, lock and ledger are the same.
    public func beside<Value: Sendable>(
        _ body: @Sendable (any SubmissionStore) async throws -> Value
    ) async throws -> Value {
        try await withOther { try await body($0) }
    }

    /// The same for statements of this module.
    func withOther<Value: Sendable>(_ body: @Sendable (PostgresStore) async throws -> Value) async throws -> Value {
        var other = self
        other.connection = try await Connection.connect(options)
        // What waits is written by the session that has it.
        other.proposals = StagedProposals(sharing: proposals)
        do {
            if let worker = claims.worker {
                try await other.connection.perform { _ = try $0.query(Heartbeat.called(worker)) }
            }
            let value = try await body(other)
            await other.connection.close()
            return value
        } catch {
            await other.connection.close()
            throw error
        }
    }

    /// Takes the lock that only one run holds; `false` where another run has it.
    ///
    /// A run that has stopped without dying is ended first: its sessions, and with them its lock.
    public func acquireRunLock() async throws -> Bool {
        async let prepared: Void = heartbeat.prepare()
        let isFree = try await runLock.acquire()
        await prepared
        if isFree { return true }
        let ended = try await connection.perform { try Workers.endSilent($0, besides: 0) }
        return ended > 0 ? try await runLock.acquire(tries: 20) : false
    }

    /// Reads, without a transaction of its own.
    func read<Value: Sendable>(_ body: @Sendable (isolated Connection) throws -> Value) async throws -> Value {
        try await connection.perform(body)
    }

    /// Writes in one transaction. A run that has lost its lock, because the server was restarted, takes it again first.
    func write<Value: Sendable>(
        _ name: String = #function, _ body: @Sendable (isolated Connection) throws -> Value
    ) async throws -> Value {
        try await runLock.ensure()
        return try await connection.perform { connection in
            try connection.withTransaction(named: name) { try body($0) }
        }
    }
}

/// Holds the lock of a run on a session of its own.
actor RunLock {
    static let key: Int64 = 0x79_616F_6365_0002
    private let options: ConnectionOptions
    private var connection: Connection?

    init(_ options: ConnectionOptions) {
        var options = options
        options.reconnects = false
        options.applicationName += " (run lock)"
        self.options = options
    }

    /// - Parameter tries: for a lock whose session has just been ended.
    func acquire(tries: Int) async throws -> Bool {
        for _ in 0..<tries {
            if try await acquire() { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    /// Called like the worker that the run is, so that it can be ended with it.
    func call(_ worker: Int) async throws {
        try await connection?.perform { _ = try $0.query(Heartbeat.called(worker)) }
    }

    func acquire() async throws -> Bool {
        if connection != nil { return true }
        let fresh = try await Connection.connect(options)
        guard try await fresh.tryAdvisoryLock(RunLock.key) else {
            await fresh.close()
            return false
        }
        connection = fresh
        return true
    }

    /// Makes sure that a lock once taken is still held.
    func ensure() async throws {
        guard let held = connection else { return }
        do {
            try await held.perform { _ = try $0.query("SELECT 1", named: "run lock") }
        } catch let error as PostgresError where error.isUnavailable {
            await held.close()
            connection = nil
            guard try await acquire() else {
                throw PostgresError(
                    .unavailable, message: "another run took the lock while the database was away",
                    statement: "run lock")
            }
        }
    }

    func release() async {
        await connection?.close()
        connection = nil
    }
}
