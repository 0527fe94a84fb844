import Core
import Digests
import Foundation
import Glibc
import Postgres
import Samples
import Store
import TestDatabase
import TestNight

/// A night that accidents happen to: folders and a database of its own, in a cluster that may be killed.
struct Scene: Sendable {
    let folder: TestFolder
    let cluster: EmbeddedCluster
    let url: String
    /// Digests of everything that was in the inbox, by path below it.
    let sent: Set<[UInt8]>
    var variables: [String: String] = [:]

    static let arguments = ["run", "--json", "--business-date", Night.businessDate.description]

    /// A sixth of the sample night: loose files in both encodings, gzip, XML, packages, dirty ones, a resubmission, one
    /// that is not ready and a stranger.
    private static let sources: [String] = {
        guard let key = try? AnswerKeyFile.read() else { return [] }
        let some = key.intake.enumerated().filter { $0.offset % 6 == 0 || $0.element.outcome != .taken }
        let resubmitted = key.submissions.filter { $0.version > 1 }.map(\.hospitalCode)
        return some.map(\.element.source) + resubmitted
    }()

    init(_ folder: TestFolder, _ cluster: EmbeddedCluster, _ url: String) async throws {
        self.folder = folder
        self.cluster = cluster
        self.url = url
        let night = try Night(folder, TestDatabase(url: url))
        try night.addSampleNight { source in Scene.sources.contains { source.hasPrefix($0) } }
        sent = Set(
            folder.files(below: "inbox").compactMap { name in
                name.hasSuffix("submission.ok") ? nil : try? SHA256Hasher.digest(ofFileAt: folder.file("inbox/\(name)"))
            })
        _ = try await program.run("init", ".")
        for kind in ["divisions", "institutions", "drugs"] {
            let file = "\(Repository.path)/SampleData/libraries/\(kind).csv"
            let ended = try await program.run("library", "import", kind, file, "--version", "v2026.1", "--publish")
            guard ended.exitCode == 0 else { throw SceneError(reason: ended.errors) }
        }
    }

    var program: Program {
        Program(
            folder,
            environment: ["YAOCE_DATABASE_URL": url, "YAOCE_LOG_LEVEL": "info"].merging(variables) { $1 })
    }

    /// Runs until a run ends by itself with 0; what the last one said where none does.
    func runToTheEnd(tries: Int = 4) async throws -> String? {
        var said = ""
        for _ in 0..<tries {
            let ended = try await program.run(Scene.arguments)
            if ended.exitCode == 0 { return nil }
            said = "exit \(ended.exitCode.map(String.init) ?? "by a signal"): \(ended.errors.suffix(600))"
        }
        return said
    }

    /// What the public views show.
    func views() async throws -> [String: [String]] {
        let connection = try await Connection.connect(ConnectionOptions(url: url))
        do {
            let content = try await PublicViews.content(connection)
            await connection.close()
            return content
        } catch {
            await connection.close()
            throw error
        }
    }

