public import Core
internal import Expressions

/// A condition as it is run, for people who want to know.
public struct ExplainedCondition: Sendable {
    /// The table whose rows it is about.
    public var table: DataTable
    /// The column that a finding points at.
    public var column: String
    /// In its one spelling.
    public var expression: String
    /// The columns it reads, those of joined tables with their name.
    public var inputs: [String]
    /// The type it was compiled to.
    public var type: Phrase
    /// Whether there can be rows on which it is not evaluable: a division by zero, an overflow.
    public var canFail: Bool
    /// The same in PostgreSQL, with the thresholds of a day; functions of the schema `yaoce`.
    public var sql: String
}

extension RuleBook {
    /// The conditions of a rule for each table, with the thresholds in force on a day (`yyyy-MM-dd`).
    public func explainedConditions(of rule: RuleID, on day: String) -> [ExplainedCondition] {
        let names = parameters.thresholds.keys.sorted()
        let values = parameters.values(on: day)
        return (conditions[rule] ?? [:]).sorted { $0.key < $1.key }.flatMap { table, checked in
            let schema = ConditionSchema(table, thresholds: names)
            return checked.map { condition in
                let expression = condition.expression
                let sql = try? ExpressionSQL(expression, thresholds: values, functionSchema: "yaoce")
                return ExplainedCondition(
                    table: table, column: DataSet.of(table).columns[condition.column].name,
                    expression: expression.canonicalText,
                    inputs: expression.usedColumns.map { schema.expressions.columns[$0].name },
                    type: expression.type.name, canFail: !expression.failures.isEmpty,
                    sql: sql?.value.inlined
                        ?? "— \(expression.usedThresholds.map { names[$0] }.joined(separator: ", "))")
            }
        }
    }
}
