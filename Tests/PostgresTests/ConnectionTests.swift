import Postgres
import Synchronization
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `A connection` {
    /// Waits until a session of the database is in `pg_sleep`.
    private func waitUntilSleeping(in database: TestDatabase) async throws {
        let other = try await database.connect()
        try await other.perform { other in
            while try other.query(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'active' AND wait_event = 'PgSleep'
                """
            ).single(Int.self) == 0 {}
        }
        await other.close()
    }

    @Test func `an error carries what the server said and no values`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query("CREATE TABLE t (n integer PRIMARY KEY, secret text)")
                try connection.query("INSERT INTO t VALUES (77177, 'x')")
                let error = #expect(throws: PostgresError.self) {
                    try connection.query("INSERT INTO t VALUES (\(77177), \("personal"))", named: "adding a row")
                }
                #expect(error?.sqlState == "23505")
                #expect(error?.problem == .server)
                #expect(error?.statement == "adding a row")
                #expect(error?.detail?.contains("77177") == true)
                #expect(error?.description.contains("77177") == false)
                #expect(error?.description.contains("personal") == false)
                let missing = #expect(throws: PostgresError.self) { try connection.query("SELECT length(1::integer)") }
                #expect(missing?.sqlState == "42883")
                #expect(missing?.hint != nil)
            }
            await connection.close()
        }
    }

    @Test func `the session has its encoding, zone and name`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                let settings = try connection.query(
                    """
                    SELECT current_setting(name) FROM unnest(\(["client_encoding", "TimeZone", "application_name"]))
                        WITH ORDINALITY AS t (name, n) ORDER BY n
                    """
                ).column(0, as: String.self)
                #expect(settings == ["UTF8", "Asia/Shanghai", "yaoce"])
            }
            await connection.close()
        }
    }

    @Test func `another task can stop a statement`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            let sleeping = Task { try await connection.perform { _ = try $0.query("SELECT pg_sleep(600)") } }
            try await waitUntilSleeping(in: database)
            connection.cancel()
            let error = await #expect(throws: PostgresError.self) { try await sleeping.value }
            #expect(error?.isCancelled == true)
            await connection.close()
        }
    }

    @Test func `cancelling a task stops its statement`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            let sleeping = Task { try await connection.perform { _ = try $0.query("SELECT pg_sleep(600)") } }
            try await waitUntilSleeping(in: database)
            sleeping.cancel()
            await #expect(throws: (any Error).self) { try await sleeping.value }
            #expect(try await connection.perform { try $0.query("SELECT 1").single(Int.self) } == 1)
            await connection.close()
        }
    }

    @Test func `cancelling a task stops its statement at whatever moment it comes`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            // Before the task runs, while the statement is on its way, and after: without a pause all of them happen.
            for turns in 0..<40 {
                let sleeping = Task { try await connection.perform { _ = try $0.query("SELECT pg_sleep(600)") } }
                for _ in 0..<turns * 25 { await Task.yield() }
                sleeping.cancel()
                await #expect(throws: (any Error).self) { try await sleeping.value }
            }
            #expect(try await connection.perform { try $0.query("SELECT 1").single(Int.self) } == 1)
            await connection.close()
        }
    }

    @Test func `a cancelled task still rolls its transaction back`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            let sleeping = Task {
                try await connection.perform { connection in
                    try connection.withTransaction {
                        try $0.query("CREATE TABLE undone (n integer)")
                        try $0.query("SELECT pg_sleep(600)")
                    }
                }
            }
            try await waitUntilSleeping(in: database)
            sleeping.cancel()
            await #expect(throws: (any Error).self) { try await sleeping.value }
            let isThere: Bool = try await connection.perform {
                try $0.query("SELECT to_regclass('undone') IS NOT NULL").single()
            }
            #expect(!isThere)
            await connection.close()
        }
    }

    @Test func `a statement that takes too long is stopped`() async throws {
        try await withDatabase(.empty) { database in
            var options = database.options
            options.statementTimeout = .milliseconds(1500)
            let connection = try await Connection.connect(options)
            let error = await #expect(throws: PostgresError.self) {
                try await connection.perform { _ = try $0.query("SELECT pg_sleep(60)") }
            }
            #expect(error?.sqlState == "57014")
            try await connection.perform { connection in
                try connection.withTransaction(statementTimeout: .seconds(30)) {
                    _ = try $0.query("SELECT pg_sleep(1.8)")
                }
            }
            await connection.close()
        }
    }

    @Test func `a broken session is opened again by the next statement`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            let other = try await database.connect()
            let pid: Int32 = try await connection.perform { try $0.query("SELECT pg_backend_pid()").single() }
            try await other.perform { _ = try $0.query("SELECT pg_terminate_backend(\(pid), 5000)") }
            let error = await #expect(throws: PostgresError.self) {
                try await connection.perform { _ = try $0.query("SELECT 1") }
            }
            #expect(error?.isUnavailable == true)
            let fresh: Int32 = try await connection.perform { try $0.query("SELECT pg_backend_pid()").single() }
            #expect(fresh != pid)
            await connection.close()
            await other.close()
        }
    }

    @Test func `a session that must not be opened again stays broken`() async throws {
        try await withDatabase(.empty) { database in
            var options = database.options
            options.reconnects = false
            let connection = try await Connection.connect(options)
            for _ in 0..<2 {
                await #expect(throws: PostgresError.self) {
                    try await connection.perform { _ = try $0.query("SELECT pg_terminate_backend(pg_backend_pid())") }
                }
            }
            await connection.close()
        }
    }

    @Test func `a transaction is undone when its body throws, and a savepoint alone where it is inside`() async throws {
        struct Stop: Error {}
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query("CREATE TABLE t (n integer)")
                #expect(throws: Stop.self) {
                    try connection.withTransaction { connection in
                        try connection.query("INSERT INTO t VALUES (1)")
                        throw Stop()
                    }
                }
                try connection.withTransaction { connection in
                    try connection.query("INSERT INTO t VALUES (2)")
                    #expect(throws: PostgresError.self) {
                        try connection.withTransaction { connection in
                            try connection.query("INSERT INTO t VALUES (3)")
                            try connection.query("SELECT 1 / 0")
                        }
                    }
                    try connection.query("INSERT INTO t VALUES (4)")
                }
                #expect(try connection.query("SELECT n FROM t ORDER BY n").column(0, as: Int.self) == [2, 4])
            }
            await connection.close()
        }
    }

    @Test func `a session lock has one holder`() async throws {
        try await withDatabase(.empty) { database in
            let (one, two) = (try await database.connect(), try await database.connect())
            #expect(try await one.tryAdvisoryLock(5))
            #expect(try await !two.tryAdvisoryLock(5))
            #expect(try await one.advisoryUnlock(5))
            #expect(try await two.tryAdvisoryLock(5))
            await one.close()
            await two.close()
        }
    }

    @Test func `notices reach their reader`() async throws {
        let seen = Box()
        try await withDatabase(.empty) { database in
            var options = database.options
            options.onNotice = { notice in seen.add(notice.message) }
            let connection = try await Connection.connect(options)
            try await connection.script("DO $$ BEGIN RAISE NOTICE '你好'; END $$")
            #expect(seen.all == ["你好"])
            await connection.close()
        }
    }

    @Test func `many rows come in blocks`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                var blocks: [Int] = []
                try connection.withTransaction { connection in
                    try connection.forEachBlock(of: "SELECT generate_series(1, \(25))", rows: 10) { rows in
                        blocks.append(rows.count)
                    }
                }
                #expect(blocks == [10, 10, 5])
            }
            await connection.close()
        }
    }

    @Test(arguments: [
        ("", PostgresError.Problem.badURL), ("postgresql://%zz/x", .badURL), ("nonsense", .badURL),
        ("host=/nowhere dbname=x", .unavailable),
    ])
    func `an address that leads nowhere says what kind of trouble it is`(
        url: String, problem: PostgresError.Problem
    ) async throws {
        var options = ConnectionOptions(url: url)
        options.retry = .init(attempts: 2, firstDelay: .milliseconds(1))
        let error = await #expect(throws: PostgresError.self) { _ = try await Connection.connect(options) }
        #expect(error?.problem == problem)
    }

    @Test func `a database that does not exist is refused, not unavailable`() async throws {
        try await withDatabase(.empty) { database in
            let url = database.url.replacing("/test_", with: "/no_test_")
            let error = await #expect(throws: PostgresError.self) {
                _ = try await Connection.connect(ConnectionOptions(url: url))
            }
            #expect(error?.problem == .refused)
        }
    }

    @Test func `a server that has no room is unavailable, not refused`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            let name = "crowded_\(UInt32.random(in: 0...UInt32.max))"
            try await connection.perform {
                try $0.query("CREATE ROLE \(identifier: name) LOGIN CONNECTION LIMIT 0")
            }
            let url = database.url.replacing("://yaoce@", with: "://\(name)@")
            try #require(url != database.url)
            let error = await #expect(throws: PostgresError.self) {
                _ = try await Connection.connect(ConnectionOptions(url: url))
            }
            #expect(error?.isUnavailable == true, "\(String(describing: error))")
            try await connection.perform { try $0.query("DROP ROLE \(identifier: name)") }
            await connection.close()
        }
    }
}

/// Carries what a handler saw out of it.
private final class Box: Sendable {
    private let values = Mutex<[String]>([])
    func add(_ value: String) { values.withLock { $0.append(value) } }
    var all: [String] { values.withLock { $0 } }
}
