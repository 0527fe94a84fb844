import ArgumentParser
import Core
import Reports
import Store

extension MatchCommand {
    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "批量确认首选候选 · Accept the first candidates of many proposals.",
            discussion: """
                Accepts every proposal whose first candidate has at least the score, has nothing against it and is in use in
                the library in force. Each is a decision of its own: match show tells it, match revoke takes it back.
                Look first with --dry-run. Example:
                  yaoce match accept --min-score 95 --method exact_description --dry-run
                """)
        @Option(name: .long, help: "最低分数（百分制） · The least score, per cent.")
        var minScore: String
        @Option(
            name: .long,
            help: "比对方法，可多次给出 · approval_number, other_code, exact_description, ranked; may be given again.")
        var method: [String] = []
        @Option(name: .long, help: "医疗机构代码 · Only this institution.")
        var hospital: String?
        @Option(name: .long, help: "最多几条 · At most so many, the likeliest first.")
        var limit = 100_000
        @Flag(name: .long, help: "只列出，不确认 · Only list what would be accepted.")
        var dryRun = false
        @OptionGroup var officer: OfficerOptions
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        private static let methods = ["approval_number", "other_code", "exact_description", "ranked"]

        func run() async throws {
            let configuration = try common.configuration()
            let acceptance = try acceptance()
            let name = try officer.name()
            let items = try await configuration.withStore { store in
                try await store.acceptMatches(acceptance, by: name, at: Environment.now(), dryRun: dryRun)
            }
            if json {
                return Output.write(
                    JSON.object([
                        .init("accepted", .integer(dryRun ? 0 : items.count)), .init("matching", .integer(items.count)),
                        .init("dry_run", .boolean(dryRun)), .init("items", .array(items.map(MatchJSON.item))),
                    ]).bytes)
            }
            let language = Environment.language
            if dryRun { Output.line(MatchTables.items(items, language)) }
            Output.line(
                (dryRun
                    ? Phrase("可确认 \(items.count) 条（未作更改）", "\(items.count) would be accepted; nothing was changed")
                    : Phrase("已确认 \(items.count) 条", "\(items.count) accepted"))[language])
        }

        private func acceptance() throws -> MatchAcceptance {
            let digits = Array(minScore.utf8)
            guard case .value(let score, _) = NumberReading(digits.span, decimals: 2, limit: 10_000),
                score > 0
            else {
                throw CommandError(
                    .usage, Phrase("--min-score 应在 0 到 100 之间", "--min-score must be above 0 and at most 100"))
            }
            if let unknown = method.first(where: { !Accept.methods.contains($0) }) {
                let list = Accept.methods.joined(separator: ", ")
                throw CommandError(
                    .usage,
                    Phrase("没有方法“\(unknown)”，可选：\(list)", "there is no method '\(unknown)'; choose from \(list)"))
            }
            guard limit > 0 else { throw CommandError(.usage, Phrase("--limit 应大于 0", "--limit must be above 0")) }
            return MatchAcceptance(
                minimumScore: Int(score), methods: method.isEmpty ? nil : method, hospitalCode: hospital, limit: limit)
        }
    }
}
