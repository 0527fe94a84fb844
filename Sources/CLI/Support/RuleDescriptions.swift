import Core
import Reports
import RuleExamples
import Rules

/// Gathers everything that the page of a rule says.
struct RuleDescriptions {
    let book: RuleBook
    let suite: RuleExampleSuite
    /// The day whose thresholds are shown in conditions, `yyyy-MM-dd`.
    let day: String

    private static let shownCells = 12

    var all: [RuleDescription] { book.sorted.map(description) }

    func description(_ rule: Rule) -> RuleDescription {
        var description = RuleDescription(
            rule: rule.stored, group: rule.origin.group?.title ?? Phrase("规则", "Rules"),
            dimension: RuleDescriptions.phrase(rule.dimension), tables: rule.tables,
            judge: RuleDescriptions.phrase(rule.judge))
        description.author = rule.origin.author
        description.since = rule.origin.since?.description
        description.reason = rule.origin.reason
        description.externalCode = rule.externalCode
        let words = words(rule)
        description.conditions = rule.conditions.map {
            .init(words: words.phrase($0.expression), expression: $0.expression, column: $0.column)
        }
        description.thresholds = thresholds(of: rule)
        description.scope = scope(of: rule)
        description.needs = (rule.needs ?? []).map(\.rawValue)
        description.explains = rule.explains
        description.explainedBy = book.sorted.filter { $0.explains.contains(rule.id) }.map(\.id)
        description.examples = suite.examples(of: rule.id).map { shown($0.example) }
        return description
    }

    /// Words for the rule's conditions, with the thresholds in force.
    func words(_ rule: Rule) -> ConditionWords {
        var values: [String: String] = [:]
        for (name, dated) in book.parameters.thresholds {
            values[name] = dated.filter { $0.key <= day }.max { $0.key < $1.key }?.value
        }
        return ConditionWords(tables: rule.tables, thresholds: values)
    }

    /// Thresholds that begin with the rule's id, or that its conditions name.
    func thresholds(of rule: Rule) -> [RuleDescription.Threshold] {
        let expressions = rule.conditions.flatMap { [$0.expression] + $0.shows.map(\.expression) }
        let names = book.parameters.thresholds.keys.filter { name in
            name.hasPrefix("\(rule.id).") || expressions.contains { $0.contains(":\(name)") }
        }
        return names.sorted().flatMap { name in
            (book.parameters.thresholds[name] ?? [:]).sorted { $0.key < $1.key }.map { since, value in
                let note = book.parameters.thresholdNotes[name]?[since]
                return RuleDescription.Threshold(
                    name: name, value: value, since: since, author: note?.author ?? "", reason: note?.reason ?? "")
            }
        }
    }

    private func scope(of rule: Rule) -> Phrase? {
        var chinese: [String] = []
        var english: [String] = []
        if !rule.scope.levels.isEmpty {
            let levels = rule.scope.levels.map { "\($0)" }
            chinese.append("级别 \(levels.joined(separator: "、"))")
            english.append("levels \(levels.joined(separator: ", "))")
        }
        if !rule.scope.periods.isEmpty {
            let periods = rule.scope.periods.map(\.rawValue)
            chinese.append("期间 \(periods.joined(separator: "、"))")
            english.append("periods: \(periods.joined(separator: ", "))")
        }
        return chinese.isEmpty ? nil : Phrase(chinese.joined(separator: "；"), english.joined(separator: "; "))
    }

    private func shown(_ example: RuleExample) -> RuleDescription.Example {
        let changes = (try? example.changes()) ?? []
        let cells = changes.prefix(RuleDescriptions.shownCells).map { change in
            let columns = DataTable(rawValue: change.sheet).map { DataSet.of($0).columns } ?? []
            let header = columns.first { $0.name == change.column }?.header ?? change.column
            return RuleDescription.Example.Cell(
                table: change.sheet, row: change.row, column: Phrase(header, change.column),
                before: change.before.cut(), after: change.after.cut())
        }
        return RuleDescription.Example(
            fails: example.kind == .fails, note: example.note, text: example.patch.text.cut(400), cells: cells,
            moreCells: changes.count - cells.count)
    }

    static func phrase(_ dimension: Rule.Dimension) -> Phrase {
        switch dimension {
        case .record: Phrase("看一行", "one row")
        case .organization: Phrase("看一家机构", "one institution")
        case .province: Phrase("看全省", "the province")
        case .global: Phrase("看整份报送", "the whole submission")
        }
    }

    static func phrase(_ judge: Judge) -> Phrase {
        switch judge {
        case .condition:
            Phrase("入库前逐批编译执行规则文件中的条件", "before the load, by the condition in its file, compiled, batch by batch")
        case .reader: Phrase("入库前读取文件和单元格时", "before the load, where files and cells are read")
        case .package: Phrase("入库前打开报送包时", "before the load, where the package is opened")
        case .submission: Phrase("入库前看完整份报送后", "before the load, when the whole submission has been read")
        case .sql: Phrase("入库后由数据库中的一条集合语句", "after the load, by one set-based statement in the database")
        }
    }
}

extension String {
    /// As much as a page shows of it.
    fileprivate func cut(_ length: Int = 120) -> String { count > length ? prefix(length) + "…" : self }
}
