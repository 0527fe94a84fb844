/// Writes a tree in its one spelling.
enum CanonicalPrinter {
    static func text(of node: SyntaxNode) -> String { text(node, within: .disjunction) }

    /// Text in single quotes, with its own doubled.
    static func quoted(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { result += "'" }
            result.unicodeScalars.append(scalar)
        }
        return result + "'"
    }

    /// In brackets where the part binds less closely than its place wants.
    private static func text(_ node: SyntaxNode, within minimum: Precedence) -> String {
        let plain = plain(node)
        return precedence(of: node) < minimum ? "(\(plain))" : plain
    }

    private static func precedence(of node: SyntaxNode) -> Precedence {
        switch node.kind {
        case .text, .boolean, .date, .null, .column, .threshold, .cases, .call: .primary
        case .number(let number): number.units < 0 ? .sign : .primary
        case .negated: .sign
        case .not: .negation
        case .binary(let name, _, _): name.precedence
        case .and: .conjunction
        case .or: .disjunction
        case .isIn, .between, .like: .membership
        case .isNull, .isDistinct: .test
        }
    }

    private static func plain(_ node: SyntaxNode) -> String {
        switch node.kind {
        case .number(let number): return number.description
        case .text(let text): return quoted(text)
        case .boolean(let value): return value ? "TRUE" : "FALSE"
        case .date(let day): return "DATE '\(day)'"
        case .null: return "NULL"
        case .column(let name): return name
        case .threshold(let name): return ":" + name
        case .negated(let operand):
            // Two minus signs in a row would be a comment.
            let inner = text(operand, within: .sign)
            return inner.hasPrefix("-") ? "-(\(inner))" : "-\(inner)"
        case .not(let operand): return "NOT " + text(operand, within: .negation)
        case .binary(let name, let left, let right):
            // Comparisons do not chain, so their left side too must bind closer.
            let minimum = name.precedence == .comparison ? Precedence.membership : name.precedence
            return "\(text(left, within: minimum)) \(name.rawValue) \(text(right, within: name.precedence.next))"
        case .and(let parts): return parts.map { text($0, within: .negation) }.joined(separator: " AND ")
        case .or(let parts): return parts.map { text($0, within: .conjunction) }.joined(separator: " OR ")
        case .isIn(let operand, let items, let isNegated):
            let list = items.map { text(of: $0) }.joined(separator: ", ")
            return text(operand, within: .concatenation) + word(" IN ", isNegated) + "(\(list))"
        case .between(let operand, let low, let high, let isNegated):
            return text(operand, within: .concatenation) + word(" BETWEEN ", isNegated)
                + text(low, within: .concatenation) + " AND " + text(high, within: .concatenation)
        case .like(let operand, let pattern, let isNegated):
            return text(operand, within: .concatenation) + word(" LIKE ", isNegated) + quoted(pattern.text)
                + (pattern.escape.map { " ESCAPE " + quoted(String($0)) } ?? "")
        case .isNull(let operand, let isNegated):
            return text(operand, within: .test) + (isNegated ? " IS NOT NULL" : " IS NULL")
        case .isDistinct(let left, let right, let isNegated):
            return text(left, within: .test) + (isNegated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ")
                + text(right, within: .comparison)
        case .cases(let subject, let branches, let otherwise):
            let whens = branches.map { " WHEN \(text(of: $0.condition)) THEN \(text(of: $0.result))" }.joined()
            return "CASE" + (subject.map { " " + text(of: $0) } ?? "") + whens
                + (otherwise.map { " ELSE " + text(of: $0) } ?? "") + " END"
        case .call(let name, let arguments):
            let list = arguments.map { text(of: $0) }.joined(separator: ", ")
            return "\(LanguageFunction(rawValue: name)?.spelling ?? name)(\(list))"
        }
    }

    private static func word(_ word: String, _ isNegated: Bool) -> String { isNegated ? " NOT" + word : word }
}
