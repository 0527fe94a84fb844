import Core
import Expressions
import Testing

@Suite struct `Reading expressions` {
    @Test(arguments: [
        ("a+b*c", "a + b * c"), ("(a+b)*c", "(a + b) * c"), ("a-(b-c)", "a - (b - c)"), ("((a))", "a"),
        ("NOT a  and\n not (b or C)", "NOT a AND NOT (b OR c)"), ("not not a", "NOT NOT a"),
        ("a = 1 and b = 2 or c = 3", "a = 1 AND b = 2 OR c = 3"), ("a AND (b AND c)", "a AND (b AND c)"),
        ("- -5", "5"), ("-(-a)", "-(-a)"), ("a - -5", "a - -5"), ("-a * -b", "-a * -b"), ("a*(-b)", "a * -b"),
        ("0012.500", "12.5"), ("1.000", "1"), ("-0", "0"), ("'it''s'", "'it''s'"), ("''", "''"),
        ("a IN(1,2 , 3)", "a IN (1, 2, 3)"), ("a not in ('x')", "a NOT IN ('x')"),
        ("a between 1 and 2 and b", "a BETWEEN 1 AND 2 AND b"),
        ("a NOT BETWEEN b+1 AND c||d", "a NOT BETWEEN b + 1 AND c || d"),
        ("x like 'a\\_%' escape '\\'", "x LIKE 'a\\_%' ESCAPE '\\'"), ("x not like '%'", "x NOT LIKE '%'"),
        ("a is null is not null", "a IS NULL IS NOT NULL"), ("(a = b) IS NULL", "a = b IS NULL"),
        ("a = (b is null)", "a = (b IS NULL)"), ("a IS DISTINCT FROM b", "a IS DISTINCT FROM b"),
        ("a is not distinct from b + 1", "a IS NOT DISTINCT FROM b + 1"),
        ("case when a then 1 else 2 end", "CASE WHEN a THEN 1 ELSE 2 END"),
        ("CASE a WHEN 'x' THEN TRUE END", "CASE a WHEN 'x' THEN TRUE END"),
        ("Coalesce(a, nullif ( b,0))", "COALESCE(a, NULLIF(b, 0))"), ("Similarity(a,b)", "similarity(a, b)"),
        ("date '2025-01-31'", "DATE '2025-01-31'"), ("CATALOGUE.Strength", "catalogue.strength"),
        (":C27.amount", ":C27.amount"), ("(a < b) = c", "(a < b) = c"), ("a in (1) = b", "a IN (1) = b"),
        ("a || b + c", "a || b + c"), ("(a || b) + c", "(a || b) + c"), ("true", "TRUE"),
    ])
    func `an expression has one spelling`(source: String, canonical: String) throws {
        #expect(try SyntaxTree(source).canonicalText == canonical)
        #expect(try SyntaxTree(canonical).canonicalText == canonical)
    }

