internal import Core

extension TypeChecker {
    func binary(
        _ name: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode, at position: SourcePosition
    ) throws(ExpressionError) -> TypedNode {
        switch name {
        case .add: return sum(try number(left), try number(right), isDifference: false)
        case .subtract: return try difference(left, right)
        case .multiply: return product(try number(left), try number(right))
        case .divide: return quotient(try number(left), try number(right))
        case .concatenate:
            let values = [try text(left), try text(right)]
            return derived(.concatenated(values[0], values[1]), .text, values)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            let values = try comparable([left, right])
            guard let comparison = Comparison(rawValue: name.rawValue) else {
                preconditionFailure("every comparison operator is a comparison")
            }
            return derived(.comparison(comparison, values[0], values[1]), .boolean, values)
        }
    }

    /// Numbers, or the days between two dates.
    private func difference(_ left: SyntaxNode, _ right: SyntaxNode) throws(ExpressionError) -> TypedNode {
        let values = [try check(left), try check(right)]
        guard values.contains(where: { $0.type == .date && !$0.isNullLiteral }) else {
            return sum(try number(left), try number(right), isDifference: true)
        }
        for (node, value) in zip([left, right], values) where !value.isNullLiteral && value.type != .date {
            throw ExpressionError(.wrongType(found: value.type.name, expected: ValueType.date.name), at: node.position)
        }
        let dates = values.map { typed($0, as: .date) }
        return derived(
            .dayDifference(dates[0], dates[1]), .number(NumberType(scale: 0, bound: 10_000_000)), dates)
    }

    private func sum(_ left: TypedNode, _ right: TypedNode, isDifference: Bool) -> TypedNode {
        guard let common = TypeChecker.common([left.type, right.type])?.number else { return left }
        let a = typed(left, as: .number(common))
        let b = typed(right, as: .number(common))
        let bound = (a.type.number?.bound ?? 0) + (b.type.number?.bound ?? 0)
        let (type, own) = limited(bound, scale: common.scale)
        return derived(isDifference ? .difference(a, b) : .sum(a, b), type, [a, b], own: own)
    }

    /// The scales add up; what is more than 12 decimals is rounded away.
    private func product(_ a: TypedNode, _ b: TypedNode) -> TypedNode {
        guard let left = a.type.number, let right = b.type.number else { return a }
        let full = left.scale + right.scale
        let scale = min(full, NumberType.maximumScale)
        let bound = ExactArithmetic.product(
            left.bound, right.bound, droppingPower: PowerOfTen.value(full - scale), limit: TypeChecker.farthest)
        let (type, own) = limited(bound, scale: scale)
        return derived(.product(a, b), type, [a, b], own: own)
    }

    private func quotient(_ a: TypedNode, _ b: TypedNode) -> TypedNode {
        guard let left = a.type.number, let right = b.type.number else { return a }
        // The smallest divisor is one unit of its last decimal, unless it is written out.
        var smallest: Int128 = 1
        if case .number(let units) = b.kind, units != 0 { smallest = units < 0 ? -units : units }
        let exponent = NumberType.quotientScale + right.scale - left.scale
        let bound = ExactArithmetic.quotient(
            left.bound, smallest, multiplier: PowerOfTen.value(max(exponent, 0)),
            divisor: PowerOfTen.value(max(-exponent, 0)), limit: TypeChecker.farthest)
        var (type, own) = limited(bound, scale: NumberType.quotientScale)
        if !b.isNeverZero { own.insert(.divisionByZero) }
        return derived(.quotient(a, b), type, [a, b], own: own)
    }

    /// More than any limit, and still a number of 128 bits.
    private static let farthest = Int128.max / 2

    /// The type of a result that can be so large, `nil` for very large; it fails where that is too large.
    private func limited(_ largest: Int128?, scale: Int) -> (ValueType, Failures) {
        let limit = NumberType.limit(scale: scale)
        let bound = largest ?? .max
        return (.number(NumberType(scale: scale, bound: min(bound, limit))), bound > limit ? .overflow : [])
    }
}
