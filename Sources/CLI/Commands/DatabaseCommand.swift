import ArgumentParser
import Core
import Foundation
import Postgres
import Store

/// `yaoce db start|stop|url|migrate`
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db",
        abstract: "数据库：内置集群与迁移 · The database: embedded cluster and migrations.",
        discussion: """
            The embedded cluster is Debian's PostgreSQL in a folder of its own, reached by a unix socket only.
            Examples:
              yaoce db start
              psql "$(yaoce db url)"
              YAOCE_DATABASE_URL=postgresql://db.example/yaoce yaoce db migrate
            """,
        subcommands: [Start.self, Stop.self, Locate.self, Migrate.self, Checksum.self])

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "启动内置数据库并迁移 · Start the embedded cluster and migrate it.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let configuration = try common.configuration()
            try DatabaseCommand.requireEmbedded(configuration)
            try await configuration.cluster.start()
            let store = try await PostgresStore.connect(url: configuration.cluster.url, migrating: true)
            await store.close()
            Output.line(configuration.cluster.url)
        }
    }

    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "停止内置数据库 · Stop the embedded cluster.")
        @OptionGroup var common: CommonOptions

        func run() throws {
            let configuration = try common.configuration()
            try DatabaseCommand.requireEmbedded(configuration)
            try configuration.cluster.stop()
        }
    }

    struct Locate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "url", abstract: "连接地址 · Where the database is.")
        @OptionGroup var common: CommonOptions

        func run() throws { Output.line(try common.configuration().effectiveDatabaseURL) }
    }

    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "把数据库结构升级到本程序的版本 · Bring the schema up to this program.",
            discussion: """
                With --distributed the large tables are then distributed by institution over the servers of a Citus \
                cluster, with what is in them. Run it against the coordinator while nothing else runs; it may be run again.
                A database once distributed stays so: later, db migrate alone is enough.
                Example:
                  YAOCE_DATABASE_URL=postgresql://coordinator/yaoce yaoce db migrate --distributed
                """)
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "按医疗机构分布到 Citus 集群 · Distribute by institution over a Citus cluster.")
        var distributed = false
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        struct Step: Encodable {
            var number: Int
            var name: String
            var appliedAt: String?
        }

        func run() async throws {
            let configuration = try common.configuration()
            let connection = try await Connection.connect(ConnectionOptions(url: configuration.effectiveDatabaseURL))
            let applied: [Int]
            let status: [Migrator.Status]
            var tables: [String] = []
            do {
                applied = try await Migrator().migrate(connection)
                if distributed { tables = try await Distribution().apply(connection) }
                status = try await Migrator().status(connection)
                await connection.close()
            } catch {
                await connection.close()
                throw error
            }
            if json {
                return try Output.json(
                    status.map { Step(number: $0.number, name: $0.name, appliedAt: $0.appliedAt?.description) })
            }
            for step in status {
                let mark = applied.contains(step.number) ? "+" : " "
                Output.line("\(mark) \(step.number) \(step.name) \(step.appliedAt?.description ?? "-")")
            }
            for table in tables { Output.line("+ distributed \(table)") }
        }
    }

    struct Checksum: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "每个公共视图的校验和 · A checksum of every public view: equal where the content is.")
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let checksums = try await configuration.withStore { try await $0.checksums() }
            if json { return try Output.json(checksums) }
            Output.line(ChecksumTable.text(checksums, Environment.language))
        }
    }

    private static func requireEmbedded(_ configuration: Configuration) throws {
        guard configuration.databaseURL.isEmpty else {
            throw CommandError(
                .usage,
                Phrase(
                    "database.url 已指定外部数据库，内置数据库未使用",
                    "database.url names another database; the embedded cluster is not in use"))
        }
    }
}
