internal import Core

extension SQLGenerator {
    /// A condition that cannot fail, as SQL's boolean.
    func condition(_ node: TypedNode) -> GeneratedSQL {
        switch node.kind {
        case .boolean(let value): return value ? "TRUE" : "FALSE"
        case .null, .column, .threshold: return leaf(node)
        case .comparison(let comparison, let a, let b):
            let isOrder = comparison != .equal && comparison != .notEqual
            let left = isOrder && a.type == .text ? ordered(a) : scalar(a)
            return "(\(left) \(GeneratedSQL(comparison.rawValue)) \(scalar(b)))"
        case .and(let parts): return "(\(parts.map(condition).joined(separator: " AND ")))"
        case .or(let parts): return "(\(parts.map(condition).joined(separator: " OR ")))"
        case .not(let operand): return "(NOT \(condition(operand)))"
        case .isIn(let operand, let items):
            return "(\(scalar(operand)) IN (\(items.map(scalar).joined(separator: ", "))))"
        case .between(let operand, let low, let high):
            let value = operand.type == .text ? ordered(operand) : scalar(operand)
            return "(\(value) BETWEEN \(scalar(low)) AND \(scalar(high)))"
        case .like(let operand, let pattern):
            let escape = GeneratedSQL(SQLLiteral.quoted(pattern.escape.map { String($0) } ?? ""))
            return "(\(scalar(operand)) LIKE \(GeneratedSQL(SQLLiteral.quoted(pattern.text))) ESCAPE \(escape))"
        case .isNull(let operand): return "(\(scalar(operand)) IS NULL)"
        case .isDistinct(let a, let b): return "(\(scalar(a)) IS DISTINCT FROM \(scalar(b)))"
        case .cases, .match: return "(\(choice(node, condition)))"
        case .coalesce(let parts): return "COALESCE(\(parts.map(condition).joined(separator: ", ")))"
        case .check(let check, let operand): return call(check.functionName, scalar(operand))
        case .number, .text, .date, .rescaled, .negated, .absolute, .rounded, .sum, .difference, .product, .quotient,
            .dayDifference, .nullIf, .extreme, .length, .transformed, .substring, .concatenated, .similarity:
            return scalar(node)
        }
    }

    /// A condition as one of four numbers: 0 false, 1 failed, 2 unknown, 3 true.
    func code(_ node: TypedNode) -> GeneratedSQL {
        guard node.isFailing else {
            return "CASE \(condition(node)) WHEN TRUE THEN 3 WHEN FALSE THEN 0 ELSE 2 END"
        }
        switch node.kind {
        case .comparison(let comparison, let a, let b):
            func when(_ order: Int) -> String { "WHEN \(order) THEN \(comparison.holds(order) ? 3 : 0) " }
            let cases = GeneratedSQL([when(-1), when(0), when(1)].joined() + "WHEN 'NaN' THEN 1 ELSE 2 END")
            return "CASE sign(\(scalar(a)) - \(scalar(b))) \(cases)"
        case .and(let parts): return "LEAST(\(parts.map(code).joined(separator: ", ")))"
        case .or(let parts):
            return negated("LEAST(\(parts.map { negated(code($0)) }.joined(separator: ", ")))")
        case .not(let operand): return negated(code(operand))
        case .isIn(let operand, let items): return membership(operand, items)
        case .between(let operand, let low, let high):
            return call("between", scalar(operand), scalar(low), scalar(high))
        case .isNull(let operand):
            guard operand.type != .boolean else { return "(ARRAY[0, 1, 3, 0])[\(code(operand)) + 1]" }
            return "CASE COALESCE(sign(\(scalar(operand))), 2) WHEN 2 THEN 3 WHEN 'NaN' THEN 1 ELSE 0 END"
        case .isDistinct(let a, let b): return call("is_distinct", scalar(a), scalar(b))
        case .cases, .match: return choice(node, code)
        case .coalesce(let parts):
            return "COALESCE(\(parts.map { "NULLIF(\(code($0)), 2)" }.joined(separator: ", ")), 2)"
        default: return "2"
        }
    }

    private func negated(_ code: GeneratedSQL) -> GeneratedSQL { "(ARRAY[3, 1, 2, 0])[\(code) + 1]" }

