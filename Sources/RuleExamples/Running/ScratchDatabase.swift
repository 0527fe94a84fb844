internal import Foundation
internal import Postgres
internal import Store

/// A database of its own on a server, with the program's schema, that goes away when the body is done.
enum ScratchDatabase {
    static func with<Value: Sendable>(
        server url: String, _ body: (PostgresStore, Connection) async throws -> Value
    ) async throws -> Value {
        let name = "yaoce_rules_" + UUID().uuidString.lowercased().replacing("-", with: "").prefix(16)
        let administrator = try await Connection.connect(ConnectionOptions(url: url))
        do {
            try await administrator.perform { try $0.query("CREATE DATABASE \(identifier: name)") }
        } catch {
            await administrator.close()
            throw error
        }
        let result: Result<Value, any Error>
        do {
            let options = ConnectionOptions(url: ScratchDatabase.url(url, database: name))
            let store = try await PostgresStore.connect(options, migrating: true)
            do {
                let connection = try await Connection.connect(options)
                do {
                    result = .success(try await body(store, connection))
                } catch {
                    result = .failure(error)
                }
                await connection.close()
            } catch {
                result = .failure(error)
            }
            await store.close()
        } catch {
            result = .failure(error)
        }
        _ = try? await administrator.perform {
            try $0.query("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
        }
        await administrator.close()
        return try result.get()
    }

    /// The same server with another database: the last `dbname` of a URL or keyword string counts.
    static func url(_ url: String, database: String) -> String {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else { return "\(url) dbname=\(database)" }
        return url + (url.contains("?") ? "&" : "?") + "dbname=\(database)"
    }
}
