import ArgumentParser
import Core
import Foundation
import RuleExamples
import Rules

/// `yaoce rules test`
struct RulesTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "运行规则的示例 · Run the examples of the rules.",
        discussion: """
            Each condition of a rule file is negated as well, and an example must notice.
            Examples of rules before the load run over real files, without a database. Those after the load run in a
            database of their own on the server of database.url, which is dropped afterwards. Exit code 1 where an
            example does not do what it says, or a rule lacks examples.

            Examples:
              yaoce rules test
              yaoce rules test --stage pre C19 F01
            """)

    enum StageChoice: String, CaseIterable, ExpressibleByArgument { case pre, post }

    @Argument(help: "只运行这些规则 · Only these rules.")
    var ids: [String] = []
    @Option(name: .long, help: "只运行入库前或入库后 · Only rules before the load, or after it.")
    var stage: StageChoice?
    @OptionGroup var options: RulesCommand.FolderOptions
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false

    func run() async throws {
        let files = try options.files()
        let book = try RuleBook(files: files)
        let chosen = try chosen(book)
        let suite = try RuleExampleSuite(rules: book, files: files)
        let report = try await report(suite, chosen)
        if json {
            try Output.json(RulesTestJSON(report))
        } else {
            Output.line(RulesTestText.text(report, Environment.language))
        }
        if !report.isClean { throw ExitStatus.incomplete }
    }

    private func chosen(_ book: RuleBook) throws -> Set<RuleID>? {
        guard !ids.isEmpty else { return nil }
        return Set(
            try ids.map { text in
                let id = RuleID(text.uppercased())
                guard book.rules[id] != nil else {
                    throw CommandError(.usage, Phrase("没有规则 \(text)", "there is no rule \(text)"))
                }
                return id
            })
    }

    private func report(_ suite: RuleExampleSuite, _ chosen: Set<RuleID>?) async throws -> ExampleReport {
        var report = ExampleReport()
        if let mistake = suite.mistakes.first {
            throw CommandError(.usage, Phrase("示例有错误：\n\(mistake)", "an example has a mistake:\n\(mistake)"))
        }
        report.lacks = suite.lacks.filter { lack in
            guard chosen?.contains(lack.rule) ?? true, let rule = suite.rules.rules[lack.rule] else { return false }
            return stage == nil || (stage == .post) == (rule.stage == .post)
        }
        if stage != .post {
            report.outcomes += try await suite.runPrecheck(only: chosen)
            report.mutations = try await suite.runMutations(only: chosen)
        }
        if stage != .pre {
            let server = try options.configuration().effectiveDatabaseURL
            report.outcomes += try await suite.runPostcheck(server: server, only: chosen)
        }
        return report
    }
}

/// What `rules test` says to people.
enum RulesTestText {
    static func text(_ report: ExampleReport, _ language: Language) -> String {
        var lines: [String] = []
        for outcome in report.outcomes {
            guard let problem = outcome.problem else { continue }
            let example = outcome.example
            lines.append(
                "\(example.file):\(example.line): \(example.rule) #\(outcome.number) (\(example.kind.rawValue)): \(problem[language])"
            )
            if !outcome.others.isEmpty {
                let others = outcome.others.map(\.rawValue).joined(separator: " ")
                lines.append("    " + Phrase("其他发现：\(others)", "others that spoke: \(others)")[language])
            }
        }
        lines += report.lacks.map { "\($0.place): \($0.rule): \($0.phrase[language])" }
        if let mutations = report.mutations {
            lines += mutations.unnoticed.map { rule in
                Phrase(
                    "\(rule): 条件取反后示例仍然全部成立，示例没有检验这条规则",
                    "\(rule): with its condition negated all examples hold as before; they say nothing about the rule")[
                        language]
            }
            lines.append(
                Phrase(
                    "\(mutations.negated.count) 条规则的条件取反后，\(mutations.negated.count - mutations.unnoticed.count) 条被示例发现；\(mutations.judgedByCode.count) 条由程序判定，不通过的示例即可发现其失效",
                    "\(mutations.negated.count) conditions negated, \(mutations.negated.count - mutations.unnoticed.count) noticed; \(mutations.judgedByCode.count) rules are judged by code, and an example that fails notices their silence"
                )[language])
        }
        let failed = report.outcomes.filter { !$0.holds }.count
        lines.append(
            Phrase(
                "\(report.rules.count) 条规则，\(report.outcomes.count) 个示例，\(failed) 个不符；\(report.lacks.count) 处缺少",
                "\(report.rules.count) rules, \(report.outcomes.count) examples, \(failed) not as they say; \(report.lacks.count) things lacking"
            )[language])
        return lines.joined(separator: "\n")
    }
}

/// What `rules test` says to programs.
struct RulesTestJSON: Encodable {
    struct Outcome: Encodable {
        var rule: String
        var example: Int
        var kind: String
        var place: String
        var holds: Bool
        var problem: String?
        var others: [String]
    }

    struct Lack: Encodable {
        var rule: String
        var place: String
        var lacks: String
    }

    struct Mutations: Encodable {
        var negated: [String]
        var unnoticed: [String]
        var judgedByCode: [String]
    }

    var clean: Bool
    var mutations: Mutations?
    var examples: [Outcome]
    var lacks: [Lack]

    init(_ report: ExampleReport) {
        let language = Environment.language
        clean = report.isClean
        mutations = report.mutations.map {
            Mutations(
                negated: $0.negated.map(\.rawValue), unnoticed: $0.unnoticed.map(\.rawValue),
                judgedByCode: $0.judgedByCode.map(\.rawValue))
        }
        examples = report.outcomes.map {
            Outcome(
                rule: $0.example.rule.rawValue, example: $0.number, kind: $0.example.kind.rawValue,
                place: "\($0.example.file):\($0.example.line)", holds: $0.holds, problem: $0.problem?[language],
                others: $0.others.map(\.rawValue))
        }
        lacks = report.lacks.map { Lack(rule: $0.rule.rawValue, place: $0.place, lacks: $0.phrase[language]) }
    }
}