    /// The items cannot fail. 10⁴⁰, which no number is, stands for NULL, so that the operand is written once.
    private func membership(_ operand: TypedNode, _ items: [TypedNode]) -> GeneratedSQL {
        let values = items.map(scalar)
        let columns = items.filter(\.isColumn).map(scalar)
        var failed: GeneratedSQL = "1"
        var other: GeneratedSQL = "0"
        if !columns.isEmpty {
            other = "CASE WHEN \(columns.map { "\($0) IS NULL" }.joined(separator: " OR ")) THEN 2 ELSE 0 END"
        }
        if columns.count == items.count {
            failed = "CASE WHEN \(columns.map { "\($0) IS NULL" }.joined(separator: " AND ")) THEN 2 ELSE 1 END"
        }
        let matches = values.map { "WHEN \($0) THEN 3" as GeneratedSQL }.joined(separator: " ")
        return """
            CASE COALESCE(\(scalar(operand)), 1e40) WHEN 'NaN'::numeric THEN \(failed) WHEN 1e40 THEN 2 \
            \(matches) ELSE \(other) END
            """
    }

    // MARK: Reasons

    /// Why a part failed, as text; NULL where it did not.
    func reason(_ node: TypedNode) -> GeneratedSQL {
        guard node.isFailing else { return "NULL::text" }
        let name: GeneratedSQL
        switch node.failures {
        case .divisionByZero: name = "'division_by_zero'"
        case .overflow: name = "'overflow'"
        default: name = "CASE WHEN \(hasDivided(node)) THEN 'division_by_zero' ELSE 'overflow' END"
        }
        return "CASE WHEN \(hasFailed(node)) THEN \(name) END"
    }

    private func hasFailed(_ node: TypedNode) -> GeneratedSQL {
        node.type == .boolean ? "\(code(node)) = 1" : "\(scalar(node)) = 'NaN'::numeric"
    }

    /// Whether a part failed, and a division by zero is among the failures that made it fail; never NULL.
    private func hasDivided(_ node: TypedNode) -> GeneratedSQL {
        guard node.failures.contains(.divisionByZero) else { return "FALSE" }
        func any(_ parts: [TypedNode]) -> GeneratedSQL {
            let failing = parts.filter { $0.failures.contains(.divisionByZero) }
            return failing.isEmpty ? "FALSE" : "(\(failing.map(hasDivided).joined(separator: " OR ")))"
        }
        switch node.kind {
        case .quotient(let a, let b):
            // Neither is NULL where the quotient failed.
            return "COALESCE(\(hasFailed(node)) AND (\(scalar(b)) = 0 OR \(any([a, b]))), FALSE)"
        case .cases(let branches, let otherwise):
            var sql = hasDivided(otherwise)
            for branch in branches.reversed() {
                sql = """
                    CASE \(code(branch.condition)) WHEN 3 THEN \(hasDivided(branch.result)) \
                    WHEN 1 THEN \(hasDivided(branch.condition)) ELSE \(sql) END
                    """
            }
            return sql
        case .match(let operand, let branches, let otherwise):
            var sql: GeneratedSQL = "CASE \(scalar(operand))"
            if operand.isFailing { sql = sql + " WHEN 'NaN'::numeric THEN \(hasDivided(operand))" }
            for branch in branches { sql = sql + " WHEN \(scalar(branch.condition)) THEN \(hasDivided(branch.result))" }
            return sql + " ELSE \(hasDivided(otherwise)) END"
        case .coalesce(let parts):
            guard let first = parts.first else { return "FALSE" }
            guard parts.count > 1 else { return hasDivided(first) }
            var rest = node
            rest.kind = .coalesce(Array(parts.dropFirst()))
            let isNull: GeneratedSQL =
                first.type == .boolean ? "\(code(first)) = 2" : "\(scalar(first)) IS NULL"
            return "CASE WHEN \(isNull) THEN \(hasDivided(rest)) ELSE \(hasDivided(first)) END"
        default: return "COALESCE(\(hasFailed(node)) AND \(any(node.children)), FALSE)"
        }
    }
}

extension CheckDigit {
    var functionName: String {
        switch self {
        case .organization: "org_code_check"
        case .standard: "standard_code_check"
        case .credit: "credit_code_check"
        }
    }
}
