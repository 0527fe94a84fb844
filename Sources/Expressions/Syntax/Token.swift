/// The smallest part of an expression's text.
struct Token: Sendable {
    enum Kind: Sendable, Hashable {
        case number(ExactNumber)
        case text(String)
        /// A word, lower case: a keyword, a column or a function.
        case word(String)
        case threshold(String)
        case symbol(String)
        case end
    }

    var kind: Kind
    var position: SourcePosition
    /// As it was written, for messages.
    var written: String
}

/// Words that have their meaning in the grammar and so cannot name a column.
enum Keyword {
    static let all: Set<String> = [
        "and", "or", "not", "in", "between", "like", "escape", "is", "null", "distinct", "from", "case", "when", "then",
        "else", "end", "true", "false", "date",
    ]
}