    /// What is wrong, compared with a night that nothing happened to. Empty where nothing is.
    /// - Parameter sawMore: whether runs may have seen things not ready that an undisturbed one took at once.
    func damage(_ expected: [String: [String]], sawMore: Bool = false) async throws -> [String] {
        var damage: [String] = []
        let connection = try await Connection.connect(ConnectionOptions(url: url))
        do {
            var (found, expected) = (try await PublicViews.content(connection), expected)
            if sawMore {
                found["intake"]?.removeAll { $0.contains("not_ready") }
                expected["intake"]?.removeAll { $0.contains("not_ready") }
            }
            damage += PublicViews.differences(found, expected)
            damage += try await connection.perform { connection in
                try connection.query(
                    """
                    SELECT 'sums of submission ' || submission_id FROM yaoce_api.submission_file
                    WHERE rows_read <> rows_loaded + rows_quarantined + rows_skipped
                    UNION ALL
                    SELECT format('%s rows of submission %s, its files count %s', coalesce(n, 0), submission_id, rows)
                    FROM (SELECT submission_id, sum(rows_loaded) AS rows FROM yaoce_api.submission_file GROUP BY 1) f
                    JOIN yaoce_api.submission s USING (submission_id)
                    LEFT JOIN (SELECT submission_id, count(*) AS n FROM (
                        SELECT submission_id FROM yaoce_api.institution UNION ALL SELECT submission_id FROM yaoce_api.catalogue
                        UNION ALL SELECT submission_id FROM yaoce_api.stock_in UNION ALL SELECT submission_id FROM yaoce_api.stock_out
                        UNION ALL SELECT submission_id FROM yaoce_api.usage) r GROUP BY 1) v USING (submission_id)
                    WHERE s.is_current AND s.verdict <> 'returned' AND rows <> coalesce(n, 0)
                    """
                ).column(0, as: String.self)
            }
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
        damage += archiveDamage()
        let left = folder.files(below: "data/work")
        if !left.isEmpty { damage.append("left in the work folder: \(left)") }
        let half = folder.files(below: "outbox").filter { $0.hasSuffix(".tmp") }
        if !half.isEmpty { damage.append("half papers: \(half)") }
        return damage
    }

    /// Every byte that came lies in the archive or still in the inbox, and what lies in the archive is what it is called.
    private func archiveDamage() -> [String] {
        var kept: Set<[UInt8]> = []
        var damage: [String] = []
        // The archive may lie behind a link.
        for name in folder.files(below: "archive/.") where !name.hasPrefix("ledger/") {
            guard let digest = try? SHA256Hasher.digest(ofFileAt: folder.file("archive/\(name)")) else { continue }
            kept.insert(digest)
            let called = name.split(separator: "/").last.map(String.init) ?? ""
            if called != SHA256Digest(bytes: digest).hex { damage.append("archive/\(name) holds other bytes") }
        }
        for name in folder.files(below: "inbox") {
            if let digest = try? SHA256Hasher.digest(ofFileAt: folder.file("inbox/\(name)")) { kept.insert(digest) }
        }
        let lost = sent.subtracting(kept).count
        if lost > 0 { damage.append("\(lost) files are nowhere") }
        return damage
    }

    /// Makes the database again from the archive and compares.
    func rebuildDamage(into other: String) async throws -> [String] {
        let ended = try await program.run("rebuild", "--from-archive", "--into", other, "--verify", "--lang", "en")
        return ended.exitCode == 0 ? [] : ["rebuilt otherwise: \(ended.output.suffix(400)) \(ended.errors.suffix(600))"]
    }
}

/// Why there is no scene.
struct SceneError: Error {
    var reason: String
}

/// A cluster of the torture's own, since its backends are killed; gone with the process.
actor TortureCluster {
    private static let starting = Task { try await TortureCluster() }
    static func shared() async throws -> TortureCluster { try await starting.value }

    let cluster: EmbeddedCluster
    private var number = 0

    private init() async throws {
        var template = Array("/tmp/yaoce-torture-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try stopWithThisProcess(clusterIn: folder)
        cluster = EmbeddedCluster(
            folder: folder,
            settings: ["fsync": "off", "full_page_writes": "off", "max_connections": "100", "shared_buffers": "64MB"])
        try await cluster.start()
        let connection = try await Connection.connect(ConnectionOptions(url: cluster.url(database: "postgres")))
        try await connection.perform { try $0.query("CREATE DATABASE torture_template") }
        await connection.close()
        let fresh = try await Connection.connect(ConnectionOptions(url: cluster.url(database: "torture_template")))
        try await Migrator().migrate(fresh)
        await fresh.close()
    }

    private func administrate(_ body: @Sendable (isolated Connection) throws -> Void) async throws {
        let connection = try await Connection.connect(ConnectionOptions(url: cluster.url(database: "postgres")))
        do {
            try await connection.perform(body)
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
    }

    /// A database with the program's schema; its name and URL.
    func make(tablespace: String? = nil) async throws -> (name: String, url: String) {
        number += 1
        let name = "torture_\(number)"
        for attempt in 0..<100 {
            do {
                try await administrate { connection in
                    if let tablespace {
                        try connection.query(
                            "CREATE DATABASE \(identifier: name) TEMPLATE torture_template TABLESPACE \(identifier: tablespace)"
                        )
                    } else {
                        try connection.query("CREATE DATABASE \(identifier: name) TEMPLATE torture_template")
                    }
                    // PostgreSQL 15 logs nothing of a copied database's init forks with wal_level = minimal: a crash
                    // before the next checkpoint would leave tables that are not logged broken, here and nowhere else.
                    try connection.query("CHECKPOINT")
                }
                break
            } catch let error as PostgresError where error.sqlState == "55006" && attempt < 99 {
                // A session that was killed may take a moment to end.
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return (name, cluster.url(database: name))
    }

    func drop(_ name: String) async throws {
        try await administrate { try $0.query("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)") }
    }

    func makeTablespace(_ name: String, at path: String) async throws {
        try await administrate { try $0.query(SQL(unchecked: "CREATE TABLESPACE \(name) LOCATION '\(path)'")) }
    }

    func dropTablespace(_ name: String) async throws {
        try await administrate { try $0.query("DROP TABLESPACE IF EXISTS \(identifier: name)") }
    }

    /// Asks about other databases.
    func ask(_ sql: SQL) async throws -> [String] {
        let connection = try await Connection.connect(ConnectionOptions(url: cluster.url(database: "postgres")))
        do {
            let found = try await connection.perform { try $0.query(sql).column(0, as: String.self) }
            await connection.close()
            return found
        } catch {
            await connection.close()
            throw error
        }
    }
}

/// A night of its own for one accident or several; everything is gone afterwards.
/// - Parameters:
///   - tablespace: where its database lies.
///   - preparing: done to the folder before anything lies in it.
func withScene<Value: Sendable>(
    tablespace: String? = nil, preparing: (TestFolder) throws -> Void = { _ in },
    _ body: (Scene, String) async throws -> Value
) async throws -> Value {
    let torture = try await TortureCluster.shared()
    let database = try await torture.make(tablespace: tablespace)
    return try await withFolder { folder in
        do {
            try preparing(folder)
            let value = try await body(try await Scene(folder, torture.cluster, database.url), database.name)
            try await torture.drop(database.name)
            return value
        } catch {
            try? await torture.drop(database.name)
            throw error
        }
    }
}
