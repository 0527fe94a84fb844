public import Core

/// What the rules say to people: titles, messages and remedies by rule.
public struct RuleTexts: Sendable {
    /// What one rule says, with its cells of a list as they stand there: they are the same in every record. It is asked for
    /// with every finding, so it is a reference.
    final class Words: Sendable {
        let title: Phrase
        let remedy: Phrase
        let chinese: MessageTemplate
        let english: MessageTemplate
        /// `,A16,`
        let name: [UInt8]
        /// The title as a cell, and the remedy, in Chinese.
        let titleCell: [UInt8]
        let remedyCell: [UInt8]

        init(_ rule: RuleID, title: Phrase, message: Phrase, remedy: Phrase) {
            self.title = title
            self.remedy = remedy
            chinese = MessageTemplate(message.chinese)
            english = MessageTemplate(message.english)
            name = FormulaGuard.cell(rule.rawValue)
            titleCell = FormulaGuard.cell(title.chinese)
            remedyCell = FormulaGuard.cell(remedy.chinese)
        }

        /// What is said of a rule that is not known.
        convenience init(unknown rule: RuleID) {
            let name = Phrase(rule.rawValue, rule.rawValue)
            self.init(rule, title: name, message: name, remedy: Phrase("", ""))
        }
    }

    private let words: [RuleID: Words]

    /// The texts of these rules.
    public init(_ rules: some Sequence<StoredRule>) {
        words = Dictionary(
            rules.map { ($0.id, Words($0.id, title: $0.title, message: $0.message, remedy: $0.remedy)) },
            uniquingKeysWith: { _, last in last })
    }

    /// The name of a rule; its id where the rule is not known.
    public func title(_ rule: RuleID, _ language: Language) -> String { words[rule]?.title[language] ?? rule.rawValue }

    /// What the hospital should do; empty where the rule is not known.
    public func remedy(_ rule: RuleID, _ language: Language) -> String { words[rule]?.remedy[language] ?? "" }

    /// All that a rule says.
    func words(of rule: RuleID) -> Words { words[rule] ?? Words(unknown: rule) }

    /// The sentence of a finding, its placeholders filled: the finding's details and `value`, `expected`, `column`,
    /// `table`, `file`, `line`, `row`. Cells of personal columns stay masked.
    public func message(_ finding: Finding, files: [FileOutcome], _ language: Language) -> String {
        message(ShownFinding(finding, files: files), language)
    }

    func message(_ shown: ShownFinding, _ language: Language) -> String {
        guard let words = words[shown.finding.rule] else { return title(shown.finding.rule, language) }
        return (language == .chinese ? words.chinese : words.english).filled {
            RuleTexts.value(of: $0, in: shown, language)
        }
    }

    /// What stands at a placeholder of a sentence.
    static func value(
        of placeholder: MessageTemplate.Placeholder, in shown: ShownFinding, _ language: Language
    ) -> String? {
        let place = shown.finding.place
        let own: String? =
            switch placeholder.known {
            case .value: shown.value(language)
            case .expected: shown.expected
            case .column: shown.columnLabel(language)
            case .chineseColumn: shown.columnLabel(.chinese)
            case .table: place.table.map { Labels.name(of: $0)[language] }
            case .file: shown.path
            case .line: place.line.map(String.init)
            case .row: place.row.map(String.init)
            case nil: nil
            }
        return own ?? detail(placeholder.name, of: shown, language) ?? stopgap(placeholder.known, language)
    }

    private static func detail(_ name: String, of shown: ShownFinding, _ language: Language) -> String? {
        guard let value = shown.finding.observation.details[name] else { return nil }
        if name == "reason", let words = Faults.words(for: value) { return words[language] }
        if shown.isPersonal, !RuleTexts.harmless.contains(name) { return Phrases.masked[language] }
        return VisibleText.cut(value, limit: ShownFinding.valueLimit)
    }

    /// What stands for a well-known value that a finding does not have.
    private static func stopgap(_ known: MessageTemplate.Known?, _ language: Language) -> String? {
        switch known {
        case .value: Phrases.blank[language]
        case .expected, .column, .chineseColumn, .table, .file, .line, .row: "—"
        case nil: nil
        }
    }

    /// Details that never carry a cell, and so are shown for personal columns too.
    private static let harmless: Set<String> = [
        "count", "limit", "maximum", "minimum", "length", "other_file", "other_line", "other_row", "line", "row",
        "rows",
        "file", "table", "column",
    ]
}
