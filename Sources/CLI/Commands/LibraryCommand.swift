public import ArgumentParser
public import Core
import Digests
import Pipeline
import Readers
import Reports
import Store

/// `yaoce library import|list|publish|diff`
struct LibraryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library",
        abstract: "标准库：导入、发布、比较 · Reference libraries: import, publish, compare.",
        discussion: """
            A version is imported whole or not at all, and is in force once it is published.
            Examples:
              yaoce library import institutions institutions.csv --version v2026.1 --publish
              yaoce library diff institutions v2025.1 v2026.1
            """,
        subcommands: [Import.self, List.self, Publish.self, Diff.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "导入一个版本 · Import a version.")
        @Argument(help: "drugs | institutions | divisions")
        var kind: LibraryKind
        @Argument(help: "CSV 文件，UTF-8，有表头 · CSV with a header, UTF-8.")
        var file: String
        @Option(name: .long, help: "版本名，例如 v2026.1 · The version's name.")
        var version: String
        @Flag(name: .long, help: "导入后立即发布 · Publish it at once.")
        var publish = false
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let digest: SHA256Digest
            do {
                digest = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: file))
            } catch {
                throw CommandError(.usage, Phrase("无法读取 \(error)", "cannot be read: \(error)"))
            }
            let (path, kind) = (file, kind)
            do {
                let (stored, impact) = try await configuration.withStore { store in
                    let time = Environment.now()
                    _ = try ArchivedCopies.keep(path, in: configuration.pipeline)
                    let stored = try await store.importLibrary(
                        kind, version: version, sha256: digest, at: time, publishing: publish
                    ) { each in
                        try LibraryFileReader(name: path).forEachRow(of: FileByteSource(path: path, name: path), each)
                    }
                    let changes = kind == .drugs && publish
                    return (stored, changes ? try await store.libraryImpact(ofVersion: version, publishedAt: time) : [])
                }
                if json { return try Output.json(stored) }
                Output.line(
                    Phrase(
                        "\(kind.rawValue) \(stored.version)：\(stored.rows) 行\(stored.isCurrent ? "，已发布" : "，未发布")",
                        "\(kind.rawValue) \(stored.version): \(stored.rows) rows, \(stored.isCurrent ? "published" : "not published")"
                    )[Environment.language])
                LibraryCommand.tell(impact)
            } catch let failure as LibraryFileReader.Failure {
                throw CommandError(
                    .incomplete,
                    Phrase(
                        "\(path):\(failure.line ?? 0): \(failure.phrase.chinese)",
                        "\(path):\(failure.line ?? 0): \(failure.phrase.english)"))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出版本 · List versions.")
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let versions = try await configuration.withStore { try await $0.libraryVersions() }
            if json { return try Output.json(versions) }
            let language = Environment.language
            var table = TextTable([
                (Phrase("库", "library")[language], .left), (Phrase("版本", "version")[language], .left),
                (Phrase("行数", "rows")[language], .right), (Phrase("现行", "current")[language], .left),
                (Phrase("导入", "imported")[language], .left), (Phrase("发布", "published")[language], .left),
            ])
            for version in versions {
                table.add([
                    version.kind.rawValue, version.version, "\(version.rows)", version.isCurrent ? "✓" : "",
                    version.importedAt.description, version.publishedAt?.description ?? "-",
                ])
            }
            Output.line(table.text)
        }
    }

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "发布一个版本 · Put a version in force.")
        @Argument(help: "drugs | institutions | divisions")
        var kind: LibraryKind
        @Argument(help: "版本名 · The version's name.")
        var version: String
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let configuration = try common.configuration()
            let (stored, impact) = try await configuration.withStore { store in
                let time = Environment.now()
                let stored = try await store.publishLibrary(kind, version: version, at: time)
                let impact = kind == .drugs ? try await store.libraryImpact(ofVersion: version, publishedAt: time) : []
                return (stored, impact)
            }
            Output.line(
                Phrase(
                    "\(stored.kind.rawValue) \(stored.version) 已发布",
                    "\(stored.kind.rawValue) \(stored.version) published")[
                        Environment.language])
            LibraryCommand.tell(impact)
        }
    }

    /// What a new version of the drug library did to the decisions of institutions.
    private static func tell(_ impact: [LibraryImpact]) {
        guard !impact.isEmpty else { return }
        let language = Environment.language
        var table = TextTable([
            (Phrase("机构", "hospital")[language], .left), (Phrase("随编码变更", "followed")[language], .right),
            (Phrase("需重新比对", "queued again")[language], .right), (Phrase("恢复有效", "restored")[language], .right),
        ])
        for entry in impact {
            table.add([entry.hospitalCode, "\(entry.followed)", "\(entry.requeued)", "\(entry.restored)"])
        }
        Output.line(table.text)
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "比较两个版本 · Compare two versions.")
        @Argument(help: "drugs | institutions | divisions")
        var kind: LibraryKind
        @Argument(help: "旧版本 · The older version.")
        var from: String
        @Argument(help: "新版本 · The newer version.")
        var to: String
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let difference = try await configuration.withStore {
                try await $0.libraryDifference(kind, from: from, to: to)
            }
            if json { return try Output.json(difference) }
            for key in difference.added { Output.line("+ \(key)") }
            for key in difference.removed { Output.line("- \(key)") }
            for (key, columns) in difference.changed.sorted(by: { $0.key < $1.key }) {
                Output.line("~ \(key)  \(columns.joined(separator: ", "))")
            }
        }
    }
}

extension LibraryKind: ExpressibleByArgument {}
