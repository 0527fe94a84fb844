import Foundation
import Postgres
import Store

/// The servers of a Citus cluster that tests may use, where the environment names them.
///
/// `YAOCE_TEST_CITUS_URL` is the coordinator: a superuser's URL of any database there. `YAOCE_TEST_CITUS_WORKERS` are URLs of
/// workers, separated by spaces; without them the coordinator holds everything itself.
public enum CitusServer {
    /// What to say where there is none.
    public static let isMissing = "YAOCE_TEST_CITUS_URL is not set"

    /// The coordinator; `nil` where none is named.
    public static let coordinator = environment("YAOCE_TEST_CITUS_URL")
    /// The workers.
    public static let workers = (environment("YAOCE_TEST_CITUS_WORKERS") ?? "").split(separator: " ").map(String.init)
    /// Whether every test's database is to be a distributed one: `YAOCE_TEST_DISTRIBUTED=1`.
    static let isForEverything = coordinator != nil && environment("YAOCE_TEST_DISTRIBUTED") == "1"

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The URL of another database of a server.
    static func url(_ server: String, database: String) -> String {
        guard var parts = URLComponents(string: server) else { return server }
        parts.path = "/\(database)"
        return parts.string ?? server
    }

    /// Makes an empty database on all servers, with the extension, that know of one another.
    static func make(_ name: String, workers: [String]) async throws -> TestDatabase {
        guard let coordinator else { throw TestClusterError(reason: isMissing) }
        for server in [coordinator] + workers {
            try await ask(server, "DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
            try await ask(server, "CREATE DATABASE \(identifier: name)")
            // Few shards: each is a table of its own on its server.
            try await ask(server, "ALTER DATABASE \(identifier: name) SET citus.shard_count = 4")
            try await ask(url(server, database: name), "CREATE EXTENSION citus")
        }
        let database = TestDatabase(url: url(coordinator, database: name))
        guard !workers.isEmpty else { return database }
        let connection = try await database.connect()
        do {
            try await connection.perform { connection in
                let own = place(of: coordinator)
                _ = try connection.query("SELECT citus_set_coordinator_host(\(own.host), \(own.port))")
                for worker in workers {
                    let place = place(of: worker)
                    _ = try connection.query("SELECT citus_add_node(\(place.host), \(place.port))")
                }
            }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        return database
    }

    /// Drops a database on all servers; what cannot be dropped stays.
    static func drop(_ name: String, workers: [String]) async {
        guard let coordinator else { return }
        for server in [coordinator] + workers {
            try? await ask(server, "DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
        }
    }

    private static func place(of server: String) -> (host: String, port: Int32) {
        let parts = URLComponents(string: server)
        return (parts?.host ?? "localhost", Int32(parts?.port ?? 5432))
    }

    private static func ask(_ server: String, _ statement: SQL) async throws {
        var options = ConnectionOptions(url: server)
        options.onNotice = { _ in }
        let connection = try await Connection.connect(options)
        do {
            try await connection.perform { _ = try $0.query(statement) }
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    /// Brings a database to the schema, distributed.
    public static func distribute(_ database: TestDatabase) async throws {
        let connection = try await database.connect()
        do {
            try await Migrator().migrate(connection)
            try await Distribution().apply(connection)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }
}

/// Gives a test a database of its own on the servers of a Citus cluster and removes it afterwards, also when the test fails.
/// - Parameters:
///   - workers: whether the workers hold the rows, or the coordinator itself.
///   - isDistributed: whether it has the program's schema, distributed, or nothing at all.
public func withCitusDatabase<Value: Sendable>(
    workers: Bool, distributed isDistributed: Bool = true, _ body: @Sendable (TestDatabase) async throws -> Value
) async throws -> Value {
    let name = "yaoce_test_\(UUID().uuidString.lowercased().prefix(8))"
    let servers = workers ? CitusServer.workers : []
    do {
        let database = try await CitusServer.make(name, workers: servers)
        if isDistributed { try await CitusServer.distribute(database) }
        let value = try await body(database)
        await CitusServer.drop(name, workers: servers)
        return value
    } catch {
        await CitusServer.drop(name, workers: servers)
        throw error
    }
}
