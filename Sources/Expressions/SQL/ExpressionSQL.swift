/// An expression as SQL for PostgreSQL 15 and later. No row makes a statement with it fail.
///
/// It calls functions that `FunctionLibrary` defines, in the schema that is named.
public struct ExpressionSQL: Sendable {
    /// The value. A condition is NULL where it is unknown or not evaluable; a number that is not evaluable is NaN.
    public let value: GeneratedSQL
    /// Why the expression is not evaluable on a row: `'division_by_zero'`, `'overflow'`, or NULL where it is evaluable.
    /// It costs little where the value is there; `NULL::text` where the expression cannot fail.
    public let reason: GeneratedSQL
    /// Whether the value of a condition can be used as it is where the failures are looked at apart.
    public let canFail: Bool

    /// Generates SQL with the values of the thresholds, which become parameters.
    public init(
        _ expression: TypedExpression, thresholds: [String: ExpressionValue] = [:], functionSchema: String
    ) throws(ExpressionError) {
        var values: [Int: ExpressionValue] = [:]
        for position in expression.usedThresholds {
            let threshold = expression.schema.thresholds[position]
            guard let value = thresholds[threshold.name], value.fits(threshold.type) else {
                throw ExpressionError(.badThresholdValue(threshold.name), at: SourcePosition(line: 1, column: 1))
            }
            values[position] = value
        }
        let generator = SQLGenerator(
            schema: expression.schema, thresholds: values, functions: SQLLiteral.identifier(functionSchema))
        canFail = expression.root.isFailing
        value = generator.value(expression.root)
        reason = generator.reason(expression.root)
    }
}
