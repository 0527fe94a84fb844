internal import Core
internal import Expressions
internal import Yaml

/// Reads what a rule is judged by: its conditions are checked against the tables at once, so that a mistake is found
/// before the night, with its place.
struct RuleConditionReader: Sendable {
    static let keys = [
        "condition", "column", "shows", "conditions", "softened", "needs", "scope", "explains", "judged_by",
    ]

    private let schemas: [DataTable: ConditionSchema]

    init(thresholds: [String]) {
        schemas = Dictionary(
            uniqueKeysWithValues: DataTable.allCases.map { ($0, ConditionSchema($0, thresholds: thresholds)) })
    }

    /// Completes a rule with what its entry says; gives its conditions for each table.
    func complete(
        _ rule: inout Rule, _ keys: [String: YamlValue], at entry: YamlValue, _ reader: inout YamlReader
    ) -> [DataTable: [CheckedCondition]] {
        rule.scope = scope(keys["scope"], &reader)
        rule.explains = keys["explains"].map { explained($0, by: rule.id, &reader) } ?? []
        rule.needs = keys["needs"].map { value in
            reader.list(value).compactMap { reader.choice($0, as: RuleNeed.self) }
        }
        let entries = conditionEntries(keys, at: entry, &reader)
        if let judge = keys["judged_by"] {
            if let name = reader.choice(judge, as: Judge.self) { rule.judge = name }
            if !entries.isEmpty || rule.judge == .condition {
                reader.complain(at: judge, "a rule has either 'condition' or 'judged_by'")
            }
        } else {
            rule.judge = !entries.isEmpty ? .condition : RuleConditionReader.usualJudge(of: rule)
        }
        for name in ["shows", "softened"] where entries.isEmpty {
            if let value = keys[name] { reader.complain(at: value, "'\(name)' is for rules with a 'condition'") }
        }
        guard !entries.isEmpty else { return [:] }
        if rule.stage == .post {
            reader.complain(at: entry, "rules after the load are judged by the store", hint: "leave 'condition' out")
            return [:]
        }
        return checked(entries, of: &rule, keys["softened"], &reader)
    }

    private static func usualJudge(of rule: Rule) -> Judge {
        if rule.stage == .post { return .sql }
        return rule.dimension == .record ? .reader : .submission
    }

    private func scope(_ value: YamlValue?, _ reader: inout YamlReader) -> RuleScope {
        var scope = RuleScope()
        guard let value else { return scope }
        let keys = reader.mapping(value, known: ["levels", "periods"])
        if let levels = keys["levels"] {
            scope.levels = reader.list(levels).compactMap { entry in
                guard let text = reader.text(entry) else { return nil }
                guard let level = Int(text), [1, 2, 3, 9].contains(level) else {
                    reader.complain(at: entry, "'\(text)' is no level of institutions, expected one of 3, 2, 1, 9")
                    return nil
                }
                return level
            }
        }
        if let periods = keys["periods"] {
            scope.periods = reader.list(periods).compactMap { reader.choice($0, as: RuleScope.Length.self) }
        }
        return scope
    }

    private func explained(_ value: YamlValue, by rule: RuleID, _ reader: inout YamlReader) -> [RuleID] {
        reader.list(value).compactMap { entry in
            guard let text = reader.text(entry) else { return nil }
            guard RuleFileReader.isRuleID(text), text != rule.rawValue else {
                reader.complain(at: entry, "'\(text)' is no other rule's id", hint: "such as F01")
                return nil
            }
            return RuleID(text)
        }
    }

    /// One condition, or a list of them: each with the column that it points at and what it shows.
    private struct Entry {
        var condition: YamlValue
        var column: YamlValue
        var shows: YamlValue?
    }

    private func conditionEntries(
        _ keys: [String: YamlValue], at entry: YamlValue, _ reader: inout YamlReader
    ) -> [Entry] {
        var result: [Entry] = []
        func add(_ keys: [String: YamlValue], at place: YamlValue, _ reader: inout YamlReader) {
            guard let condition = keys["condition"] else {
                reader.complain(at: place, "'condition' is missing")
                return
            }
            guard let column = keys["column"] else {
                reader.complain(at: condition, "'column' is missing: where a finding of this condition points")
                return
            }
            result.append(Entry(condition: condition, column: column, shows: keys["shows"]))
        }
        if let list = keys["conditions"] {
            for name in ["condition", "column", "shows"] {
                if let value = keys[name] { reader.complain(at: value, "'\(name)' belongs into each of 'conditions'") }
            }
            for entry in reader.list(list) {
                add(reader.mapping(entry, known: ["condition", "column", "shows"]), at: entry, &reader)
            }
        } else if keys["condition"] != nil || keys["column"] != nil {
            add(keys, at: entry, &reader)
        }
        return result
    }

