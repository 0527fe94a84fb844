import ArgumentParser
import Core
import Reports
import Store

extension MatchCommand {
    struct Decide: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "确认、忽略或判为无对应编码 · Decide an item.",
            discussion: """
                --grade says how far the drug is what the code says; only equal and equivalent are added up by code.
                With --second-reader the code counts only when somebody else decides the same. --seen is the version of the
                item (match show --json) that the decision rests on: had somebody decided since, nothing is changed.
                """)
        @Argument(help: "条目编号 · The item.")
        var item: Int
        @Option(name: .long, help: "对应的 YPID · The code it is.")
        var ypid: String?
        @Option(name: .long, help: "不参加比对，写明原因 · It is not compared; why.")
        var ignore: String?
        @Option(name: .long, help: "标准库中没有，写明原因 · The library has none; why.")
        var noMatch: String?
        @Option(name: .long, help: "等同程度 · How far it is that: equal | equivalent | wider | narrower | inexact.")
        var grade = Equivalence.equal
        @Flag(name: .long, help: "需要他人复核 · Somebody else has to agree.")
        var secondReader = false
        @Option(name: .long, help: "决定所依据的条目版本 · The version of the item that was seen.")
        var seen: Int?
        @OptionGroup var officer: OfficerOptions
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let (decision, name) = (try decision(), try officer.name())
            let decided = try await configuration.withStore { store in
                guard let before = try await store.matchItem(item) else { throw MatchError(problem: .noSuchItem(item)) }
                return try await store.decide(
                    item: item, decision, seen: seen ?? before.version, by: name, at: Environment.now())
            }
            try MatchCommand.tell(decided, json)
        }

        private func decision() throws -> MatchDecision {
            switch (ypid, ignore, noMatch) {
            case (let ypid?, nil, nil):
                .approve(ypid: ypid, equivalence: grade, needsSecondReader: secondReader)
            case (nil, let reason?, nil): .ignore(reason: reason)
            case (nil, nil, let reason?): .noMatch(reason: reason)
            default:
                throw CommandError(
                    .usage,
                    Phrase(
                        "--ypid、--ignore、--no-match 必须且只能给出一个", "give exactly one of --ypid, --ignore, --no-match"))
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "撤销决定，回到待确认 · Take a decision back.")
        @Argument(help: "条目编号，可多个 · The item, or several.")
        var items: [Int]
        @Option(name: .long, help: "原因，记入历史 · Why; it is written down.")
        var reason: String
        @Option(name: .long, help: "所依据的条目版本 · The version of the item that was seen.")
        var seen: Int?
        @OptionGroup var officer: OfficerOptions
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let name = try officer.name()
            guard seen == nil || items.count == 1 else {
                throw CommandError(.usage, Phrase("--seen 只能用于一个条目", "--seen goes with one item only"))
            }
            let revoked = try await configuration.withStore { store in
                var revoked: [MatchItem] = []
                for item in items {
                    guard let before = try await store.matchItem(item) else {
                        throw MatchError(problem: .noSuchItem(item))
                    }
                    revoked.append(
                        try await store.revoke(
                            item: item, reason: reason, seen: seen ?? before.version, by: name, at: Environment.now()))
                }
                return revoked
            }
            if json, revoked.count > 1 { return Output.write(JSON.array(revoked.map(MatchJSON.item)).bytes) }
            for item in revoked { try MatchCommand.tell(item, json) }
        }
    }

    /// Says where an item stands after a decision.
    private static func tell(_ item: MatchItem, _ json: Bool) throws {
        if json { return Output.write(MatchJSON.item(item).bytes) }
        let language = Environment.language
        let grade = item.equivalence.map { $0 == .equal ? "" : "  \($0.phrase[language])" } ?? ""
        Output.line("\(item.item)  \(item.state.phrase[language])  \(item.matchedYPID ?? "")\(grade)")
        if let candidate = item.candidates.first(where: { $0.ypid == item.matchedYPID }), !candidate.vetoes.isEmpty {
            let fields = candidate.vetoes.joined(separator: ", ")
            Output.line(Phrase("注意，与医院描述有冲突：\(fields)", "note: it contradicts the description: \(fields)")[language])
        }
    }
}
