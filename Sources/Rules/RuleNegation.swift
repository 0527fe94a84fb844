public import Core
internal import Expressions

extension RuleBook {
    /// The same rules with the conditions of one turned round: what was wrong is right and what was right is wrong. What
    /// is unknown stays unknown. `nil` where no condition decides the rule.
    ///
    /// If the examples of a rule do not notice this, they say nothing about it.
    public func negating(_ rule: RuleID) -> RuleBook? {
        guard let tables = conditions[rule], tables.values.contains(where: { !$0.isEmpty }) else { return nil }
        var negated = self
        let names = parameters.thresholds.keys.sorted()
        for (table, checked) in tables {
            let schema = ConditionSchema(table, thresholds: names)
            for (index, condition) in checked.enumerated() {
                let text = "NOT (\(condition.expression.canonicalText))"
                guard let turned = try? TypedExpression(condition: text, schema: schema.expressions) else { return nil }
                negated.conditions[rule]?[table]?[index].expression = turned
            }
        }
        return negated
    }
}

extension Rule {
    /// Whether no submission can be judged by it, because it speaks of columns that no table has.
    public var isNeverApplicable: Bool { needs?.contains { $0.reasonForAll != nil } ?? false }
}
