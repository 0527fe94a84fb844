internal import Core

/// Writes SQL for the parts of an expression.
///
/// Parts that cannot fail are plain SQL. Where a part can, a number carries its failure as NaN, which arithmetic passes
/// on (and NULL wins over, as it must), and a condition is one of four numbers: 0 false, 1 failed, 2 unknown, 3 true.
/// Then AND is LEAST, NOT exchanges 0 and 3, OR follows from both, and every part is written only once, so that the SQL
/// grows as the expression does. Division and the check on overflow are functions for the same reason.
struct SQLGenerator {
    let schema: ExpressionSchema
    let thresholds: [Int: ExpressionValue]
    /// The quoted schema of the functions.
    let functions: String

    static let isFailed = GeneratedSQL("1")

    func call(_ name: String, _ arguments: GeneratedSQL...) -> GeneratedSQL {
        "\(trusted: functions).\(trusted: name)(\(arguments.joined(separator: ", ")))"
    }

    func sqlType(_ type: ValueType) -> String {
        switch type {
        case .text: "text"
        case .date: "date"
        case .boolean: "boolean"
        case .number: "numeric"
        }
    }

    /// The value: for a condition SQL's boolean, NULL where it failed.
    func value(_ node: TypedNode) -> GeneratedSQL {
        if node.type == .boolean {
            return node.isFailing ? "(ARRAY[FALSE, NULL, NULL, TRUE])[\(code(node)) + 1]" : condition(node)
        }
        return scalar(node)
    }

    // MARK: Numbers, texts and days

    func scalar(_ node: TypedNode) -> GeneratedSQL {
        switch node.kind {
        case .null: return "NULL::\(trusted: sqlType(node.type))"
        case .number(let units):
            let number = ExactNumber(unchecked: units, scale: node.type.number?.scale ?? 0)
            return GeneratedSQL(SQLLiteral.text(of: .number(number)))
        case .text(let text): return GeneratedSQL(SQLLiteral.text(of: .text(text)))
        case .date(let day): return GeneratedSQL(SQLLiteral.text(of: .date(day)))
        case .column, .threshold: return leaf(node)
        case .rescaled(let operand): return scalar(operand)
        case .negated(let operand): return "(- \(scalar(operand)))"
        case .absolute(let operand): return "abs(\(scalar(operand)))"
        case .rounded(let operand):
            return bounded(node, "round(\(scalar(operand)), \(node.type.number?.scale ?? 0))")
        case .sum(let a, let b): return bounded(node, "(\(scalar(a)) + \(scalar(b)))")
        case .difference(let a, let b): return bounded(node, "(\(scalar(a)) - \(scalar(b)))")
        case .product(let a, let b):
            let product: GeneratedSQL = "(\(scalar(a)) * \(scalar(b)))"
            let scale = (a.type.number?.scale ?? 0) + (b.type.number?.scale ?? 0)
            return bounded(
                node,
                scale > NumberType.maximumScale
                    ? "round(\(product), \(NumberType.maximumScale))" : product)
        case .quotient(let a, let b): return call("quotient", scalar(a), scalar(b))
        case .dayDifference(let a, let b): return "(\(scalar(a)) - \(scalar(b)))::numeric"
        case .cases, .match: return choice(node) { scalar($0) }
        case .coalesce(let parts): return "COALESCE(\(parts.map(scalar).joined(separator: ", ")))"
        case .nullIf(let a, let b):
            return node.isFailing
                ? call("null_if", scalar(a), scalar(b)) : "NULLIF(\(scalar(a)), \(scalar(b)))"
        case .extreme(let isGreatest, let parts): return extreme(node, isGreatest, parts)
        case .length(let operand): return "char_length(\(scalar(operand)))::numeric"
        case .transformed(let transformation, let operand): return transformed(transformation, scalar(operand))
        case .substring(let operand, let slice): return self.slice(slice, scalar(operand))
        case .concatenated(let a, let b): return "(\(scalar(a)) || \(scalar(b)))"
        case .similarity(let a, let b): return call("similarity", scalar(a), scalar(b))
        case .boolean, .comparison, .and, .or, .not, .isIn, .between, .like, .isNull, .isDistinct, .check:
            return condition(node)
        }
    }

