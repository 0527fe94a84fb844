public import Core

/// Says a condition of a rule file in words: columns by their headers, thresholds with their values, operators as people
/// say them. The order of the words stays that of the condition, so that the two can be read side by side.
public struct ConditionWords: Sendable {
    private let tables: [DataTable]
    private let thresholds: [String: String]

    /// Words for rows of some tables; `thresholds` are the values in force, by name.
    public init(tables: [DataTable], thresholds: [String: String]) {
        self.tables = tables
        self.thresholds = thresholds
    }

    /// The condition in both languages.
    public func phrase(_ condition: String) -> Phrase {
        let tokens = ConditionWords.tokens(condition)
        return Phrase(joined(tokens, .chinese), joined(tokens, .english))
    }

    /// The header of a column and its English name.
    public func column(_ name: String) -> Phrase { Phrase(word(column: name, .chinese), name) }

    private func joined(_ tokens: [Substring], _ language: Language) -> String {
        var text = ""
        for token in tokens {
            let word = word(token, language)
            let isTight = text.isEmpty || text.hasSuffix("(") || word == ")" || word == "," || word == "("
            text += (isTight ? "" : " ") + word
        }
        return text
    }

    private func word(_ token: Substring, _ language: Language) -> String {
        if let phrase = ConditionWords.words[token.uppercased()] { return phrase[language] }
        if token.hasPrefix(":") {
            let name = String(token.dropFirst())
            guard let value = thresholds[name] else { return name }
            return language == .chinese ? "\(name)（\(value)）" : "\(name) (\(value))"
        }
        guard let first = token.unicodeScalars.first, first.properties.isAlphabetic else { return String(token) }
        return word(column: String(token), language)
    }

    private func word(column: String, _ language: Language) -> String {
        let parts = column.split(separator: ".").map(String.init)
        let name = parts[parts.count - 1]
        let relation = parts.count == 2 ? parts[0] : nil
        let sheets = relation == "catalogue" || relation == "library" ? [DataTable.catalogue] : tables
        let known = sheets.lazy.compactMap { DataSet.of($0).columns.first { $0.name == name } }.first
        let shown = language == .chinese ? known?.header ?? name : name
        guard let relation else { return shown }
        let owner = ConditionWords.relations[relation] ?? Phrase(relation, relation)
        return language == .chinese ? "\(owner.chinese)的\(shown)" : "\(owner.english)'s \(shown)"
    }

    private static let relations: [String: Phrase] = [
        "catalogue": Phrase("目录", "the catalogue"), "library": Phrase("药品库", "the drug library"),
        "match": Phrase("比对结果", "the comparison"), "comparison": Phrase("与药品库比较", "comparing with the library"),
        "institution": Phrase("机构库", "the institution library"), "period": Phrase("报告期", "the period"),
    ]

    private static let words: [String: Phrase] = [
        "AND": Phrase("且", "and"), "OR": Phrase("或", "or"), "NOT": Phrase("非", "not"), "IS": Phrase("为", "is"),
        "NULL": Phrase("空", "blank"), "IN": Phrase("属于", "is one of"), "BETWEEN": Phrase("介于", "is between"),
        "LIKE": Phrase("形如", "looks like"), "DISTINCT": Phrase("不同", "different"), "FROM": Phrase("于", "from"),
        "CASE": Phrase("分情况：", "depending:"), "WHEN": Phrase("当", "where"), "THEN": Phrase("则为", "it is"),
        "ELSE": Phrase("否则为", "else"), "END": Phrase("。", "."), "TRUE": Phrase("是", "true"),
        "FALSE": Phrase("否", "false"),
        "=": Phrase("等于", "is"), "<>": Phrase("不等于", "is not"), "<": Phrase("小于", "is below"),
        "<=": Phrase("不大于", "is at most"), ">": Phrase("大于", "is above"), ">=": Phrase("不小于", "is at least"),
        "*": Phrase("×", "×"), "/": Phrase("÷", "÷"), "||": Phrase("连接", "joined to"),
        "ABS": Phrase("绝对值", "the magnitude of"), "GREATEST": Phrase("最大者", "the greatest of"),
        "LEAST": Phrase("最小者", "the least of"), "COALESCE": Phrase("第一个非空者", "the first not blank of"),
        "ROUND": Phrase("四舍五入", "rounded"), "LENGTH": Phrase("字符数", "the length of"),
        "SIMILARITY": Phrase("相似度", "the similarity of"), "CANONICAL_TEXT": Phrase("规整后", "the tidied"),
        "NULLIF": Phrase("（相等则为空）", "(blank where equal)"), "LEFT": Phrase("左起", "the beginning of"),
        "RIGHT": Phrase("右起", "the end of"), "SUBSTRING": Phrase("截取", "the part of"),
    ]

    /// Names, numbers, texts between quotes, thresholds and operators.
    static func tokens(_ condition: String) -> [Substring] {
        var tokens: [Substring] = []
        var rest = condition[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
                continue
            }
            var length = 1
            if first == "'" {
                length =
                    (rest.dropFirst().firstIndex(of: "'").map { rest.distance(from: rest.startIndex, to: $0) } ?? 0) + 1
            } else if first == ":" || first == "_" || first.isLetter || first.isNumber {
                length = 1 + rest.dropFirst().prefix { $0 == "_" || $0 == "." || $0.isLetter || $0.isNumber }.count
            } else if ["<>", "<=", ">=", "||"].contains(String(rest.prefix(2))) {
                length = 2
            }
            tokens.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return tokens
    }
}
