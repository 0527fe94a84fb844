import Core

@testable import Expressions

/// Makes expressions of a type, as text, and rows to evaluate them on.
struct RandomExpressions {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func pick<Element>(_ elements: [Element], or fallback: Element) -> Element {
        elements.randomElement(using: &random) ?? fallback
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    // MARK: Expressions

    mutating func number(_ depth: Int) -> String {
        guard depth > 0, !chance(15) else { return numberLeaf() }
        let less = depth - 1
        switch Int.random(in: 0..<17, using: &random) {
        case 0, 1: return "(\(number(less)) + \(number(less)))"
        case 2, 3: return "(\(number(less)) - \(number(less)))"
        case 4, 5: return "(\(number(less)) * \(number(less)))"
        case 6, 7: return "(\(number(less)) / \(number(less)))"
        case 8: return "(\(number(less)) / NULLIF(\(number(less)), 0))"
        case 9: return "-(\(number(less)))"
        case 10: return "ABS(\(number(less)))"
        case 11: return "ROUND(\(number(less)), \(Int.random(in: 0...12, using: &random)))"
        case 12: return "\(pick(["GREATEST", "LEAST"], or: ""))(\(number(less)), \(number(less)), \(number(0)))"
        case 13: return "COALESCE(\(number(less)), \(number(less)))"
        case 14: return "NULLIF(\(number(less)), \(number(less)))"
        case 15: return cases(depth) { $0.number(less) }
        default:
            switch Int.random(in: 0..<3, using: &random) {
            case 0: return "LENGTH(\(text(less)))"
            case 1: return "similarity(\(text(less)), \(text(less)))"
            default: return "(\(date(less)) - \(date(less)))"
            }
        }
    }

    mutating func numberLeaf() -> String {
        if chance(6) { return "NULL" }
        if chance(8) { return pick([":C27.amount", ":F01.share", ":big", ":Z.zero"], or: "") }
        if chance(30) { return numberLiteral() }
        return pick(
            [
                "amount", "pack_quantity", "dose_quantity", "catalogue.conversion_factor", "bed_count", "huge", "tiny",
            ], or: "amount")
    }

    mutating func numberLiteral() -> String {
        pick(
            [
                "0", "1", "-1", "2", "0.5", "0.005", "100", "12.5", "-0.000000000001", "2147483648", "3",
                "99999999999999999999999.999999999999", "1000000000000", "0.0000000001", "0.00000000005",
            ], or: "0")
    }

    mutating func text(_ depth: Int) -> String {
        guard depth > 0, !chance(20) else { return textLeaf() }
        let less = depth - 1
        let count = Int.random(in: -3...6, using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return "LOWER(\(text(less)))"
        case 1: return "UPPER(\(text(less)))"
        case 2: return "TRIM(\(text(less)))"
        case 3: return "SUBSTRING(\(text(less)), \(count), \(abs(count)))"
        case 4: return "SUBSTRING(\(text(less)), \(count))"
        case 5: return "LEFT(\(text(less)), \(count))"
        case 6: return "RIGHT(\(text(less)), \(count))"
        case 7: return "(\(text(less)) || \(text(less)))"
        case 8: return "canonical_text(\(text(less)))"
        case 9: return "COALESCE(\(text(less)), \(text(less)))"
        case 10: return chance(50) ? "NULLIF(\(text(less)), \(text(0)))" : "GREATEST(\(text(less)), \(text(less)))"
        default: return cases(depth) { $0.text(less) }
        }
    }

    mutating func textLeaf() -> String {
        if chance(5) { return "NULL" }
        if chance(5) { return ":B04.text" }
        if chance(35) { return textLiteral() }
        return pick(["product_name", "strength", "code"], or: "code")
    }

    mutating func textLiteral() -> String { CanonicalPrinter.quoted(someText()) }

    mutating func someText() -> String {
        if chance(40) {
            return pick(
                [
                    "", " ", "　", "0.25g", "阿莫西林", "002977026", "86900372002735", "11330282002977026G", "０", "無", "无",
                    "it's", "a\\b", "100%", "a_b", "\u{FFFF}", "\u{10FFFF}", "é", "e\u{301}", "null", "E'x'",
                ], or: "")
        }
        let letters = Array("aAbZ09 ％Ａａ１　药品💊𠀀'\\%_\t\n-\u{A0}é".unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &random) { text.append(pick(letters, or: "a")) }
        return String(text)
    }

