public import Core

/// What the rules say to people: titles, messages and remedies by rule.
public struct RuleTexts: Sendable {
    private let rules: [RuleID: StoredRule]
    private let messages: [RuleID: (chinese: MessageTemplate, english: MessageTemplate)]

    /// The texts of these rules.
    public init(_ rules: some Sequence<StoredRule>) {
        self.rules = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
        messages = self.rules.mapValues {
            (MessageTemplate($0.message.chinese), MessageTemplate($0.message.english))
        }
    }

    /// The name of a rule; its id where the rule is not known.
    public func title(_ rule: RuleID, _ language: Language) -> String { rules[rule]?.title[language] ?? rule.rawValue }

    /// What the hospital should do; empty where the rule is not known.
    public func remedy(_ rule: RuleID, _ language: Language) -> String { rules[rule]?.remedy[language] ?? "" }

    /// The sentence of a finding, its placeholders filled: the finding's details and `value`, `expected`, `column`,
    /// `table`, `file`, `line`, `row`. Cells of personal columns stay masked.
    public func message(_ finding: Finding, files: [FileOutcome], _ language: Language) -> String {
        message(ShownFinding(finding, files: files), language)
    }

    func message(_ shown: ShownFinding, _ language: Language) -> String {
        let finding = shown.finding
        guard let templates = messages[finding.rule] else { return title(finding.rule, language) }
        let template = language == .chinese ? templates.chinese : templates.english
        return template.filled { name in
            let own: String? =
                switch name {
                case "value": shown.value(language)
                case "expected": shown.expected
                case "column": shown.columnLabel(language)
                case "column_zh": shown.columnLabel(.chinese)
                case "table": finding.place.table.map { Labels.name(of: $0)[language] }
                case "file": shown.path
                case "line": finding.place.line.map(String.init)
                case "row": finding.place.row.map(String.init)
                default: nil
                }
            return own ?? detail(name, of: shown, language) ?? RuleTexts.stopgap(name, language)
        }
    }

    private func detail(_ name: String, of shown: ShownFinding, _ language: Language) -> String? {
        guard let value = shown.finding.observation.details[name] else { return nil }
        if name == "reason", let words = Faults.words(for: value) { return words[language] }
        if shown.isPersonal, !RuleTexts.harmless.contains(name) { return Phrases.masked[language] }
        return VisibleText.cut(value, limit: ShownFinding.valueLimit)
    }

    /// What stands for a well-known value that a finding does not have.
    private static func stopgap(_ name: String, _ language: Language) -> String? {
        switch name {
        case "value": Phrases.blank[language]
        case "expected", "column", "column_zh", "table", "file", "line", "row": "—"
        default: nil
        }
    }

    /// Details that never carry a cell, and so are shown for personal columns too.
    private static let harmless: Set<String> = [
        "count", "limit", "maximum", "minimum", "length", "other_file", "other_line", "other_row", "line", "row",
        "rows",
        "file", "table", "column",
    ]
}
