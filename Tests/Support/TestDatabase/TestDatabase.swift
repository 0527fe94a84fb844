public import Postgres
public import Store

/// A database that belongs to one test.
public struct TestDatabase: Sendable {
    /// Its URL.
    public let url: String

    /// The database with a URL.
    public init(url: String) { self.url = url }

    /// A connection to it, which the caller closes.
    public func connect() async throws -> Connection { try await Connection.connect(options) }

    /// A store on it, which the caller closes.
    public func store() async throws -> PostgresStore { try await PostgresStore.connect(options) }

    /// How to connect to it.
    public var options: ConnectionOptions { ConnectionOptions(url: url) }
}

/// Whether a database without any tables or one with the program's schema is wanted.
public enum TestSchema: Sendable {
    case empty, migrated
}

/// Gives a test a database of its own and removes it afterwards, also when the test fails.
public func withDatabase<Value: Sendable>(
    _ schema: TestSchema = .migrated, _ body: @Sendable (TestDatabase) async throws -> Value
) async throws -> Value {
    if CitusServer.isForEverything, schema == .migrated { return try await withDistributed(body) }
    let databases = try await TestDatabases.shared()
    // A test that has one may have another: it would wait for those that wait for it.
    let isFirst = !TestDatabases.hasPlace
    if isFirst { await databases.takePlace() }
    do {
        let value = try await TestDatabases.$hasPlace.withValue(true) {
            let database = try await databases.make(schema)
            do {
                let value = try await body(database)
                await databases.drop(database)
                return value
            } catch {
                await databases.drop(database)
                throw error
            }
        }
        if isFirst { await databases.leavePlace() }
        return value
    } catch {
        if isFirst { await databases.leavePlace() }
        throw error
    }
}

/// The same with a distributed one, few at a time: each session has others on every server.
private func withDistributed<Value: Sendable>(
    _ body: @Sendable (TestDatabase) async throws -> Value
) async throws -> Value {
    let databases = TestDatabases.distributed
    let isFirst = !TestDatabases.hasPlace
    if isFirst { await databases.take() }
    do {
        let value = try await TestDatabases.$hasPlace.withValue(true) {
            try await withCitusDatabase(workers: true, body)
        }
        if isFirst { await databases.leave() }
        return value
    } catch {
        if isFirst { await databases.leave() }
        throw error
    }
}

/// Places that are taken and left again.
actor Places {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        guard free == 0 else { return free -= 1 }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Gives a test a store on a database of its own and removes both afterwards.
public func withStore<Value: Sendable>(
    _ body: @Sendable (PostgresStore, TestDatabase) async throws -> Value
) async throws -> Value {
    try await withDatabase { database in
        let store = try await database.store()
        do {
            let value = try await body(store, database)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }
}

/// Makes databases one after the other: a template that is in use cannot be copied.
actor TestDatabases {
    private static let starting = Task { try await TestDatabases(TestCluster.shared()) }
    private static let template = "yaoce_template"

    static func shared() async throws -> TestDatabases { try await starting.value }

    private let cluster: EmbeddedCluster
    private let administrator: Connection
    private var number = 0

    /// Whether the test that asks has a place already.
    @TaskLocal static var hasPlace = false
    /// All tests begin at once, and each has up to a dozen sessions: not all of them find room in the server.
    private let places = Places(24)
    static let distributed = Places(3)

    func takePlace() async { await places.take() }

    func leavePlace() async { await places.leave() }

    private init(_ cluster: EmbeddedCluster) async throws {
        self.cluster = cluster
        administrator = try await Connection.connect(ConnectionOptions(url: cluster.url(database: "postgres")))
        try await administrator.perform { try $0.query("CREATE DATABASE \(identifier: TestDatabases.template)") }
        let connection = try await Connection.connect(
            ConnectionOptions(url: cluster.url(database: TestDatabases.template)))
        try await Migrator().migrate(connection)
        await connection.close()
    }

    func make(_ schema: TestSchema) async throws -> TestDatabase {
        number += 1
        let name = "test_\(number)"
        let template = schema == .migrated ? TestDatabases.template : "template1"
        // One closure on the connection's own queue: two of them never overlap. The session that migrated the template
        // may take a moment to end.
        try await administrator.perform { connection in
            var attempt = 0
            while true {
                do {
                    try connection.query("CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: template)")
                    return
                } catch let error as PostgresError where error.sqlState == "55006" && attempt < 50 {
                    attempt += 1
                    try connection.query("SELECT pg_sleep(0.05)")
                }
            }
        }
        return TestDatabase(url: cluster.url(database: name))
    }

    func drop(_ database: TestDatabase) async {
        guard let name = database.url.split(separator: "?").first?.split(separator: "/").last.map(String.init) else {
            return
        }
        // What cannot be dropped goes with the cluster.
        _ = try? await administrator.perform { try $0.query("DROP DATABASE \(identifier: name) WITH (FORCE)") }
    }
}
