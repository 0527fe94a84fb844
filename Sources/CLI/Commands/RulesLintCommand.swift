import ArgumentParser
import Core
import Foundation
import RuleExamples
import Rules

/// `yaoce rules lint`
struct RulesLintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "检查规则文件和示例，一次报告全部错误 · Check the rule files and their examples; every mistake at once.",
        discussion: """
            A mistake is said with its file, line and column. Every rule needs author, since and reason, and at least
            one example that fails and one that passes. Exit code 2 where something is wrong.
            """)
    @OptionGroup var options: RulesCommand.FolderOptions
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false

    struct Result: Encodable {
        var rules: Int
        var examples: Int
        var hash: String
        var mistakes: [String]
    }

    func run() throws {
        let files = try options.files()
        var mistakes: [String] = []
        var result = Result(rules: 0, examples: 0, hash: "", mistakes: [])
        do {
            let book = try RuleBook(files: files)
            let suite = try RuleExampleSuite(rules: book, files: files)
            let language = Environment.language
            mistakes += suite.mistakes.map(\.description)
            mistakes += suite.lacks.map { "\($0.place): error: \($0.rule): \($0.phrase[language])" }
            result = Result(rules: book.rules.count, examples: suite.examples.count, hash: book.hash, mistakes: [])
        } catch let error as RuleFolderError {
            mistakes += error.problems
        }
        result.mistakes = mistakes
        if json {
            try Output.json(result)
        } else if mistakes.isEmpty {
            Output.line(
                Phrase(
                    "\(result.rules) 条规则，\(result.examples) 个示例，没有错误（\(result.hash)）",
                    "\(result.rules) rules, \(result.examples) examples, no mistakes (\(result.hash))")[
                        Environment.language])
        } else {
            Output.line(mistakes.joined(separator: "\n"))
            Output.line(Phrase("\(mistakes.count) 个错误", "\(mistakes.count) mistakes")[Environment.language])
        }
        if !mistakes.isEmpty { throw ExitStatus.usage }
    }
}
