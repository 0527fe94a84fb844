import Core

@testable import Expressions

/// The language's meaning written down plainly: one row, one tree, one step at a time. What the compiled programs are
/// compared with.
struct ReferenceEvaluator {
    let row: TestRow
    let expression: TypedExpression

    enum Result: Equatable {
        case number(Int128)
        case text([UInt8])
        case date(Int32)
        case boolean(Bool)
        case null
        case failed(FailureReason)
    }

    var outcome: Outcome<ExpressionValue> {
        switch value(expression.root) {
        case .number(let units):
            .value(.number(ExactNumber(unchecked: units, scale: expression.type.number?.scale ?? 0)))
        case .text(let bytes): .value(.text(String(decoding: bytes, as: UTF8.self)))
        case .date(let days): .value(.date(CalendarDay(daysSince2000: days)))
        case .boolean(let value): .value(.boolean(value))
        case .null: .unknown
        case .failed(let reason): .notEvaluable(reason)
        }
    }

    private func result(_ value: ExpressionValue?, _ type: ValueType) -> Result {
        switch value {
        case .number(let number): .number(number.units(atScale: type.number?.scale ?? 0))
        case .text(let text): .text(Array(text.utf8))
        case .date(let day): .date(day.daysSince2000)
        case .boolean(let value): .boolean(value)
        case nil: .null
        }
    }

    /// NULL where one is NULL, else the worst failure, else what is computed.
    private func strict(_ values: [Result], _ body: () -> Result) -> Result {
        if values.contains(.null) { return .null }
        if values.contains(.failed(.divisionByZero)) { return .failed(.divisionByZero) }
        if values.contains(.failed(.overflow)) { return .failed(.overflow) }
        return body()
    }

    private func checked(_ units: Int128?, _ node: TypedNode) -> Result {
        guard let units, units.magnitude < PowerOfTen.value(24 + (node.type.number?.scale ?? 0)).magnitude else {
            return .failed(.overflow)
        }
        return .number(units)
    }

    private func units(_ value: Result) -> Int128 { if case .number(let units) = value { units } else { 0 } }

    private func bytes(_ value: Result) -> [UInt8] { if case .text(let bytes) = value { bytes } else { [] } }

    private func order(_ a: Result, _ b: Result) -> Int {
        switch (a, b) {
        case (.number(let x), .number(let y)): x < y ? -1 : x == y ? 0 : 1
        case (.date(let x), .date(let y)): x < y ? -1 : x == y ? 0 : 1
        default: bytes(a) == bytes(b) ? 0 : bytes(a).lexicographicallyPrecedes(bytes(b)) ? -1 : 1
        }
    }

    private func compared(_ comparison: Comparison, _ a: Result, _ b: Result) -> Result {
        strict([a, b]) { .boolean(comparison.holds(order(a, b))) }
    }

    private func and(_ values: [Result]) -> Result {
        if values.contains(.boolean(false)) { return .boolean(false) }
        for reason in [FailureReason.divisionByZero, .overflow] where values.contains(.failed(reason)) {
            return .failed(reason)
        }
        return values.contains(.null) ? .null : .boolean(true)
    }

    private func not(_ value: Result) -> Result {
        if case .boolean(let value) = value { .boolean(!value) } else { value }
    }

    private func or(_ values: [Result]) -> Result { not(and(values.map(not))) }

    func value(_ node: TypedNode) -> Result {
        switch node.kind {
        case .null: return .null
        case .number(let units): return .number(units)
        case .text(let text): return .text(Array(text.utf8))
        case .date(let day): return .date(day.daysSince2000)
        case .boolean(let value): return .boolean(value)
        case .column(let position): return result(row[position], node.type)
        case .threshold(let position): return result(thresholds[schema.thresholds[position].name], node.type)
        case .comparison(let comparison, let a, let b): return compared(comparison, value(a), value(b))
        case .and(let parts): return and(parts.map(value))
        case .or(let parts): return or(parts.map(value))
        case .not(let a): return not(value(a))
        case .isIn(let a, let items): return or(items.map { compared(.equal, value(a), value($0)) })
        case .between(let a, let low, let high):
            return and([
                compared(.greaterOrEqual, value(a), value(low)), compared(.lessOrEqual, value(a), value(high)),
            ])
        case .isNull(let a):
            let value = value(a)
            if case .failed = value { return value }
            return .boolean(value == .null)
        case .isDistinct(let a, let b):
            let values = [value(a), value(b)]
            for reason in [FailureReason.divisionByZero, .overflow] where values.contains(.failed(reason)) {
                return .failed(reason)
            }
            return .boolean(values[0] != values[1])
        case .cases(let branches, let otherwise):
            for branch in branches {
                switch value(branch.condition) {
                case .boolean(true): return value(branch.result)
                case .failed(let reason): return .failed(reason)
                default: continue
                }
            }
            return value(otherwise)
        case .match(let a, let branches, let otherwise):
            let subject = value(a)
            for branch in branches {
                switch compared(.equal, subject, value(branch.condition)) {
                case .boolean(true): return value(branch.result)
                case .failed(let reason): return .failed(reason)
                default: continue
                }
            }
            return value(otherwise)
        case .coalesce(let parts): return parts.lazy.map(value).first { $0 != .null } ?? .null
        case .nullIf(let a, let b):
            let first = value(a)
            switch compared(.equal, first, value(b)) {
            case .boolean(true): return .null
            case .failed(let reason): return .failed(reason)
            default: return first
            }
        case .extreme(let isGreatest, let parts):
            let values = parts.map(value).filter { $0 != .null }
            return values.isEmpty
                ? .null : strict(values) { values.max { order($0, $1) * (isGreatest ? 1 : -1) < 0 } ?? .null }
        case .rescaled, .negated, .absolute, .rounded, .sum, .difference, .product, .quotient, .dayDifference:
            return arithmetic(node)
        case .like, .length, .transformed, .substring, .concatenated, .check, .similarity: return text(node)
        }
    }

