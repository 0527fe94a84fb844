import ArgumentParser
import Core
import Foundation
import Reports
import RuleExamples
import Rules
import Store

/// `yaoce rules explain`
struct RulesExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "说明一条规则在哪里、用什么判定 · What is evaluated where, and the SQL.",
        discussion: "Example:\n  yaoce rules explain P18")

    @Argument(help: "规则编号 · Its id.")
    var id: String
    @OptionGroup var options: RulesCommand.FolderOptions
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false

    func run() throws {
        let files = try options.files()
        let book = try RuleBook(files: files)
        guard let rule = book.rules[RuleID(id.uppercased())] else {
            throw CommandError(.usage, Phrase("没有规则 \(id)", "there is no rule \(id)"))
        }
        let day = Environment.now().shanghaiDay.description
        let explained = try RuleExplanation(rule, book, files: files, day: day)
        if json { return try Output.json(explained) }
        Output.line(explained.text(Environment.language))
    }
}

/// What is evaluated for a rule, where, from what.
struct RuleExplanation: Encodable {
    struct Condition: Encodable {
        var table: String
        var column: String
        var expression: String
        var wordsZh: String
        var wordsEn: String
        var inputs: [String]
        var type: String
        var canFail: Bool
        var sql: String
    }

    struct Threshold: Encodable {
        var name: String
        var value: String
        var since: String
    }

    var rule: String
    var hash: String
    var stage: String
    var judgedBy: String
    var whereZh: String
    var whereEn: String
    var tables: [String]
    var needs: [String]
    var thresholds: [Threshold]
    var conditions: [Condition] = []
    var evaluated: String?
    var inapplicable: String?
    var candidates: String?
    var isAboutPeriod: Bool?
    var sharedTables: [String]?
    var sql: String?

    init(_ rule: Rule, _ book: RuleBook, files: [RuleBook.File], day: String) throws {
        let descriptions = RuleDescriptions(
            book: book, suite: try RuleExampleSuite(rules: book, files: files), day: day)
        self.rule = rule.id.rawValue
        hash = rule.hash
        stage = rule.stage.rawValue
        judgedBy = rule.judge.rawValue
        let place = RuleDescriptions.phrase(rule.judge)
        whereZh = place.chinese
        whereEn = place.english
        tables = rule.tables.map(\.rawValue)
        needs = (rule.needs ?? []).map(\.rawValue)
        thresholds = descriptions.thresholds(of: rule).map {
            Threshold(name: $0.name, value: $0.value, since: $0.since)
        }
        let words = descriptions.words(rule)
        conditions = book.explainedConditions(of: rule.id, on: day).map { condition in
            let phrase = words.phrase(condition.expression)
            return Condition(
                table: condition.table.rawValue, column: condition.column, expression: condition.expression,
                wordsZh: phrase.chinese, wordsEn: phrase.english, inputs: condition.inputs,
                type: condition.type.english,
                canFail: condition.canFail, sql: condition.sql)
        }
        guard rule.stage == .post else { return }
        var values: [String: Int64] = [:]
        for name in book.parameters.thresholds.keys {
            let value = book.parameters.threshold(name, on: day, decimals: 4, default: .min)
            if value != .min { values[name] = value }
        }
        guard let period = Period(year: 2025),
            let explanation = try PostcheckExplanation(rule.id, thresholds: values, period: period)
        else { return }
        candidates = explanation.candidates
        isAboutPeriod = explanation.isAboutPeriod
        evaluated = explanation.evaluated
        inapplicable = explanation.inapplicable
        sharedTables = explanation.sharedTables
        sql = explanation.violations
    }

    func text(_ language: Language) -> String {
        func both(_ chinese: String, _ english: String) -> String { language == .chinese ? chinese : english }
        var lines = [
            "\(rule)  \(hash)", both(whereZh, whereEn), "\(both("表", "tables"))：\(tables.joined(separator: ", "))",
        ]
        if !needs.isEmpty { lines.append("\(both("需要", "needs")): \(needs.joined(separator: ", "))") }
        for threshold in thresholds { lines.append(":\(threshold.name) = \(threshold.value) (\(threshold.since))") }
        for condition in conditions {
            lines.append("")
            lines.append("[\(condition.table).\(condition.column)] \(condition.expression)")
            lines.append("  \(both(condition.wordsZh, condition.wordsEn))")
            lines.append(
                "  \(both("类型", "type")): \(condition.type); \(both("输入", "inputs")): \(condition.inputs.joined(separator: ", "))"
            )
            lines.append("  \(both("可能无法计算", "may fail")): \(condition.canFail)")
            lines.append("  SQL: \(condition.sql)")
        }
        if let sql {
            lines.append("")
            if let evaluated { lines.append("\(both("判定数", "evaluated")): \(evaluated)") }
            if let inapplicable { lines.append("\(both("不适用", "not applicable")): \(inapplicable)") }
            if let candidates { lines.append("\(both("候选条件", "candidates")): \(candidates)") }
            if isAboutPeriod == true { lines.append(both("按期间整体判定一次", "judged once for the period as a whole")) }
            if let sharedTables {
                lines.append("\(both("共用表", "shared tables")): \(sharedTables.joined(separator: ", "))")
            }
            lines.append(sql)
        }
        return lines.joined(separator: "\n")
    }
}
