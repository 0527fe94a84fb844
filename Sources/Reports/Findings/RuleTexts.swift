public import Core

/// What the rules say to people: titles, messages and remedies by rule.
public struct RuleTexts: Sendable {
    private let rules: [RuleID: StoredRule]

    /// The texts of these rules.
    public init(_ rules: some Sequence<StoredRule>) {
        self.rules = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// The name of a rule; its id where the rule is not known.
    public func title(_ rule: RuleID, _ language: Language) -> String { rules[rule]?.title[language] ?? rule.rawValue }

    /// What the hospital should do; empty where the rule is not known.
    public func remedy(_ rule: RuleID, _ language: Language) -> String { rules[rule]?.remedy[language] ?? "" }

    /// The sentence of a finding, its placeholders filled: the finding's details and `value`, `expected`, `column`,
    /// `table`, `file`, `line`, `row`. Cells of personal columns stay masked.
    public func message(_ finding: Finding, files: [FileOutcome], _ language: Language) -> String {
        let shown = ShownFinding(finding, files: files)
        guard let rule = rules[finding.rule] else { return title(finding.rule, language) }
        var values: [String: String] = [:]
        for (name, value) in finding.observation.details where !shown.isPersonal || RuleTexts.harmless.contains(name) {
            values[name] = VisibleText.cut(value, limit: ShownFinding.valueLimit)
        }
        if shown.isPersonal {
            for name in finding.observation.details.keys where values[name] == nil {
                values[name] = Phrases.masked[language]
            }
        }
        values["value"] = shown.value(language) ?? values["value"] ?? Phrases.blank[language]
        values["expected"] = shown.expected ?? values["expected"] ?? "—"
        values["column"] = shown.columnLabel(language) ?? values["column"] ?? "—"
        values["table"] = finding.place.table.map { Labels.name(of: $0)[language] } ?? values["table"] ?? "—"
        values["file"] = shown.path ?? values["file"] ?? "—"
        values["line"] = finding.place.line.map(String.init) ?? values["line"] ?? "—"
        values["row"] = finding.place.row.map(String.init) ?? values["row"] ?? "—"
        return rule.message.filled(language, values)
    }

    /// Details that never carry a cell, and so are shown for personal columns too.
    private static let harmless: Set<String> = [
        "count", "limit", "maximum", "minimum", "length", "other_file", "other_line", "other_row", "line", "row",
        "rows",
        "file", "table", "column",
    ]
}
