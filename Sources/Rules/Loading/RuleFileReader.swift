internal import Core
internal import Yaml

/// Reads rule files. Every mistake is collected with its file, line and column.
struct RuleFileReader: ~Copyable {
    private(set) var rules: [Rule] = []
    private(set) var problems: [YamlProblem] = []
    /// The conditions of rules, for each table that they speak of.
    private(set) var conditions: [RuleID: [DataTable: [CheckedCondition]]] = [:]
    private var places: [RuleID: String] = [:]
    private var explanations: [(file: String, at: YamlValue, rules: [RuleID])] = []
    private let conditionReader: RuleConditionReader
    /// Rules that there are, though something is wrong with their entries: others may name them.
    private var known: Set<RuleID>

    private static let ruleKeys = [
        "id", "severity", "dimension", "tables", "title", "message", "remedy", "external_code",
        "author", "since", "reason", "examples",
    ]

    /// - Parameters:
    ///   - thresholds: the names of all thresholds there are.
    ///   - leftOut: rules whose entries were taken away.
    init(thresholds: [String], leftOut: Set<RuleID> = []) {
        conditionReader = RuleConditionReader(thresholds: thresholds)
        known = leftOut
    }

    enum StageFolder: String, CaseIterable { case precheck, postcheck }

    /// Reads one file: a stage, a group and its rules.
    mutating func read(_ text: String, file: String) {
        var reader = YamlReader(file: file)
        defer { problems += reader.problems }
        guard let top = reader.parse(text) else { return }
        let keys = reader.mapping(top, known: ["stage", "group", "title", "author", "since", "rules"])
        guard let stage = keys["stage"].flatMap({ reader.choice($0, as: StageFolder.self) }) else {
            if keys["stage"] == nil { reader.complain(at: top, "'stage' is missing: precheck or postcheck") }
            return
        }
        guard let list = keys["rules"] else {
            reader.complain(at: top, "'rules' is missing")
            return
        }
        let shared = RuleOriginReader.shared(keys, &reader)
        for entry in reader.list(list) {
            guard var rule = rule(entry, stage: stage == .precheck ? .pre : .post, &reader) else { continue }
            if let earlier = places[rule.id] {
                reader.complain(at: entry, "rule \(rule.id) stands already in \(earlier)")
                continue
            }
            places[rule.id] = "\(file):\(entry.line)"
            RuleOriginReader.complete(&rule, entry, shared, &reader)
            rules.append(rule)
            if !rule.explains.isEmpty { explanations.append((file, entry, rule.explains)) }
        }
    }

    /// Looks for mistakes that show only when all files have been read.
    mutating func finish() {
        for (file, entry, rules) in explanations {
            var reader = YamlReader(file: file)
            for rule in rules where places[rule] == nil && !known.contains(rule) {
                reader.complain(at: entry, "'explains' names rule \(rule), which does not exist")
            }
            problems += reader.problems
        }
    }

    private mutating func rule(_ entry: YamlValue, stage: Finding.Stage, _ reader: inout YamlReader) -> Rule? {
        let keys = reader.mapping(entry, known: RuleFileReader.ruleKeys + RuleConditionReader.keys)
        for name in ["id", "severity", "dimension", "title", "message", "remedy"] where keys[name] == nil {
            reader.complain(at: entry, "'\(name)' is missing")
        }
        guard let idValue = keys["id"], let id = reader.text(idValue) else { return nil }
        guard RuleFileReader.isRuleID(id) else {
            reader.complain(at: idValue, "'\(id)' is no rule id", hint: "a capital letter and two digits, such as C19")
            return nil
        }
        known.insert(RuleID(id))
        guard let severity = keys["severity"].flatMap({ reader.choice($0, as: Severity.self) }),
            let dimension = keys["dimension"].flatMap({ reader.choice($0, as: Rule.Dimension.self) }),
            let title = keys["title"].flatMap({ phrase($0, &reader) }),
            let message = keys["message"].flatMap({ phrase($0, &reader) }),
            let remedy = keys["remedy"].flatMap({ phrase($0, &reader) })
        else { return nil }
        var tables = DataTable.allCases
        if let value = keys["tables"] {
            tables = reader.list(value).compactMap { reader.choice($0, as: DataTable.self) }
        }
        let external = keys["external_code"].flatMap { reader.text($0) }
        var rule = Rule(
            id: RuleID(id), stage: stage, severity: severity, dimension: dimension, tables: tables, title: title,
            message: message, remedy: remedy, externalCode: external, hash: "")
        let checked = conditionReader.complete(&rule, keys, at: entry, &reader)
        if places[rule.id] == nil { conditions[rule.id] = checked }
        rule.hash = ContentHash.of(rule)
        return rule
    }

    private func phrase(_ value: YamlValue, _ reader: inout YamlReader) -> Phrase? {
        let keys = reader.mapping(value, known: ["zh", "en"])
        for name in ["zh", "en"] where keys[name] == nil {
            reader.complain(at: value, "'\(value.path).\(name)' is missing")
        }
        guard let chinese = keys["zh"].flatMap({ reader.text($0) }),
            let english = keys["en"].flatMap({ reader.text($0) })
        else { return nil }
        return Phrase(chinese, english)
    }

    static func isRuleID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 3 && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[0])
            && bytes[1...].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
