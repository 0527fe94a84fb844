internal import Core

/// Reads tokens into a tree, by the precedence of the operators.
struct Parser {
    private let tokens: [Token]
    private var index = 0
    private var nesting = 0

    /// The most levels of parts within parts.
    static let maximumDepth = 100

    init(_ source: String) throws(ExpressionError) {
        var lexer = try Lexer(source)
        tokens = try lexer.tokens()
    }

    /// The whole text as one expression.
    mutating func parse() throws(ExpressionError) -> SyntaxNode {
        let node = try expression(.disjunction)
        guard token.kind == .end else { throw unexpected(Phrase("运算符或结尾", "an operator or the end")) }
        return node
    }

    // MARK: Tokens

    var token: Token { tokens[index] }

    mutating func advance() { if index < tokens.count - 1 { index += 1 } }

    func isWord(_ word: String, ahead offset: Int = 0) -> Bool {
        index + offset < tokens.count && tokens[index + offset].kind == .word(word)
    }

    mutating func accept(word: String) -> Bool {
        guard isWord(word) else { return false }
        advance()
        return true
    }

    mutating func accept(symbol: String) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(word: String) throws(ExpressionError) {
        guard accept(word: word) else { throw unexpected(Phrase(word.uppercased(), word.uppercased())) }
    }

    mutating func expect(symbol: String) throws(ExpressionError) {
        guard accept(symbol: symbol) else { throw unexpected(Phrase("“\(symbol)”", "'\(symbol)'")) }
    }

    func unexpected(_ expected: Phrase) -> ExpressionError {
        let found =
            token.kind == .end
            ? Phrase("结尾", "the end") : Phrase("“\(token.written.shortened)”", "'\(token.written.shortened)'")
        return ExpressionError(.unexpected(found: found, expected: expected), at: token.position)
    }

    func node(_ kind: SyntaxNode.Kind, at position: SourcePosition) throws(ExpressionError) -> SyntaxNode {
        let node = SyntaxNode(kind, at: position)
        guard node.depth <= Parser.maximumDepth else { throw ExpressionError(.tooDeep, at: position) }
        return node
    }

    // MARK: Operators

    /// An expression whose operators bind at least so closely.
    mutating func expression(_ minimum: Precedence) throws(ExpressionError) -> SyntaxNode {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Parser.maximumDepth else { throw ExpressionError(.tooDeep, at: token.position) }
        var left = try prefix(minimum)
        // Comparisons and memberships do not stand in a row: a < b < c has no meaning anybody would guess.
        var closed: Precedence?
        while let precedence = operatorPrecedence, precedence >= minimum {
            if precedence == closed { throw ExpressionError(.chainedComparison, at: token.position) }
            closed = precedence == .comparison || precedence == .membership ? precedence : nil
            left = try infix(left, precedence)
        }
        return left
    }

    /// How closely the operator that comes next binds; `nil` where none does.
    private var operatorPrecedence: Precedence? {
        switch token.kind {
        case .symbol(let symbol): return BinaryOperator(rawValue: symbol)?.precedence
        case .word("or"): return .disjunction
        case .word("and"): return .conjunction
        case .word("is"): return .test
        case .word("in"), .word("between"), .word("like"): return .membership
        case .word("not"):
            let isMembership = isWord("in", ahead: 1) || isWord("between", ahead: 1) || isWord("like", ahead: 1)
            return isMembership ? .membership : nil
        default: return nil
        }
    }

    private mutating func prefix(_ minimum: Precedence) throws(ExpressionError) -> SyntaxNode {
        let start = token.position
        if isWord("not") {
            guard minimum <= .negation else {
                throw unexpected(Phrase("值或括号中的 NOT", "a value, or NOT within brackets"))
            }
            advance()
            return try node(.not(expression(.negation)), at: start)
        }
        if accept(symbol: "-") {
            let operand = try expression(.sign)
            if case .number(let number) = operand.kind {
                return try node(.number(ExactNumber(unchecked: -number.units, scale: number.scale)), at: start)
            }
            return try node(.negated(operand), at: start)
        }
        return try primary()
    }

    private mutating func infix(_ left: SyntaxNode, _ precedence: Precedence) throws(ExpressionError) -> SyntaxNode {
        let position = token.position
        switch precedence {
        case .disjunction, .conjunction:
            let word = precedence == .disjunction ? "or" : "and"
            var parts = [left]
            while accept(word: word) { parts.append(try expression(precedence.next)) }
            return try node(precedence == .disjunction ? .or(parts) : .and(parts), at: position)
        case .test: return try test(left)
        case .membership: return try membership(left)
        default:
            guard case .symbol(let symbol) = token.kind, let name = BinaryOperator(rawValue: symbol) else {
                throw unexpected(Phrase("运算符", "an operator"))
            }
            advance()
            return try node(.binary(name, left, expression(precedence.next)), at: position)
        }
    }

    /// `IS …`
    private mutating func test(_ left: SyntaxNode) throws(ExpressionError) -> SyntaxNode {
        let position = token.position
        advance()
        let isNegated = accept(word: "not")
        if accept(word: "null") { return try node(.isNull(left, isNegated: isNegated), at: position) }
        guard accept(word: "distinct") else {
            throw unexpected(Phrase("NULL 或 DISTINCT FROM", "NULL or DISTINCT FROM"))
        }
        try expect(word: "from")
        return try node(.isDistinct(left, expression(.comparison), isNegated: isNegated), at: position)
    }

    /// `IN …`, `BETWEEN …` and `LIKE …`
    private mutating func membership(_ left: SyntaxNode) throws(ExpressionError) -> SyntaxNode {
        let position = token.position
        let isNegated = accept(word: "not")
        if accept(word: "in") {
            try expect(symbol: "(")
            var items = [try expression(.disjunction)]
            while accept(symbol: ",") { items.append(try expression(.disjunction)) }
            try expect(symbol: ")")
            return try node(.isIn(left, items, isNegated: isNegated), at: position)
        }
        if accept(word: "between") {
            let low = try expression(.concatenation)
            try expect(word: "and")
            return try node(.between(left, low, expression(.concatenation), isNegated: isNegated), at: position)
        }
        try expect(word: "like")
        return try node(.like(left, pattern(), isNegated: isNegated), at: position)
    }

    private mutating func pattern() throws(ExpressionError) -> LikePattern {
        let text = try self.text(Phrase("模式（文本）", "a pattern (a text)"))
        var escape: Unicode.Scalar?
        var position = token.position
        if accept(word: "escape") {
            position = token.position
            let character = try self.text(Phrase("一个字符", "one character"))
            guard character.unicodeScalars.count == 1 else { throw ExpressionError(.badEscape, at: position) }
            escape = character.unicodeScalars.first
        }
        guard let pattern = LikePattern(text, escape: escape) else { throw ExpressionError(.badEscape, at: position) }
        return pattern
    }

    mutating func text(_ expected: Phrase) throws(ExpressionError) -> String {
        guard case .text(let text) = token.kind else { throw unexpected(expected) }
        advance()
        return text
    }
}
