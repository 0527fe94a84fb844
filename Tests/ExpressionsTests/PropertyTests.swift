import Core
import Testing

@testable import Expressions

@Suite struct `Random expressions` {
    @Test(arguments: UInt64(0)..<24)
    func `compiled programs give what the plain reading gives`(seed: UInt64) throws {
        var random = RandomExpressions(seed: seed)
        var rows: [TestRow] = []
        for _ in 0..<40 { rows.append(random.row()) }
        var batch = batch(rows)
        for index in 0..<60 {
            let source =
                index % 4 == 0 ? random.number(4) : index % 4 == 1 ? random.text(3) : random.boolean(4)
            guard let expression = try allowingFailingChoices(source) else { continue }
            var evaluator = Evaluator(try Program(expression, thresholds: thresholds))
            evaluator.evaluate(&batch)
            for (index, row) in rows.enumerated() {
                let expected = ReferenceEvaluator(row: row, expression: expression).outcome
                let found = evaluator.value(row: index, in: batch)
                guard found == expected else {
                    Issue.record("\(source)\n\(row)\n\(shown(found)) ≠ \(shown(expected))")
                    return
                }
            }
        }
    }

    @Test(arguments: UInt64(100)..<110)
    func `what is printed is read as the same, and checked as the same`(seed: UInt64) throws {
        var random = RandomExpressions(seed: seed)
        for _ in 0..<200 {
            let tree = try SyntaxTree(random.boolean(4))
            let again = try SyntaxTree(tree.canonicalText)
            #expect(again.canonicalText == tree.canonicalText)
            guard let expression = try? TypedExpression(tree, schema: schema) else { continue }
            let other = try TypedExpression(again, schema: schema)
            #expect(other.usedColumns == expression.usedColumns)
            #expect(
                try ExpressionSQL(other, thresholds: thresholds, functionSchema: "x").value
                    == ExpressionSQL(expression, thresholds: thresholds, functionSchema: "x").value)
        }
    }

    /// Products and quotients against digits on paper.
    @Test func `wide products and quotients are the exact ones, rounded half away from zero`() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<4_000 {
            let limit = PowerOfTen.value(Int.random(in: 1...36, using: &random))
            let a = Int128.random(in: -limit...limit, using: &random)
            let b = Int128.random(in: 1...PowerOfTen.value(Int.random(in: 0...36, using: &random)), using: &random)
            let exponent = Int.random(in: 0...22, using: &random)
            let most = NumberType.limit(scale: 12)
            let quotient = ExactArithmetic.quotient(
                a, -b, multiplier: PowerOfTen.value(exponent), divisor: 1, limit: most)
            #expect(quotient == Paper.quotient(a, b, zeros: exponent, limit: most).map { -$0 })
            let power = Int.random(in: 0...12, using: &random)
            let product = ExactArithmetic.product(a, b, droppingPower: PowerOfTen.value(power), limit: most)
            #expect(product == Paper.product(a, b, dropping: power, limit: most))
        }
    }
}

/// An expression, or nothing where it is one of those that the language leaves out on purpose: text that rests on a
/// condition that may fail, and what consists of NULLs only and so is of no type.
func allowingFailingChoices(_ source: String) throws -> TypedExpression? {
    do throws(ExpressionError) {
        return try TypedExpression(SyntaxTree(source), schema: schema)
    } catch {
        switch error.problem {
        case .mayFail, .tooDeep, .wrongType: return nil
        default: throw error
        }
    }
}

/// Arithmetic digit by digit.
private enum Paper {
    static func digits(_ value: Int128) -> [Int] { String(value.magnitude).utf8.map { Int($0) - 48 } }

    static func quotient(_ a: Int128, _ b: Int128, zeros: Int, limit: Int128) -> Int128? {
        // One digit after the other, as in school; the rest decides on rounding.
        var rest: UInt128 = 0
        var result: [Int] = []
        for digit in digits(a) + Array(repeating: 0, count: zeros) {
            rest = rest * 10 + UInt128(digit)
            result.append(Int(rest / b.magnitude))
            rest %= b.magnitude
        }
        return number(result, roundsUp: rest * 2 >= b.magnitude, isNegative: a < 0, limit: limit)
    }

    static func product(_ a: Int128, _ b: Int128, dropping count: Int, limit: Int128) -> Int128? {
        let (x, y) = (digits(a), digits(b))
        var sums = Array(repeating: 0, count: x.count + y.count)
        for (i, p) in x.enumerated() {
            for (j, q) in y.enumerated() { sums[i + j + 1] += p * q }
        }
        for index in sums.indices.reversed() where index > 0 {
            sums[index - 1] += sums[index] / 10
            sums[index] %= 10
        }
        let padded = Array(repeating: 0, count: count) + sums
        let dropped = padded.suffix(count)
        return number(
            Array(padded.dropLast(count)), roundsUp: (dropped.first ?? 0) >= 5, isNegative: a < 0, limit: limit)
    }

    static func number(_ digits: [Int], roundsUp: Bool, isNegative: Bool, limit: Int128) -> Int128? {
        var value: Int128 = 0
        for digit in digits {
            guard value <= limit else { return nil }
            value = value * 10 + Int128(digit)
        }
        if roundsUp { value += 1 }
        guard value <= limit else { return nil }
        return isNegative ? -value : value
    }
}
