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
              yaoce library import drugs changes.csv --version v2026.2 --incremental
              yaoce library diff institutions v2025.1 v2026.1
              yaoce library impact v2026.2
            """,
        subcommands: [Import.self, List.self, Publish.self, Diff.self, Impact.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "导入一个版本 · Import a version.",
            discussion: """
                Every wrong row is told by line, column, value and what was expected; with one of them nothing is imported.
                With --incremental the file holds only new and changed rows (whole rows; a drug that goes has its status
                set): all others are taken over from the version in force.
                """)
        @Argument(help: "drugs | institutions | divisions")
        var kind: LibraryKind
        @Argument(help: "CSV 文件，UTF-8，有表头 · CSV with a header, UTF-8.")
        var file: String
        @Option(name: .long, help: "版本名，例如 v2026.1 · The version's name.")
        var version: String
        @Flag(name: .long, help: "只含新增和变更的行，其余取自现行版本 · Only new and changed rows.")
        var incremental = false
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
                        kind, version: version, sha256: digest, at: time, publishing: publish,
                        importKind: incremental ? .incremental : .full
                    ) { each in
                        try LibraryFileReader(name: path).forEachRow(of: FileByteSource(path: path, name: path), each)
                    }
                    let changes = kind == .drugs && publish
                    return (stored, changes ? try await store.libraryImpact(ofVersion: version, publishedAt: time) : [])
                }
                if json { return Output.write(stored.json.bytes) }
                Output.line(
                    Phrase(
                        "\(kind.rawValue) \(stored.version)：\(stored.rows) 行\(stored.isCurrent ? "，已发布" : "，未发布")",
                        "\(kind.rawValue) \(stored.version): \(stored.rows) rows, \(stored.isCurrent ? "published" : "not published")"
                    )[Environment.language])
                if let base = stored.base, let added = stored.added, let changed = stored.changed,
                    let retired = stored.retired
                {
                    Output.line(
                        Phrase(
                            "与 \(base) 相比：新增 \(added)，变更 \(changed)，停用或删除 \(retired)",
                            "against \(base): \(added) new, \(changed) changed, \(retired) retired")[
                                Environment.language])
                }
                LibraryCommand.tell(impact)
            } catch let failure as LibraryFileReader.Failure {
                throw CommandError(
                    .incomplete,
                    Phrase(
                        "\(path):\(failure.line ?? 0): \(failure.phrase.chinese)",
                        "\(path):\(failure.line ?? 0): \(failure.phrase.english)"))
            } catch let error as LibraryError {
                guard case .badRows(let problems, let total) = error.problem else { throw error }
                tell(problems, total: total)
                throw ExitStatus.incomplete
            }
        }

        /// Every wrong row with its place, its value and what was expected.
        private func tell(_ problems: [LibraryRowProblem], total: Int) {
            if json {
                return Output.write(
                    JSON.object([
                        .init("kind", .string(kind.rawValue)), .init("version", .string(version)),
                        .init("imported", .boolean(false)), .init("total", .integer(total)),
                        .init(
                            "findings",
                            .array(
                                problems.map { problem in
                                    .object([
                                        .init("file", .string(file)), .init("line", .integer(problem.line)),
                                        .init("column", .string(problem.column)),
                                        .init("value", problem.value.map(JSON.string) ?? .null),
                                        .init("message_zh", .string(problem.problem.chinese)),
                                        .init("message_en", .string(problem.problem.english)),
                                    ])
                                })),
                    ]).bytes)
            }
            let language = Environment.language
            for problem in problems {
                let value = problem.value.map { " “\($0)”" } ?? ""
                StandardError.write(
                    Phrase(
                        "\(file)：第 \(problem.line) 行 \(problem.column)\(value)：\(problem.problem.chinese)\n",
                        "\(file): line \(problem.line), \(problem.column)\(value): \(problem.problem.english)\n")[
                            language])
            }
            StandardError.write(
                Phrase(
                    "\(file)：\(total) 处错误，未导入；改正后重新导入\n",
                    "\(file): \(total) mistakes, nothing was imported; mend them and import again\n")[language])
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
            if json { return Output.write(JSON.array(versions.map(\.json)).bytes) }
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

    struct Impact: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "发布某版药品库会影响哪些机构的比对决定 · What publishing a drug library would do to decisions.",
            discussion: "Nothing is changed. Institutions without an affected decision are left out.")
        @Argument(help: "药品库版本 · The version of the drug library.")
        var version: String
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let impact = try await configuration.withStore {
                try await $0.libraryImpact(ofPublishing: version)
            }
            if json { return try Output.json(impact) }
            guard impact.isEmpty else { return LibraryCommand.tell(impact) }
            Output.line(Phrase("没有受影响的决定", "no decision is affected")[Environment.language])
        }
    }

    /// What a new version of the drug library did to the decisions of institutions.
    private static func tell(_ impact: [LibraryImpact]) {
        guard !impact.isEmpty else { return }
        let language = Environment.language
        var table = TextTable([
            (Phrase("机构", "hospital")[language], .left), (Phrase("随编码变更", "followed")[language], .right),
            (Phrase("编码失效", "code gone")[language], .right), (Phrase("内容变更", "entry changed")[language], .right),
            (Phrase("恢复有效", "restored")[language], .right),
        ])
        for entry in impact {
            table.add([
                entry.hospitalCode, "\(entry.followed)", "\(entry.requeued)", "\(entry.changed)", "\(entry.restored)",
            ])
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
extension Equivalence: ExpressibleByArgument {}
