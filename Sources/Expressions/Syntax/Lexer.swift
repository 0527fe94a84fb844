internal import Core

/// Cuts the text of an expression into tokens.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var position = SourcePosition(line: 1, column: 1)

    /// The most characters an expression has.
    static let maximumLength = 100_000

    init(_ source: String) throws(ExpressionError) {
        scalars = Array(source.unicodeScalars)
        guard scalars.count <= Lexer.maximumLength else { throw ExpressionError(.tooLong, at: position) }
    }

    /// All tokens, the last of which is the end.
    mutating func tokens() throws(ExpressionError) -> [Token] {
        var tokens: [Token] = []
        while true {
            let token = try next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    private mutating func advance() {
        if scalars[index] == "\n" {
            position.line += 1
            position.column = 1
        } else {
            position.column += 1
        }
        index += 1
    }

    private mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = peek(), condition(scalar) {
            text.append(scalar)
            advance()
        }
        return String(text)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isWordStart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool { isWordStart(scalar) || isDigit(scalar) }

    private mutating func next() throws(ExpressionError) -> Token {
        _ = take { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
        let start = position
        guard let first = peek() else { return Token(kind: .end, position: start, written: "") }
        if Lexer.isDigit(first) { return try number(start) }
        if Lexer.isWordStart(first) {
            let name = name()
            return Token(kind: .word(name.lowercased()), position: start, written: name)
        }
        if first == "'" { return try text(start) }
        if first == ":", let second = peek(1), Lexer.isWordStart(second) {
            advance()
            let name = name()
            return Token(kind: .threshold(name), position: start, written: ":" + name)
        }
        return try symbol(first, start)
    }

    /// A word, or words joined by points.
    private mutating func name() -> String {
        var name = take(while: Lexer.isWordPart)
        while peek() == ".", let following = peek(1), Lexer.isWordStart(following) {
            advance()
            name += "." + take(while: Lexer.isWordPart)
        }
        return name
    }

    private mutating func number(_ start: SourcePosition) throws(ExpressionError) -> Token {
        let written = take { Lexer.isWordPart($0) || $0 == "." }
        guard let number = ExactNumber(digits: Array(written.utf8)[...]) else {
            throw ExpressionError(.badNumber(written.shortened), at: start)
        }
        return Token(kind: .number(number), position: start, written: written)
    }

    private mutating func text(_ start: SourcePosition) throws(ExpressionError) -> Token {
        var text = String.UnicodeScalarView()
        advance()
        while let scalar = peek() {
            // PostgreSQL's text cannot hold it.
            if scalar == "\0" { throw ExpressionError(.strangeCharacter("U+0000", meant: nil), at: position) }
            advance()
            if scalar == "'" {
                guard peek() == "'" else {
                    let value = String(text)
                    return Token(kind: .text(value), position: start, written: "'\(value)'")
                }
                advance()
            }
            text.append(scalar)
        }
        throw ExpressionError(.openText, at: start)
    }

    private mutating func symbol(_ first: Unicode.Scalar, _ start: SourcePosition) throws(ExpressionError) -> Token {
        let pair = peek(1).map { String(first) + String($0) } ?? ""
        // Two minus signs begin a comment in SQL; what reads differently there is not read here.
        if let meant = ["!=": "<>", "==": "=", "--": "- (-x)", "&&": "AND"][pair] {
            throw ExpressionError(.strangeCharacter(pair, meant: meant), at: start)
        }
        if ["<>", "<=", ">=", "||"].contains(pair) {
            advance()
            advance()
            return Token(kind: .symbol(pair), position: start, written: pair)
        }
        if "(),+-*/=<>".unicodeScalars.contains(first) {
            advance()
            return Token(kind: .symbol(String(first)), position: start, written: String(first))
        }
        throw ExpressionError(.strangeCharacter(Lexer.shown(first), meant: Lexer.meant(by: first)), at: start)
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.properties.generalCategory == .control
            ? "U+" + String(scalar.value, radix: 16, uppercase: true) : String(scalar)
    }

    /// What somebody meant who typed Chinese punctuation.
    private static func meant(by scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "‘", "’", "“", "”", "\"", "`": return "'"
        case "、": return ","
        case "。": return "."
        case "≤": return "<="
        case "≥": return ">="
        case "≠": return "<>"
        case "×": return "*"
        case "÷": return "/"
        case "\u{3000}", "\u{A0}": return " "
        case "\u{FF01}"..."\u{FF5E}":
            return Unicode.Scalar(scalar.value - 0xFEE0).map { String($0) }
        default: return nil
        }
    }
}

extension String {
    /// At most 40 characters, for messages.
    var shortened: String {
        unicodeScalars.count <= 40 ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(40))) + "…"
    }
}