    private func checked(
        _ entries: [Entry], of rule: inout Rule, _ softened: YamlValue?, _ reader: inout YamlReader
    ) -> [DataTable: [CheckedCondition]] {
        let softening = softened.flatMap { readSoftening($0, &reader) }
        rule.softening = softening.map {
            Softening(severity: $0.severity, expression: $0.expression.tree.canonicalText)
        }
        var result: [DataTable: [CheckedCondition]] = [:]
        for entry in entries {
            guard let condition = Parsed(entry.condition, &reader), let column = reader.text(entry.column) else {
                continue
            }
            let shows = (entry.shows.map { value in reader.pairs(of: value) } ?? [])
                .compactMap { pair in Parsed(pair.value, &reader).map { (name: pair.key, parsed: $0) } }
                .sorted { $0.name < $1.name }
            rule.conditions.append(
                RuleCondition(
                    expression: condition.tree.canonicalText, column: column,
                    shows: shows.map { .init(name: $0.name, expression: $0.parsed.tree.canonicalText) }))
            for table in rule.tables {
                guard let schema = schemas[table] else { continue }
                let typed = condition.typed(schema, isCondition: true, &reader)
                guard let position = DataSet.of(table).position(of: column) else {
                    let names = DataSet.of(table).columns.map(\.name)
                    reader.complain(
                        at: entry.column, "\(table.rawValue) has no column '\(column)'",
                        hint: Nearest.name(to: column, in: names).map { "did you mean '\($0)'?" })
                    continue
                }
                guard let typed else { continue }
                var checked = CheckedCondition(
                    expression: typed, column: position, shows: [], softening: nil,
                    needs: needs(of: typed, schema, rule))
                checked.shows = shows.compactMap { show in
                    show.parsed.typed(schema, isCondition: false, &reader).map { (show.name, $0) }
                }
                if let softening, let typed = softening.expression.typed(schema, isCondition: true, &reader) {
                    checked.softening = (softening.severity, typed)
                }
                result[table, default: []].append(checked)
            }
        }
        return result
    }

    private func needs(of condition: TypedExpression, _ schema: ConditionSchema, _ rule: Rule) -> Set<Relation> {
        if let stated = rule.needs { return Set(stated.compactMap(\.relation)) }
        return Set(condition.usedColumns.compactMap { schema.relation(of: $0) })
    }

    private func readSoftening(
        _ value: YamlValue, _ reader: inout YamlReader
    ) -> (severity: Severity, expression: Parsed)? {
        let keys = reader.mapping(value, known: ["to", "where"])
        for name in ["to", "where"] where keys[name] == nil { reader.complain(at: value, "'\(name)' is missing") }
        guard let severity = keys["to"].flatMap({ reader.choice($0, as: Severity.self) }),
            let expression = keys["where"].flatMap({ Parsed($0, &reader) })
        else { return nil }
        return (severity, expression)
    }
}

/// An expression in a rule file.
private struct Parsed {
    let value: YamlValue
    let text: String
    let tree: SyntaxTree

    init?(_ value: YamlValue, _ reader: inout YamlReader) {
        guard let text = reader.text(value) else { return nil }
        do throws(ExpressionError) {
            tree = try SyntaxTree(text)
        } catch {
            reader.complain(about: error, in: text, at: value)
            return nil
        }
        self.value = value
        self.text = text
    }

    func typed(_ schema: ConditionSchema, isCondition: Bool, _ reader: inout YamlReader) -> TypedExpression? {
        do throws(ExpressionError) {
            return isCondition
                ? try TypedExpression(condition: text, schema: schema.expressions)
                : try TypedExpression(tree, schema: schema.expressions)
        } catch {
            reader.complain(about: error, in: text, at: value, table: schema.table)
            return nil
        }
    }
}

extension YamlReader {
    /// Adds a mistake in an expression, at its place in the file.
    fileprivate mutating func complain(
        about error: ExpressionError, in text: String, at value: YamlValue, table: DataTable? = nil
    ) {
        var offset = 0
        var line = 1
        for character in text.unicodeScalars {
            if line == error.position.line { break }
            if character == "\n" { line += 1 }
            offset += 1
        }
        let sentence = error.problem.sentence.english + (table.map { " (in \($0.rawValue))" } ?? "")
        complain(
            at: value, character: offset + error.position.column - 1, sentence, hint: error.problem.hint?.english)
    }

    /// Keys and values of a mapping whose keys are names of the author's own.
    fileprivate mutating func pairs(of value: YamlValue) -> [(key: String, value: YamlValue)] {
        guard case .mapping(let pairs) = shape(of: value) else {
            complain(at: value, "'\(value.path)' should hold names and expressions")
            return []
        }
        return pairs
    }
}
