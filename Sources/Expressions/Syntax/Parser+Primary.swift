internal import Core

extension Parser {
    /// A value, a column, a threshold, a call, a CASE, or an expression in brackets.
    mutating func primary() throws(ExpressionError) -> SyntaxNode {
        let start = token
        switch start.kind {
        case .number(let number):
            advance()
            return try node(.number(number), at: start.position)
        case .text(let text):
            advance()
            return try node(.text(text), at: start.position)
        case .threshold(let name):
            advance()
            return try node(.threshold(name), at: start.position)
        case .symbol("("):
            advance()
            let inner = try expression(.disjunction)
            try expect(symbol: ")")
            return inner
        case .word(let word): return try self.word(word, at: start.position)
        case .symbol, .end: throw unexpected(Phrase("值", "a value"))
        }
    }

    private mutating func word(_ word: String, at position: SourcePosition) throws(ExpressionError) -> SyntaxNode {
        switch word {
        case "null":
            advance()
            return try node(.null, at: position)
        case "true", "false":
            advance()
            return try node(.boolean(word == "true"), at: position)
        case "date":
            advance()
            let place = token.position
            let text = try text(Phrase("日期 '2025-01-31'", "a day '2025-01-31'"))
            guard text.utf8.count == 10, let day = CalendarDay(text) else {
                throw ExpressionError(.badDate(text.shortened), at: place)
            }
            return try node(.date(day), at: position)
        case "case":
            advance()
            return try cases(at: position)
        case _ where Keyword.all.contains(word): throw unexpected(Phrase("值", "a value"))
        default:
            advance()
            guard accept(symbol: "(") else { return try node(.column(word), at: position) }
            return try call(word, at: position)
        }
    }

    private mutating func call(_ name: String, at position: SourcePosition) throws(ExpressionError) -> SyntaxNode {
        var arguments: [SyntaxNode] = []
        if !accept(symbol: ")") {
            repeat { arguments.append(try expression(.disjunction)) } while accept(symbol: ",")
            try expect(symbol: ")")
        }
        return try node(.call(name, arguments), at: position)
    }

    private mutating func cases(at position: SourcePosition) throws(ExpressionError) -> SyntaxNode {
        var subject: SyntaxNode?
        if !isWord("when") { subject = try expression(.disjunction) }
        var branches: [SyntaxNode.Branch] = []
        repeat {
            try expect(word: "when")
            let condition = try expression(.disjunction)
            try expect(word: "then")
            branches.append(SyntaxNode.Branch(condition: condition, result: try expression(.disjunction)))
        } while isWord("when")
        let otherwise = accept(word: "else") ? try expression(.disjunction) : nil
        try expect(word: "end")
        return try node(.cases(subject: subject, branches, otherwise: otherwise), at: position)
    }
}
