import Foundation
import Postgres
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `The embedded cluster` {
    private func withFolder(_ name: String, _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "yaoce-\(UUID().uuidString) \(name)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try stopWithThisProcess(clusterIn: folder)
        try await body(folder)
    }

    @Test func `starting and stopping may be repeated, and data stay`() async throws {
        try await withFolder("data base's") { folder in
            let cluster = EmbeddedCluster(folder: folder)
            #expect(!cluster.isRunning)
            try cluster.stop()
            try await cluster.start()
            defer { try? cluster.stop() }
            try await cluster.start()
            #expect(cluster.isRunning)
            let connection = try await Connection.connect(ConnectionOptions(url: cluster.url))
            try await connection.perform { connection in
                try connection.query("CREATE TABLE kept (n integer)")
                let settings = try connection.query(
                    """
                    SELECT concat_ws('|', current_setting('listen_addresses'), current_setting('jit'),
                        current_setting('wal_level'), current_setting('server_encoding'), current_database())
                    """)
                #expect(try settings.single(String.self) == "|off|minimal|UTF8|yaoce")
            }
            await connection.close()
            try cluster.stop()
            try cluster.stop()
            #expect(!cluster.isRunning)
            try await cluster.start()
            let again = try await Connection.connect(ConnectionOptions(url: cluster.url))
            try await again.perform { _ = try $0.query("TABLE kept") }
            await again.close()
        }
    }

    @Test func `a folder with a long path gets a short socket of its own`() {
        let long = EmbeddedCluster(folder: "/tmp/" + String(repeating: "长", count: 40))
        #expect(long.socketFolder.hasPrefix("/tmp/yaoce-"))
        #expect("\(long.socketFolder)/.s.PGSQL.5432".utf8.count <= 107)
        #expect(EmbeddedCluster(folder: "/tmp/" + String(repeating: "长", count: 40)).socketFolder == long.socketFolder)
        #expect(EmbeddedCluster(folder: "/srv/yaoce").socketFolder == "/srv/yaoce/socket")
        #expect(EmbeddedCluster(folder: "/srv/药 测").url.contains("host=/srv/%E8%8D%AF%20%E6%B5%8B/socket"))
    }

    @Test func `a folder that cannot be made says so`() async {
        let error = await #expect(throws: ClusterError.self) {
            try await EmbeddedCluster(folder: "/dev/null/db").start()
        }
        guard case .folder? = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