    mutating func date(_ depth: Int) -> String {
        if depth > 0, chance(30) {
            return chance(50) ? "COALESCE(report_date, valid_to)" : "LEAST(\(date(0)), \(date(0)))"
        }
        return pick(
            ["report_date", "valid_to", "DATE '2025-01-31'", "DATE '1900-01-01'", ":C02.day"], or: "report_date")
    }

    mutating func boolean(_ depth: Int) -> String {
        guard depth > 0, !chance(8) else {
            return pick(["is_open", "is_known", "TRUE", "FALSE", "NULL", ":X.flag"], or: "is_open")
        }
        let less = depth - 1
        let isNegated = chance(30) ? " NOT" : ""
        let comparison = pick(["=", "<>", "<", "<=", ">", ">="], or: "=")
        switch Int.random(in: 0..<20, using: &random) {
        case 0...3: return "(\(number(less)) \(comparison) \(number(less)))"
        case 4: return "(\(text(less)) \(comparison) \(text(less)))"
        case 5: return "(\(date(less)) \(comparison) \(date(less)))"
        case 6, 7: return "(\(boolean(less)) AND \(boolean(less)))"
        case 8, 9: return "(\(boolean(less)) OR \(boolean(less)) OR \(boolean(0)))"
        case 10: return "(NOT \(boolean(less)))"
        case 11: return "(\(number(less)) IN (\(numberItem()), \(numberItem())))"
        case 12: return "(\(text(less))\(isNegated) IN (\(textLiteral()), code))"
        case 13: return "(\(number(less))\(isNegated) BETWEEN \(number(less)) AND \(number(less)))"
        case 14:
            let pattern = CanonicalPrinter.quoted(chance(50) ? "%\(someText())%" : someText())
            return "(\(text(less))\(isNegated) LIKE \(pattern)\(pattern.contains("!") ? "" : " ESCAPE '!'"))"
        case 15: return "(\(chance(50) ? number(less) : boolean(less)) IS\(isNegated) NULL)"
        case 16: return "(\(number(less)) IS\(isNegated) DISTINCT FROM \(number(less)))"
        case 17: return "(\(text(less)) IS\(isNegated) DISTINCT FROM \(text(less)))"
        case 18: return chance(50) ? cases(depth) { $0.boolean(less) } : "COALESCE(\(boolean(less)), \(boolean(less)))"
        default:
            return "\(pick(["org", "standard", "credit"], or: "org"))_code_check(\(text(less)))"
        }
    }

    private mutating func numberItem() -> String {
        chance(40) ? pick(["amount", "bed_count", "huge"], or: "amount") : numberLiteral()
    }

    private mutating func cases(_ depth: Int, _ result: (inout Self) -> String) -> String {
        let less = depth - 1
        if chance(30) {
            return "CASE \(number(less)) WHEN \(numberLiteral()) THEN \(result(&self)) WHEN 0 THEN \(result(&self)) END"
        }
        let first = chance(40) ? "\(number(less)) / amount > 1" : boolean(less)
        let second = chance(40) ? "huge * \(number(less)) > 1" : boolean(less)
        return "CASE WHEN \(first) THEN \(result(&self)) WHEN \(second) THEN \(result(&self)) "
            + (chance(70) ? "ELSE \(result(&self)) END" : "END")
    }

    // MARK: Rows

    mutating func row() -> TestRow {
        schema.columns.map { column in
            if chance(12) { return nil }
            switch column.type {
            case .text: return .text(someText())
            case .date: return .date(CalendarDay(daysSince2000: Int32.random(in: -36_524...365_000, using: &random)))
            case .boolean: return .boolean(chance(50))
            case .number(let type):
                let bound = Int64(clamping: type.bound)
                let units: Int64 =
                    switch Int.random(in: 0..<6, using: &random) {
                    case 0: pick([bound, -bound, 0, 1, -1], or: 0)
                    case 1: Int64.random(in: -bound...bound, using: &random)
                    case 2: Int64.random(in: 0...3, using: &random) * Int64(PowerOfTen.value(min(type.scale, 12)))
                    default: Int64.random(in: -200_000...200_000, using: &random)
                    }
                return .number(ExactNumber(unchecked: Int128(min(max(units, -bound), bound)), scale: type.scale))
            }
        }
    }
}