    /// Columns are cast where their type is not the one computed with; a cast to the type they have is nothing.
    func leaf(_ node: TypedNode) -> GeneratedSQL {
        switch node.kind {
        case .column(let position):
            let path = schema.columns[position].sqlPath.map(SQLLiteral.identifier).joined(separator: ".")
            return "\(trusted: path)::\(trusted: sqlType(node.type))"
        case .threshold(let position):
            guard let value = thresholds[position] else { return "NULL::\(trusted: sqlType(node.type))" }
            return GeneratedSQL(value: value, sqlType: sqlType(node.type))
        default: return "NULL::\(trusted: sqlType(node.type))"
        }
    }

    private func bounded(_ node: TypedNode, _ sql: GeneratedSQL) -> GeneratedSQL {
        node.ownFailures.contains(.overflow) ? call("bounded", sql) : sql
    }

    private func extreme(_ node: TypedNode, _ isGreatest: Bool, _ parts: [TypedNode]) -> GeneratedSQL {
        // NaN is the greatest of numbers, so a failure always comes out of GREATEST; for LEAST the signs are changed.
        if node.isFailing, !isGreatest {
            return "(- GREATEST(\(parts.map { "(- \(scalar($0)))" }.joined(separator: ", "))))"
        }
        let list = parts.map { node.type == .text ? ordered($0) : scalar($0) }.joined(separator: ", ")
        return isGreatest ? "GREATEST(\(list))" : "LEAST(\(list))"
    }

    /// A text in the order of its code points.
    func ordered(_ node: TypedNode) -> GeneratedSQL { "(\(scalar(node)) COLLATE \"C\")" }

    private func transformed(_ transformation: TextTransformation, _ text: GeneratedSQL) -> GeneratedSQL {
        switch transformation {
        case .lower: "lower(\(text) COLLATE \"C\")"
        case .upper: "upper(\(text) COLLATE \"C\")"
        case .trim: "btrim(\(text), ' ')"
        case .canonical: call("canonical_text", text)
        }
    }

    private func slice(_ slice: TextSlice, _ text: GeneratedSQL) -> GeneratedSQL {
        switch slice {
        case .substring(let start, let length?): "substring(\(text), \(start), \(length))"
        case .substring(let start, nil): "substring(\(text), \(start))"
        case .left(let count): "left(\(text), \(count))"
        case .right(let count): "right(\(text), \(count))"
        }
    }

    // MARK: Choices

    /// What stands for a failure in a number or a coded condition.
    func failure(_ type: ValueType) -> GeneratedSQL { type == .boolean ? SQLGenerator.isFailed : "'NaN'::numeric" }

    /// CASE in both forms; `result` writes what comes of a branch.
    func choice(_ node: TypedNode, _ result: (TypedNode) -> GeneratedSQL) -> GeneratedSQL {
        switch node.kind {
        case .cases(let branches, let otherwise):
            // From the last branch to the first. A condition that may fail is looked at once: CASE code WHEN true … WHEN
            // failed … ELSE what follows; others share a CASE.
            var sql = result(otherwise)
            var whens: [GeneratedSQL] = []
            func close() {
                guard !whens.isEmpty else { return }
                sql = "CASE \(whens.reversed().joined(separator: " ")) ELSE \(sql) END"
                whens = []
            }
            for branch in branches.reversed() {
                if branch.condition.isFailing {
                    close()
                    sql = """
                        CASE \(code(branch.condition)) WHEN 3 THEN \(result(branch.result)) \
                        WHEN 1 THEN \(failure(node.type)) ELSE \(sql) END
                        """
                } else {
                    whens.append("WHEN \(condition(branch.condition)) THEN \(result(branch.result))")
                }
            }
            close()
            return sql
        case .match(let operand, let branches, let otherwise):
            var sql: GeneratedSQL = "CASE \(scalar(operand))"
            if operand.isFailing { sql = sql + " WHEN 'NaN'::numeric THEN \(failure(node.type))" }
            for branch in branches { sql = sql + " WHEN \(scalar(branch.condition)) THEN \(result(branch.result))" }
            return sql + " ELSE \(result(otherwise)) END"
        default: return result(node)
        }
    }
}
