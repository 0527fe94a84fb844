internal import Core

extension TypeChecker {
    func membership(_ operand: SyntaxNode, _ items: [SyntaxNode]) throws(ExpressionError) -> TypedNode {
        for item in items {
            switch item.kind {
            case .number, .text, .date, .column, .threshold: break
            default: throw ExpressionError(.notPlain(allowsColumns: true), at: item.position)
            }
        }
        let values = try comparable([operand] + items)
        return derived(.isIn(values[0], Array(values.dropFirst())), .boolean, values)
    }

    func cases(
        _ subject: SyntaxNode?, _ branches: [SyntaxNode.Branch], _ otherwise: SyntaxNode?, at position: SourcePosition
    ) throws(ExpressionError) -> TypedNode {
        let nodes = branches.map(\.result) + (otherwise.map { [$0] } ?? [])
        var results = try unified(nodes, otherwise: .boolean)
        let type = TypeChecker.common(results.map(\.type)) ?? .boolean
        let last = otherwise == nil ? TypedNode(kind: .null, type: type) : results.removeLast()
        var conditions: [TypedNode]
        var value: TypedNode?
        if let subject {
            for branch in branches {
                switch branch.condition.kind {
                case .number, .text, .date, .threshold: break
                default: throw ExpressionError(.notPlain(allowsColumns: false), at: branch.condition.position)
                }
            }
            let compared = try comparable([subject] + branches.map(\.condition))
            value = compared[0]
            conditions = Array(compared.dropFirst())
        } else {
            conditions = try each(branches) { (branch) throws(ExpressionError) in try boolean(branch.condition) }
        }
        let pairs = zip(conditions, results).map { TypedNode.Branch(condition: $0, result: $1) }
        let parts = (value.map { [$0] } ?? []) + conditions + results + [last]
        let kind: TypedNode.Kind =
            value.map { .match($0, pairs, otherwise: last) } ?? .cases(pairs, otherwise: last)
        let node = derived(kind, type, parts)
        if node.isFailing, type == .text || type == .date { throw ExpressionError(.mayFail, at: position) }
        return node
    }

    func call(
        _ name: String, _ arguments: [SyntaxNode], at position: SourcePosition
    ) throws(ExpressionError) -> TypedNode {
        guard let function = LanguageFunction(rawValue: name) else {
            let names = LanguageFunction.allCases.map(\.rawValue)
            throw ExpressionError(
                .unknownFunction(name.shortened, nearest: Nearest.name(to: name, in: names)), at: position)
        }
        guard function.argumentCount.contains(arguments.count) else {
            throw ExpressionError(
                .argumentCount(function: function.spelling, expected: function.argumentCount, found: arguments.count),
                at: position)
        }
        switch function {
        case .coalesce:
            let values = try unified(arguments, otherwise: .boolean)
            return derived(
                .coalesce(values), TypeChecker.common(values.map(\.type)) ?? .boolean, values,
                isNeverZero: values.allSatisfy(\.isNeverZero))
        case .greatest, .least:
            let values = try comparable(arguments)
            return derived(
                .extreme(isGreatest: function == .greatest, values), TypeChecker.common(values.map(\.type)) ?? .text,
                values)
        case .nullif:
            let values = try comparable(arguments)
            var isNeverZero = values[0].isNeverZero
            if case .number(0) = values[1].kind { isNeverZero = true }
            return derived(.nullIf(values[0], values[1]), values[0].type, values, isNeverZero: isNeverZero)
        case .abs:
            let value = try number(arguments[0])
            return derived(.absolute(value), value.type, [value], isNeverZero: value.isNeverZero)
        case .round: return try rounded(arguments)
        case .length, .lower, .upper, .trim, .substring, .left, .right, .organizationCheck, .standardCheck,
            .creditCheck,
            .similarity, .canonicalText:
            return try textCall(function, arguments)
        }
    }

    private func rounded(_ arguments: [SyntaxNode]) throws(ExpressionError) -> TypedNode {
        let value = try number(arguments[0])
        let scale = arguments.count > 1 ? try wholeNumber(arguments[1], within: 0...NumberType.maximumScale) : 0
        guard let type = value.type.number, scale < type.scale else { return value }
        // Rounding up can reach the limit itself: 999…9.5 is 10²⁴.
        let bound = type.bound / PowerOfTen.value(type.scale - scale) + 1
        let limit = NumberType.limit(scale: scale)
        return derived(
            .rounded(value), .number(NumberType(scale: scale, bound: min(bound, limit))), [value],
            own: bound > limit ? .overflow : [])
    }

    func wholeNumber(_ node: SyntaxNode, within range: ClosedRange<Int>) throws(ExpressionError) -> Int {
        guard case .number(let number) = node.kind, number.scale == 0, let value = Int(exactly: number.units),
            range.contains(value)
        else { throw ExpressionError(.notAWholeNumber(range), at: node.position) }
        return value
    }

    private func textCall(_ function: LanguageFunction, _ arguments: [SyntaxNode]) throws(ExpressionError) -> TypedNode
    {
        let value = try text(arguments[0])
        let far = 1_000_000
        func transformed(_ transformation: TextTransformation) -> TypedNode {
            derived(.transformed(transformation, value), .text, [value])
        }
        func check(_ check: CheckDigit) -> TypedNode { derived(.check(check, value), .boolean, [value]) }
        switch function {
        case .length:
            return derived(.length(value), .number(NumberType(scale: 0, bound: 10_000_000_000)), [value])
        case .upper: return transformed(.upper)
        case .trim: return transformed(.trim)
        case .canonicalText: return transformed(.canonical)
        case .substring:
            let start = try wholeNumber(arguments[1], within: -far...far)
            let length = arguments.count > 2 ? try wholeNumber(arguments[2], within: 0...far) : nil
            return derived(.substring(value, .substring(start: start, length: length)), .text, [value])
        case .left:
            return derived(.substring(value, .left(try wholeNumber(arguments[1], within: -far...far))), .text, [value])
        case .right:
            return derived(.substring(value, .right(try wholeNumber(arguments[1], within: -far...far))), .text, [value])
        case .organizationCheck: return check(.organization)
        case .standardCheck: return check(.standard)
        case .creditCheck: return check(.credit)
        case .similarity:
            let other = try text(arguments[1])
            return derived(.similarity(value, other), .number(NumberType(scale: 4, bound: 10_000)), [value, other])
        case .lower, .coalesce, .nullif, .greatest, .least, .abs, .round: return transformed(.lower)
        }
    }
}
