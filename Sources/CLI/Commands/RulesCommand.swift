import ArgumentParser
import Core
import Reports
import Rules

/// `yaoce rules list|show|lint|test|docs|explain|diff`
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "质控规则：列出、查看、检查、测试、说明 · Quality rules: list, show, check, test, explain.",
        discussion: """
            Examples:
              yaoce rules list
              yaoce rules show C19
              yaoce rules lint --folder Rules
              yaoce rules test --stage pre C19 F01
            """,
        subcommands: [
            List.self, Show.self, RulesLintCommand.self, RulesTestCommand.self, RulesDiffCommand.self, WhatIf.self,
        ])

    struct FolderOptions: ParsableArguments {
        @Option(name: .long, help: "规则文件夹 · The rule folder.")
        var folder: String?
        @OptionGroup var common: CommonOptions

        func book() throws -> RuleBook { try RuleBook(files: files()) }

        /// All files of the folder, examples included.
        func files() throws -> [RuleBook.File] {
            common.language.apply()
            return try RuleFolder.files(folder ?? configuration().rulesFolder)
        }

        func configuration() throws -> Configuration {
            try Configuration.load(common.config, environment: ProcessEnvironment.variables, isOptional: true)
        }
    }

    struct Shown: Encodable {
        var id: String
        var hash: String
        var stage: String
        var severity: String
        var dimension: String
        var tables: [String]
        var title: Texts
        var message: Texts
        var remedy: Texts

        struct Texts: Encodable {
            var zh: String
            var en: String

            init(_ phrase: Phrase) {
                zh = phrase.chinese
                en = phrase.english
            }
        }

        init(_ rule: Rule) {
            id = rule.id.rawValue
            hash = rule.hash
            stage = rule.stage.rawValue
            severity = rule.severity.rawValue
            dimension = rule.dimension.rawValue
            tables = rule.tables.map(\.rawValue)
            title = Texts(rule.title)
            message = Texts(rule.message)
            remedy = Texts(rule.remedy)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出规则 · List the rules.")
        @OptionGroup var options: FolderOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() throws {
            let rules = try options.book().sorted
            if json { return try Output.json(rules.map(Shown.init)) }
            let language = Environment.language
            var table = TextTable([
                ("id", .left), (Phrase("级别", "severity")[language], .left), (Phrase("名称", "title")[language], .left),
            ])
            for rule in rules { table.add([rule.id.rawValue, rule.severity.rawValue, rule.title[language]]) }
            Output.line(table.text)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "查看一条规则 · Show one rule.")
        @Argument(help: "规则编号 · Its id.")
        var id: String
        @OptionGroup var options: FolderOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() throws {
            let book = try options.book()
            guard let rule = book.rules[RuleID(id.uppercased())] else {
                throw CommandError(.usage, Phrase("没有规则 \(id)", "there is no rule \(id)"))
            }
            if json { return try Output.json(Shown(rule)) }
            let language = Environment.language
            Output.line("\(rule.id)  \(rule.title[language])  [\(rule.severity.rawValue)]  \(rule.hash)")
            Output.line(rule.message[language])
            Output.line("→ \(rule.remedy[language])")
        }
    }
}
