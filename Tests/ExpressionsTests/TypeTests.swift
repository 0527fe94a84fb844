import Core
import Testing

@testable import Expressions

@Suite struct `Checking types` {
    @Test(arguments: [
        ("convertion_factor > 1", "1:1: error: there is no column 'convertion_factor'"),
        ("1 < pack_quantty", "1:5: error: there is no column 'pack_quantty'\n  hint: did you mean 'pack_quantity'?"),
        (
            "amount > :C27.amont",
            "1:10: error: there is no threshold 'C27.amont'\n  hint: did you mean 'C27.amount'?"
        ),
        (
            "similarty(strength, code) < 1",
            "1:1: error: there is no function 'similarty'\n  hint: did you mean 'similarity'?"
        ),
        ("amount = 'x'", "1:10: error: expected a number, found text"),
        ("amount + strength > 1", "1:10: error: expected a number, found text"),
        ("amount AND is_open", "1:1: error: expected a condition (true or false), found a number"),
        ("is_open = TRUE", "1:1: error: expected a number, text or a day, found a condition (true or false)"),
        ("report_date > '2025-01-01'", "1:15: error: expected a day, found text"),
        ("report_date - 1 > 1", "1:15: error: expected a day, found a number"),
        ("COALESCE(amount, 'x') = 1", "1:18: error: expected a number, found text"),
        ("abs(amount, 1) = 1", "1:1: error: ABS takes 1 arguments, found 2"),
        ("substring(code) = ''", "1:1: error: SUBSTRING takes 2–3 arguments, found 1"),
        ("left(code, amount) = ''", "1:12: error: a whole number from -1000000 to 1000000 must be written here"),
        ("round(amount, 13) = 1", "1:15: error: a whole number from 0 to 12 must be written here"),
        (
            "amount IN (1, NULL)",
            "1:15: error: only values, thresholds and columns can stand here, not NULL\n  hint: write x = … OR x IS NULL"
        ),
        (
            "CASE amount WHEN tiny THEN TRUE END",
            "1:18: error: only values and thresholds can stand here, not NULL\n  hint: write CASE WHEN x = … THEN …"
        ),
        (
            "CASE WHEN 1 / amount > 1 THEN 'x' END = code",
            "1:1: error: a CASE that gives text or a day cannot rest on a condition that may fail\n"
                + "  hint: write a divisor as NULLIF(x, 0)"
        ),
        ("amount + 1", "1:8: error: expected a condition (true or false), found a number"),
    ])
    func `a wrong type has its place`(source: String, message: String) {
        let error = #expect(throws: ExpressionError.self) {
            _ = try TypedExpression(condition: source, schema: schema)
        }
        #expect(error?.description == message)
    }

    @Test func `columns of a data set are known alone and with their table, joined ones with theirs`() throws {
        let schema = ExpressionSchema(
            .of(.usage), joined: [.of(.catalogue)], thresholds: [.init("C27.amount")])
        let expression = try TypedExpression(
            condition: "usage.amount > :C27.amount OR amount < 0 AND catalogue.conversion_factor = 1", schema: schema)
        #expect(expression.usedColumns.map { schema.columns[$0].name } == ["amount", "catalogue.conversion_factor"])
        #expect(expression.usedThresholds == [0])
        #expect(expression.failures.isEmpty)
        #expect(throws: ExpressionError.self) {
            _ = try TypedExpression(condition: "conversion_factor = 1", schema: schema)
        }
    }

    @Test(
        arguments: [
            ("abs(pack_quantity * catalogue.conversion_factor - dose_quantity) > 1", []),
            ("amount / pack_quantity > 1", .divisionByZero), ("amount / 4 > 1", []),
            ("amount / 0 > 1", .divisionByZero),
            ("amount / NULLIF(pack_quantity, 0) > 1", []), ("huge * huge > 1", .overflow),
            ("huge / tiny > 1", [.divisionByZero, .overflow]), ("tiny * tiny * tiny > 0", []),
        ] as [(String, Failures)])
    func `how an expression can fail is known before any row`(source: String, failures: Failures) throws {
        #expect(try typed(source).failures == failures)
    }

    @Test func `thresholds need values of their type`() throws {
        let expression = try typed("amount > :C27.amount")
        #expect(throws: ExpressionError.self) { _ = try Program(expression) }
        for value in [ExpressionValue.text("1"), .number(number("10000000000")), .number(number("0.0000001"))] {
            #expect(throws: ExpressionError.self) { _ = try Program(expression, thresholds: ["C27.amount": value]) }
            #expect(throws: ExpressionError.self) {
                _ = try ExpressionSQL(expression, thresholds: ["C27.amount": value], functionSchema: "x")
            }
        }
    }

    @Test func `values and names become SQL in one way`() throws {
        let sql = try ExpressionSQL(
            typed("code = :B04.text AND amount > -5 AND strength LIKE 'a\\%' ESCAPE '\\'"), thresholds: thresholds,
            functionSchema: "a\"b")
        #expect(
            sql.value.text(numberedFrom: 3)
                == #"(("code"::text = $3::text) AND ("amount"::numeric > (-5.0)) AND ("strength"::text LIKE E'a\\%' ESCAPE E'\\'))"#
        )
        #expect(sql.value.parameters == [.text("it's 无\\")])
        #expect(sql.value.inlined.contains(#"= E'it''s 无\\'::text"#))
        #expect(sql.reason.inlined == "NULL::text")
        #expect(
            try ExpressionSQL(typed("amount / 0"), functionSchema: "a\"b").value.inlined.contains(#""a""b".quotient("#))
    }
}