    private func arithmetic(_ node: TypedNode) -> Result {
        let values = node.children.map(value)
        let scales = node.children.map { $0.type.number?.scale ?? 0 }
        let scale = node.type.number?.scale ?? 0
        let a = units(values[0])
        let b = units(values.last ?? .null)
        // A division by zero is one whatever is divided, NULL apart.
        if case .quotient = node.kind, values[1] == .number(0), values[0] != .null { return .failed(.divisionByZero) }
        return strict(values) {
            switch node.kind {
            case .rescaled: return .number(a * PowerOfTen.value(scale - scales[0]))
            case .negated: return .number(-a)
            case .absolute: return .number(a < 0 ? -a : a)
            case .rounded: return checked(rounded(a, PowerOfTen.value(scales[0] - scale)), node)
            case .sum: return checked(a + b, node)
            case .difference: return checked(a - b, node)
            case .product:
                return checked(
                    ExactArithmetic.product(
                        a, b, droppingPower: PowerOfTen.value(scales[0] + scales[1] - scale), limit: .max), node)
            case .quotient:
                let exponent = scale + scales[1] - scales[0]
                return checked(
                    ExactArithmetic.quotient(
                        a, b, multiplier: PowerOfTen.value(max(exponent, 0)),
                        divisor: PowerOfTen.value(max(-exponent, 0)), limit: .max), node)
            default:
                guard case .date(let first) = values[0], case .date(let second) = values[1] else { return .null }
                return .number(Int128(first) - Int128(second))
            }
        }
    }

    private func rounded(_ units: Int128, _ power: Int128) -> Int128 {
        (units.magnitude + power.magnitude / 2).quotientAndRemainder(dividingBy: power.magnitude).quotient
            > 0 ? (units < 0 ? -1 : 1) * Int128((units.magnitude + power.magnitude / 2) / power.magnitude) : 0
    }

    private func text(_ node: TypedNode) -> Result {
        let values = node.children.map(value)
        return strict(values) {
            let bytes = bytes(values[0])
            let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
            switch node.kind {
            case .like(_, let pattern): return .boolean(matches(pattern, scalars))
            case .length: return .number(Int128(scalars.count))
            case .concatenated: return .text(bytes + self.bytes(values[1]))
            case .substring(_, let slice): return .text(encoded(scalars[slice.range(of: scalars.count)]))
            case .check(let check, _): return .boolean(check.holds(bytes.span))
            case .similarity:
                let other = Array(String(decoding: self.bytes(values[1]), as: UTF8.self).unicodeScalars)
                return .number(similarity(canonical(scalars), canonical(other)))
            case .transformed(.canonical, _): return .text(encoded(canonical(scalars)[...]))
            case .transformed(.trim, _):
                let start = scalars.firstIndex { $0 != " " } ?? scalars.count
                let end = scalars.lastIndex { $0 != " " }.map { $0 + 1 } ?? start
                return .text(encoded(scalars[start..<end]))
            case .transformed(.lower, _):
                return .text(bytes.map { (65...90).contains($0) ? $0 + 32 : $0 })
            default: return .text(bytes.map { (97...122).contains($0) ? $0 - 32 : $0 })
            }
        }
    }

    private func encoded(_ scalars: ArraySlice<Unicode.Scalar>) -> [UInt8] {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return Array(String(text).utf8)
    }

    private func canonical(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        scalars.compactMap { scalar in
            scalar.properties.isWhitespace && scalar.value != 0x85 && scalar.value != 0x2028 && scalar.value != 0x2029
                ? nil : Unicode.Scalar(CanonicalText.folded(scalar.value))
        }
    }

    private func similarity(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int128 {
        if a == b { return 10_000 }
        func pairs(_ scalars: [Unicode.Scalar]) -> [[Unicode.Scalar]: Int] {
            Dictionary(zip(scalars, scalars.dropFirst()).map { ([$0, $1], 1) }, uniquingKeysWith: +)
        }
        let (x, y) = (pairs(a), pairs(b))
        let total = x.values.reduce(0, +) + y.values.reduce(0, +)
        guard total > 0 else { return 0 }
        let common = x.reduce(0) { $0 + min($1.value, y[$1.key] ?? 0) }
        return Int128((Double(2 * common) / Double(total) * 10_000).rounded())
    }

    private func matches(_ pattern: LikePattern, _ text: [Unicode.Scalar]) -> Bool {
        var parts: [(scalar: Unicode.Scalar?, isAny: Bool)] = []
        var isEscaped = false
        for scalar in pattern.text.unicodeScalars {
            if !isEscaped, scalar == pattern.escape {
                isEscaped = true
            } else {
                let isWild = !isEscaped && (scalar == "%" || scalar == "_")
                parts.append((isWild ? nil : scalar, isWild && scalar == "%"))
                isEscaped = false
            }
        }
        var reached = Array(repeating: false, count: text.count + 1)
        reached[0] = true
        for part in parts {
            var next = Array(repeating: false, count: text.count + 1)
            for index in 0...text.count {
                if part.isAny {
                    next[index] = reached[index] || (index > 0 && next[index - 1])
                } else if index > 0, reached[index - 1], part.scalar == nil || part.scalar == text[index - 1] {
                    next[index] = true
                }
            }
            reached = next
        }
        return reached[text.count]
    }
}
