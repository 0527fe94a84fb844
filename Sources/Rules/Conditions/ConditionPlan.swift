public import Core
internal import Expressions
internal import Synchronization

/// All conditions of a rule book with the thresholds of one day, ready to be run over any number of files.
///
/// Conditions of a table that can be judged in a file make one program, which reads each column once. Programs and the
/// memory they run in are made once and used again for the next file: a night has ten thousand of them.
public final class ConditionPlan: Sendable {
    struct Planned: Sendable {
        var rule: RuleID
        var checked: CheckedCondition
        var levels: [Int]
        /// Why it is said of no row of this run.
        var absence: NotApplicable?
        /// Relations without which it says nothing, in a fixed order.
        var needs: [Relation]
        /// What its findings show.
        var showNames: [String]

        init(rule: RuleID, checked: CheckedCondition, levels: [Int]) {
            self.rule = rule
            self.checked = checked
            self.levels = levels
            needs = checked.needs.sorted { $0.rawValue < $1.rawValue }
            showNames = checked.shows.map(\.name)
        }
    }

    struct Table: Sendable {
        var schema: ConditionSchema
        var conditions: [Planned]
        /// Rules that can be said of a row without any other row of its submission.
        var own: Set<RuleID> = []

        init(schema: ConditionSchema, conditions: [Planned]) {
            self.schema = schema
            self.conditions = conditions
            let fixed = Set(Relation.allCases).subtracting([.catalogue])
            let others = conditions.filter { planned in
                let used = ConditionPlan.expressions(of: planned.checked).flatMap(\.usedColumns)
                return !planned.checked.needs.isSubset(of: fixed)
                    || used.contains {
                        $0 >= schema.ownCount && !fixed.contains(schema.joined[$0 - schema.ownCount].relation)
                    }
            }
            own = Set(conditions.map(\.rule)).subtracting(others.map(\.rule))
        }
    }

    struct BenchKey: Hashable {
        var table: DataTable
        var chosen: [Int]
    }

    private let tables: [DataTable: Table]
    let thresholds: [String: ExpressionValue]
    private let benches = Mutex<[BenchKey: [ConditionBench]]>([:])

    /// A plan for one day and for periods of one length.
    public init(_ rules: RuleBook, businessDate: CalendarDay) {
        let values = rules.parameters.values(on: businessDate.description)
        let names = rules.parameters.thresholds.keys.sorted()
        var tables: [DataTable: Table] = [:]
        for table in DataTable.allCases {
            let schema = ConditionSchema(table, thresholds: names)
            var planned: [Planned] = []
            for rule in rules.sorted {
                for checked in rules.conditions[rule.id]?[table] ?? [] {
                    var entry = Planned(rule: rule.id, checked: checked, levels: rule.scope.levels)
                    let used = ConditionPlan.expressions(of: checked).flatMap(\.usedThresholds)
                    if used.contains(where: { values[schema.expressions.thresholds[$0].name] == nil }) {
                        entry.absence = .noThreshold
                    }
                    planned.append(entry)
                }
            }
            tables[table] = Table(schema: schema, conditions: planned)
        }
        self.tables = tables
        thresholds = values
    }

    static func expressions(of condition: CheckedCondition) -> [TypedExpression] {
        [condition.expression] + (condition.softening.map { [$0.expression] } ?? []) + condition.shows.map(\.expression)
    }

    func table(_ table: DataTable) -> Table? { tables[table] }

    /// A bench for some of the conditions of a table: one that is free, or a new one.
    func takeBench(_ table: DataTable, _ chosen: [Int]) -> ConditionBench? {
        let key = BenchKey(table: table, chosen: chosen)
        if let bench = benches.withLock({ $0[key]?.popLast() }) { return bench }
        guard let plan = tables[table] else { return nil }
        return ConditionBench(key: key, plan, thresholds: thresholds)
    }

    /// Gives a bench back for the next file.
    func giveBack(_ bench: ConditionBench) {
        benches.withLock { $0[bench.key, default: []].append(bench) }
    }
}

/// The programs for some conditions of a table and the memory they run in; used by one thread at a time.
struct ConditionBench: Sendable {
    let key: ConditionPlan.BenchKey
    /// Runs all conditions, then all softenings.
    var conditions: Evaluator
    /// Where a condition's softening stands among the results; `nil` where it has none.
    let softenings: [Int?]
    /// Runs what the findings of a condition show; made when it has its first.
    var shows: [Evaluator?]
    var columns: ColumnBatch
    /// Which columns hold the values of the batch.
    var isFilled: [Bool]
    var numbers: [Relation: [Int32]] = [:]

    init?(key: ConditionPlan.BenchKey, _ plan: ConditionPlan.Table, thresholds: [String: ExpressionValue]) {
        let chosen = key.chosen.map { plan.conditions[$0].checked }
        var expressions = chosen.map(\.expression)
        var softenings: [Int?] = []
        for condition in chosen {
            softenings.append(condition.softening == nil ? nil : expressions.count)
            if let softening = condition.softening { expressions.append(softening.expression) }
        }
        guard !expressions.isEmpty, let program = try? Program(expressions, thresholds: thresholds) else { return nil }
        self.key = key
        conditions = Evaluator(program)
        self.softenings = softenings
        shows = Array(repeating: nil, count: chosen.count)
        let count = plan.schema.expressions.columns.count
        columns = ColumnBatch(columnCount: count)
        isFilled = Array(repeating: false, count: count)
    }
}

extension RuleParameters {
    /// All thresholds in force on a day.
    func values(on day: String) -> [String: ExpressionValue] {
        var values: [String: ExpressionValue] = [:]
        for (name, dated) in thresholds {
            guard let text = dated.filter({ $0.key <= day }).max(by: { $0.key < $1.key })?.value,
                let number = ExactNumber(text)
            else { continue }
            values[name] = .number(number)
        }
        return values
    }
}
