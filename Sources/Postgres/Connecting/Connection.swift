import CLibpq
import Glibc
import Synchronization

/// One session with PostgreSQL. It blocks on a thread of its own, never on Swift's shared pool.
///
/// Its functions are synchronous inside the actor. Work of several statements is one closure that runs isolated to the
/// connection (`perform`, `withTransaction`): nothing of another task can come between its statements.
public actor Connection {
    private let executor = ConnectionExecutor()
    private let options: ConnectionOptions
    private let canceller = Mutex<CancelHandle?>(nil)
    private var session: Session?
    private var savepoints = 0
    private var isRollingBack = false

    /// Jobs run on the connection's own queue.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private init(options: ConnectionOptions) { self.options = options }

    /// Opens a session, trying again with growing pauses while no server answers.
    public static func connect(_ options: ConnectionOptions) async throws -> Connection {
        let connection = Connection(options: options)
        var attempt = 0
        while true {
            do {
                try await connection.open()
                return connection
            } catch {
                attempt += 1
                guard error.problem == .unavailable, attempt < options.retry.attempts else { throw error }
                try await Task.sleep(for: options.retry.delay(after: attempt - 1))
            }
        }
    }

    private func open() throws(PostgresError) {
        session = nil
        canceller.withLock { $0 = nil }
        let session = try Session(options)
        let handle = session.cancelHandle
        canceller.withLock { $0 = handle }
        self.session = session
    }

    /// Ends the session. A later statement is an error.
    public func close() {
        canceller.withLock { $0 = nil }
        session = nil
    }

    /// Asks the server to stop what the session is doing; what runs then fails with SQLSTATE 57014. Never waits.
    public nonisolated func cancel() {
        let handle = canceller.withLock { $0 }
        handle?.cancel()
    }

    /// Whether the session is open, as far as is known without asking the server.
    public var isOpen: Bool { session?.isOpen ?? false }

    /// Does several things with nothing of another task between them. Cancelling the task cancels the statement.
    public nonisolated func perform<Value: Sendable>(
        _ body: @Sendable (isolated Connection) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await withTaskCancellationHandler {
            try await run(body)
        } onCancel: {
            cancel()
        }
    }

    private func run<Value: Sendable>(_ body: @Sendable (isolated Connection) throws -> Value) throws -> Value {
        try body(self)
    }

    // MARK: Statements

    /// Runs one statement with its parameters.
    @discardableResult
    public func query(_ sql: SQL, named name: String = #function) throws(PostgresError) -> QueryResult {
        let session = try opened(name)
        try checkCancellation(name)
        let statement = sql.rendered
        session.discardResults()
        let sent = unsafe statement.withCArguments { text, count, types, values, lengths, formats in
            unsafe PQsendQueryParams(session.pointer, text, count, types, values, lengths, formats, 1)
        }
        return try unsafe adopt(sent == 1 ? session.lastResult(canCancel: !isRollingBack) : nil, session, name)
    }

    /// Runs text of several statements without parameters; all of it is one transaction unless it says otherwise.
    public func script(_ text: String, named name: String = #function) throws(PostgresError) {
        let session = try opened(name)
        try checkCancellation(name)
        session.discardResults()
        let sent = unsafe PQsendQuery(session.pointer, text)
        _ = try unsafe adopt(sent == 1 ? session.lastResult(canCancel: !isRollingBack) : nil, session, name)
    }

    /// A task that was cancelled before its statement began sends it no more. What ends a transaction still goes out:
    /// it gives back what the session holds.
    private func checkCancellation(_ name: String) throws(PostgresError) {
        guard Task.isCancelled, !isRollingBack else { return }
        throw PostgresError(
            .server, sqlState: "57014", message: "the statement was cancelled before it began", statement: name)
    }

    /// The session as it is; for the second half of something that began on it.
    func underWay(_ name: String) throws(PostgresError) -> Session {
        guard let session, session.isOpen else {
            throw PostgresError(.lost, message: "the connection to the database broke", statement: name)
        }
        return session
    }

    /// The session, opened again where it broke outside a transaction.
    func opened(_ name: String) throws(PostgresError) -> Session {
        if let session, session.isOpen { return session }
        guard session != nil else { throw PostgresError(.lost, message: "the connection is closed", statement: name) }
        guard options.reconnects, savepoints == 0 else {
            throw PostgresError(.lost, message: "the connection to the database broke", statement: name)
        }
        var attempt = 0
        while true {
            do throws(PostgresError) {
                try reopen()
                guard let session else { continue }
                return session
            } catch {
                attempt += 1
                guard error.problem == .unavailable, attempt < options.retry.attempts else { throw error }
                pause(options.retry.delay(after: attempt - 1))
            }
        }
    }

    /// Opens a new session and keeps the broken one where that fails, so that the next statement tries again.
    private func reopen() throws(PostgresError) {
        let fresh = try Session(options)
        let handle = fresh.cancelHandle
        canceller.withLock { $0 = handle }
        session = fresh
    }

    private func pause(_ duration: Duration) {
        usleep(UInt32(clamping: duration.wholeMilliseconds * 1000))
    }

    /// Takes over a result, or makes an error of it.
    func adopt(_ pointer: OpaquePointer?, _ session: Session, _ name: String) throws(PostgresError) -> QueryResult {
        guard let pointer = unsafe pointer else { throw lost(session, name) }
        switch unsafe PQresultStatus(pointer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_EMPTY_QUERY:
            return unsafe QueryResult(adopting: pointer, statement: name)
        default:
            let error = unsafe serverError(pointer, session, name)
            unsafe PQclear(pointer)
            throw error
        }
    }

    func lost(_ session: Session, _ name: String) -> PostgresError {
        let message = session.lastMessage
        return PostgresError(
            .lost, message: message.isEmpty ? "the connection to the database broke" : message, statement: name)
    }

    private func serverError(_ result: OpaquePointer, _ session: Session, _ name: String) -> PostgresError {
        func field(_ code: Character) -> String? {
            guard let text = unsafe PQresultErrorField(result, Int32(code.asciiValue ?? 0)) else { return nil }
            return unsafe String(cString: text)
        }
        guard let state = field("C") else { return lost(session, name) }
        return PostgresError(
            session.isOpen ? .server : .lost, sqlState: state, message: field("M") ?? session.lastMessage,
            detail: field("D"), hint: field("H"), statement: name)
    }

    // MARK: Transactions

    /// Runs a body in a transaction: committed when it returns, rolled back when it throws. Inside a transaction it is
    /// a savepoint.
    public func withTransaction<Value>(
        statementTimeout: Duration? = nil, named name: String = #function,
        _ body: (isolated Connection) throws -> Value
    ) throws -> Value {
        let depth = savepoints
        try query(depth == 0 ? "BEGIN" : SQL(unchecked: "SAVEPOINT s\(depth)"), named: name)
        savepoints += 1
        defer { savepoints = depth }
        do {
            if let statementTimeout {
                try query(
                    SQL(unchecked: "SET LOCAL statement_timeout = \(statementTimeout.wholeMilliseconds)"), named: name)
            }
            let value = try body(self)
            try query(depth == 0 ? "COMMIT" : SQL(unchecked: "RELEASE SAVEPOINT s\(depth)"), named: name)
            return value
        } catch {
            rollBack(to: depth, name)
            throw error
        }
    }

    /// Undoes what a body did. The first error is the one to tell; a rollback fails only with the connection, and then
    /// the server rolls back by itself.
    private func rollBack(to depth: Int, _ name: String) {
        guard let session, session.isOpen, session.isInTransaction else { return }
        isRollingBack = true
        defer { isRollingBack = false }
        guard depth == 0 else {
            // Where this fails the transaction around it fails too, and is rolled back as a whole.
            _ = try? query("ROLLBACK TO SAVEPOINT \(identifier: "s\(depth)")", named: name)
            _ = try? query("RELEASE SAVEPOINT \(identifier: "s\(depth)")", named: name)
            return
        }
        // A request to cancel what the body did may hit the rollback instead.
        for _ in 0..<3 where session.isOpen && session.isInTransaction { _ = try? query("ROLLBACK", named: name) }
    }

    // MARK: Locks

    /// Takes a lock that the session holds until it ends or gives it back; `false` where another session has it.
    public func tryAdvisoryLock(_ key: Int64, named name: String = #function) throws(PostgresError) -> Bool {
        try query("SELECT pg_try_advisory_lock(\(key))", named: name).single()
    }

    /// Waits for a lock that is given back with the end of the transaction.
    public func advisoryTransactionLock(_ key: Int64, named name: String = #function) throws(PostgresError) {
        try query("SELECT pg_advisory_xact_lock(\(key))", named: name)
    }

    /// Gives a session lock back; `false` where the session had none.
    public func advisoryUnlock(_ key: Int64, named name: String = #function) throws(PostgresError) -> Bool {
        try query("SELECT pg_advisory_unlock(\(key))", named: name).single()
    }

    // MARK: Many rows

    /// Runs a query through a cursor and gives its rows in blocks, so that any number of them needs bounded memory.
    /// Only inside a transaction.
    public func forEachBlock(
        of sql: SQL, rows: Int = 2_000, named name: String = #function, _ body: (borrowing QueryResult) throws -> Void
    ) throws {
        try query("DECLARE yaoce_rows NO SCROLL CURSOR FOR \(sql)", named: name)
        while true {
            let block = try query(SQL(unchecked: "FETCH \(rows) FROM yaoce_rows"), named: name)
            if block.count > 0 { try body(block) }
            if block.count < rows { break }
        }
        try query("CLOSE yaoce_rows", named: name)
    }
}