    @Test(arguments: [
        ("", "1:1: error: expected a value, found the end"),
        ("a +", "1:4: error: expected a value, found the end"),
        ("a\n  = = b", "2:5: error: expected a value, found '='"),
        ("a b", "1:3: error: expected an operator or the end, found 'b'"),
        ("(a", "1:3: error: expected ')', found the end"),
        ("a < b < c", "1:7: error: comparisons cannot stand in a row\n  hint: write a < b AND b < c"),
        ("a = NOT b", "1:5: error: expected a value, or NOT within brackets, found 'NOT'"),
        ("a != b", "1:3: error: the character '!=' has no meaning here\n  hint: did you mean '<>'?"),
        ("a--b", "1:2: error: the character '--' has no meaning here\n  hint: did you mean '- (-x)'?"),
        ("a ＝ b", "1:3: error: the character '＝' has no meaning here\n  hint: did you mean '='?"),
        ("药 = 1", "1:1: error: the character '药' has no meaning here"),
        ("x = ‘y’", "1:5: error: the character '‘' has no meaning here\n  hint: did you mean '''?"),
        (
            "x = 'y",
            "1:5: error: the text has no closing quote\n  hint: a quote within a text is written twice: 'it''s'"
        ),
        (
            "1.2.3",
            "1:1: error: '1.2.3' is not a number\n  hint: up to 24 digits before the point and 12 behind it: 1234.5"
        ),
        (
            "1e5 > a",
            "1:1: error: '1e5' is not a number\n  hint: up to 24 digits before the point and 12 behind it: 1234.5"
        ),
        ("x = DATE '2025-02-30'", "1:10: error: '2025-02-30' is not a day\n  hint: write DATE '2025-01-31'"),
        ("x LIKE y", "1:8: error: expected a pattern (a text), found 'y'"),
        ("x LIKE 'a!' ESCAPE '!'", "1:20: error: ESCAPE is one character, and a pattern cannot end with it"),
        ("x LIKE 'a' ESCAPE ''", "1:19: error: ESCAPE is one character, and a pattern cannot end with it"),
        ("x IS TRUE", "1:6: error: expected NULL or DISTINCT FROM, found 'TRUE'"),
        ("CASE END", "1:6: error: expected a value, found 'END'"),
        ("x IN ()", "1:7: error: expected a value, found ')'"),
    ])
    func `a mistake has its place, what was expected and a hint`(source: String, message: String) {
        let error = #expect(throws: ExpressionError.self) { try SyntaxTree(source) }
        #expect(error?.description == message)
    }

    @Test func `messages are there in Chinese too`() {
        let error = #expect(throws: ExpressionError.self) { try SyntaxTree("a <") }
        #expect(error?.text(.chinese) == "1:4: 错误: 此处应为值，实为结尾")
    }

    @Test(arguments: ["(", "- ", "NOT ", "a + (", "CASE WHEN ", "f(", "a = (", "x IN (1, ", "a OR ("])
    func `depth has a limit and never ends the program`(piece: String) {
        let error = #expect(throws: ExpressionError.self) { try SyntaxTree(String(repeating: piece, count: 9_000)) }
        #expect(error?.problem == .tooDeep)
    }

    @Test func `length has a limit, and many parts side by side are no depth`() throws {
        #expect(throws: ExpressionError.self) { try SyntaxTree(String(repeating: "1 + ", count: 100_000)) }
        _ = try SyntaxTree(String(repeating: "a OR ", count: 9_000) + "a")
        let error = #expect(throws: ExpressionError.self) {
            try SyntaxTree(String(repeating: "1 + ", count: 5_000) + "1")
        }
        #expect(error?.problem == .tooDeep)
    }

    /// Tokens in any order are a tree or an error with a place within the text; a tree printed and read is the same.
    @Test(arguments: UInt64(0)..<40)
    func `token soup is a tree or a placed error`(seed: UInt64) {
        let words = [
            "a", "b.c", "1", "2.5", "'x'", "''", ":T.x", "(", ")", "(", ")", ",", "+", "-", "*", "/", "||", "=", "<>",
            "<",
            ">=", "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "ESCAPE", "IS", "NULL", "DISTINCT", "FROM", "CASE",
            "WHEN",
            "THEN", "ELSE", "END", "TRUE", "DATE", "abs(", "coalesce(", "，", "'", "\n", "\u{1F48A}", "!", "-1", "- ",
        ]
        var random = SeededGenerator(seed: seed)
        var trees = 0
        for _ in 0..<500 {
            let source = (0..<Int.random(in: 1...12, using: &random))
                .map { _ in words.randomElement(using: &random) ?? "" }.joined(
                    separator: Bool.random(using: &random) ? " " : "")
            do throws(ExpressionError) {
                let tree = try SyntaxTree(source)
                trees += 1
                let canonical = tree.canonicalText
                let again = try SyntaxTree(canonical)
                #expect(again.canonicalText == canonical, "\(source)")
                _ = try? TypedExpression(tree, schema: schema)
            } catch {
                let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
                #expect((1...lines.count).contains(error.position.line), "\(source): \(error)")
                let length = lines[max(error.position.line - 1, 0)].unicodeScalars.count
                #expect((1...length + 1).contains(error.position.column), "\(source): \(error)")
            }
        }
        #expect(trees > 0)
    }
}
