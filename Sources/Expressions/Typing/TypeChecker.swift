internal import Core

/// Finds the type of every part of a tree, or the place where it has none.
struct TypeChecker {
    let schema: ExpressionSchema

    /// The whole tree. A lone NULL is an unknown condition.
    func check(_ tree: SyntaxTree) throws(ExpressionError) -> TypedNode {
        let node = try check(tree.root)
        return node.isNullLiteral ? typed(node, as: .boolean) : node
    }

    func check(_ node: SyntaxNode) throws(ExpressionError) -> TypedNode {
        switch node.kind {
        case .number(let number): return constant(number)
        case .text(let text): return TypedNode(kind: .text(text), type: .text)
        case .boolean(let value): return TypedNode(kind: .boolean(value), type: .boolean)
        case .date(let day): return TypedNode(kind: .date(day), type: .date)
        case .null: return TypedNode(kind: .null, type: .text)
        case .column(let name):
            guard let position = schema.column(name) else {
                throw ExpressionError(
                    .unknownColumn(name.shortened, nearest: Nearest.name(to: name, in: schema.columnNames)),
                    at: node.position)
            }
            return TypedNode(kind: .column(position), type: schema.columns[position].type)
        case .threshold(let name):
            guard let position = schema.threshold(name) else {
                let names = schema.thresholds.map(\.name)
                throw ExpressionError(
                    .unknownThreshold(name.shortened, nearest: Nearest.name(to: name, in: names)), at: node.position)
            }
            return TypedNode(kind: .threshold(position), type: schema.thresholds[position].type)
        case .negated(let operand):
            let value = try number(operand)
            return derived(.negated(value), value.type, [value], isNeverZero: value.isNeverZero)
        case .not(let operand):
            let value = try boolean(operand)
            return derived(.not(value), .boolean, [value])
        case .binary(let name, let left, let right): return try binary(name, left, right, at: node.position)
        case .and(let parts):
            let values = try each(parts) { (part) throws(ExpressionError) in try boolean(part) }
            return derived(.and(values), .boolean, values)
        case .or(let parts):
            let values = try each(parts) { (part) throws(ExpressionError) in try boolean(part) }
            return derived(.or(values), .boolean, values)
        case .isIn(let operand, let items, let isNegated):
            return negatedIf(isNegated, try membership(operand, items))
        case .between(let operand, let low, let high, let isNegated):
            let values = try comparable([operand, low, high])
            return negatedIf(isNegated, derived(.between(values[0], values[1], values[2]), .boolean, values))
        case .like(let operand, let pattern, let isNegated):
            let value = try text(operand)
            return negatedIf(isNegated, derived(.like(value, pattern), .boolean, [value]))
        case .isNull(let operand, let isNegated):
            let value = try check(operand)
            return negatedIf(isNegated, derived(.isNull(value), .boolean, [value]))
        case .isDistinct(let left, let right, let isNegated):
            let values = try comparable([left, right])
            return negatedIf(isNegated, derived(.isDistinct(values[0], values[1]), .boolean, values))
        case .cases(let subject, let branches, let otherwise):
            return try cases(subject, branches, otherwise, at: node.position)
        case .call(let name, let arguments): return try call(name, arguments, at: node.position)
        }
    }

    // MARK: Making nodes

    func constant(_ number: ExactNumber) -> TypedNode {
        TypedNode(
            kind: .number(number.units), type: .number(NumberType(scale: number.scale, bound: abs(number.units))),
            isNeverZero: number.units != 0)
    }

    func derived(
        _ kind: TypedNode.Kind, _ type: ValueType, _ parts: [TypedNode], own: Failures = [], isNeverZero: Bool = false
    ) -> TypedNode {
        let failures = parts.reduce(own) { $0.union($1.failures) }
        return TypedNode(kind: kind, type: type, failures: failures, ownFailures: own, isNeverZero: isNeverZero)
    }

    func negatedIf(_ isNegated: Bool, _ node: TypedNode) -> TypedNode {
        isNegated ? derived(.not(node), .boolean, [node]) : node
    }

    /// `map` that keeps the error's type.
    func each<Element>(
        _ elements: [Element], _ body: (Element) throws(ExpressionError) -> TypedNode
    ) throws(ExpressionError) -> [TypedNode] {
        var result: [TypedNode] = []
        result.reserveCapacity(elements.count)
        for element in elements { result.append(try body(element)) }
        return result
    }

    // MARK: Wanted types

    /// A NULL becomes one of a type; a number gets its scale.
    func typed(_ node: TypedNode, as type: ValueType) -> TypedNode {
        if node.isNullLiteral { return TypedNode(kind: .null, type: type) }
        guard let have = node.type.number, let wanted = type.number, have.scale < wanted.scale else { return node }
        let rescaled = have.rescaled(to: wanted.scale)
        if case .number(let units) = node.kind {
            return TypedNode(
                kind: .number(units * PowerOfTen.value(wanted.scale - have.scale)), type: .number(rescaled),
                isNeverZero: node.isNeverZero)
        }
        return derived(.rescaled(node), .number(rescaled), [node], isNeverZero: node.isNeverZero)
    }

    private func value(_ node: SyntaxNode, like type: ValueType) throws(ExpressionError) -> TypedNode {
        let value = try check(node)
        if value.isNullLiteral { return typed(value, as: type) }
        guard value.type.isAlike(type) else {
            throw ExpressionError(.wrongType(found: value.type.name, expected: type.name), at: node.position)
        }
        return value
    }

    func number(_ node: SyntaxNode) throws(ExpressionError) -> TypedNode {
        try value(node, like: .number(NumberType(scale: 0, bound: 0)))
    }

    func text(_ node: SyntaxNode) throws(ExpressionError) -> TypedNode { try value(node, like: .text) }

    func boolean(_ node: SyntaxNode) throws(ExpressionError) -> TypedNode { try value(node, like: .boolean) }

    /// Parts of one type, whichever it is: numbers come out with one scale. NULLs take the type of the others.
    func unified(_ nodes: [SyntaxNode], otherwise fallback: ValueType = .text) throws(ExpressionError) -> [TypedNode] {
        let values = try each(nodes) { (node) throws(ExpressionError) in try check(node) }
        guard let first = values.first(where: { !$0.isNullLiteral })?.type else {
            return values.map { typed($0, as: fallback) }
        }
        for (node, value) in zip(nodes, values) where !value.isNullLiteral && !value.type.isAlike(first) {
            throw ExpressionError(.wrongType(found: value.type.name, expected: first.name), at: node.position)
        }
        let common = TypeChecker.common(values.filter { !$0.isNullLiteral }.map(\.type)) ?? first
        return values.map { typed($0, as: common) }
    }

    /// The scale and the bound that hold all of them, where they are numbers.
    static func common(_ types: [ValueType]) -> ValueType? {
        let numbers = types.compactMap(\.number)
        guard let scale = numbers.map(\.scale).max() else { return types.first }
        return .number(NumberType(scale: scale, bound: numbers.map { $0.rescaled(to: scale).bound }.max() ?? 0))
    }

    /// Parts of one type that have an order: all but conditions.
    func comparable(_ nodes: [SyntaxNode]) throws(ExpressionError) -> [TypedNode] {
        let values = try unified(nodes)
        for (node, value) in zip(nodes, values) where value.type == .boolean {
            throw ExpressionError(
                .wrongType(found: value.type.name, expected: Phrase("数字、文本或日期", "a number, text or a day")),
                at: node.position)
        }
        return values
    }

    private func abs(_ units: Int128) -> Int128 { units < 0 ? -units : units }
}
