import ArgumentParser
import Core
import Logging
import Pipeline
import Reports
import Store

/// `yaoce rebuild --from-archive`
struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "从存档重建数据库 · Make the database again from the archive.",
        discussion: """
            Everything archive/ledger tells is done once more, in the same order, on the archived bytes: libraries, runs,
            decisions, withdrawals. Numbers and times come out equal. A database from a backup is carried on from where it
            stands; one with other content is refused. --verify compares every public view with the configured database.
            Examples:
              yaoce rebuild --from-archive
              yaoce rebuild --from-archive --into postgresql://db.example/yaoce_again --verify
            """)

    @Flag(name: .long, help: "确认从存档重建 · Says what it is made from.")
    var fromArchive = false
    @Option(name: .long, help: "目标数据库，默认为配置的数据库 · The database; default: the configured one.")
    var into: String?
    @Flag(name: .long, help: "逐视图与配置的数据库比较校验和 · Compare checksums with the configured database.")
    var verify = false
    @OptionGroup var common: CommonOptions
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false

    struct Result: Encodable {
        var entriesBefore: Int
        var entriesRepeated: Int
        var differing: [String]
        var checksums: [ViewChecksum]
    }

    func run() async throws {
        let configuration = try common.configuration()
        guard fromArchive else {
            throw CommandError(.usage, Phrase("请写明 --from-archive", "say --from-archive"))
        }
        guard !verify || into != nil else {
            throw CommandError(.usage, Phrase("--verify 需要 --into", "--verify needs --into"))
        }
        let url = into ?? configuration.effectiveDatabaseURL
        let store = try await PostgresStore.connect(url: url, migrating: true)
        let progress = ProgressLine()
        let outcome: ArchiveRebuild.Outcome
        let checksums: [ViewChecksum]
        do {
            defer { progress.clear() }
            outcome = try await ArchiveRebuild(
                store: store, settings: configuration.pipeline, logger: Logger(label: "yaoce")
            ) { progress.show("\($0)") }.run()
            checksums = try await store.checksums()
            await store.close()
        } catch {
            await store.close()
            throw error
        }
        var differing: [String] = []
        if verify {
            let original = try await configuration.withStore { try await $0.checksums() }
            differing = Set(checksums).symmetricDifference(original).map(\.view)
        }
        differing = Set(differing).sorted()
        if json {
            try Output.json(
                Result(
                    entriesBefore: outcome.had, entriesRepeated: outcome.repeated, differing: differing,
                    checksums: checksums))
        } else {
            let language = Environment.language
            Output.line(ChecksumTable.text(checksums, language))
            Output.line(
                Phrase(
                    "台账 \(outcome.had + outcome.repeated) 条，重放 \(outcome.repeated) 条",
                    "\(outcome.had + outcome.repeated) entries in the ledger, \(outcome.repeated) done again")[language]
            )
            if verify {
                let list = differing.joined(separator: ", ")
                Output.line(
                    (differing.isEmpty
                        ? Phrase("与配置的数据库逐视图一致", "every view equals the configured database's")
                        : Phrase("不一致的视图：\(list)", "views that differ: \(list)"))[language])
            }
        }
        if !differing.isEmpty { throw ExitStatus.incomplete }
    }
}

/// Checksums as a table for people.
enum ChecksumTable {
    static func text(_ checksums: [ViewChecksum], _ language: Language) -> String {
        var table = TextTable([
            (Phrase("视图", "view")[language], .left), (Phrase("行数", "rows")[language], .right),
            (Phrase("校验和", "checksum")[language], .left),
        ])
        for entry in checksums { table.add([entry.view, "\(entry.rows)", entry.checksum]) }
        return table.text
    }
}
