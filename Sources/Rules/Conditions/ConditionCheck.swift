public import Core
internal import Expressions

/// Judges the rows of one file by the conditions of the rule files: one pass over each batch for all of them.
///
/// Where a condition is true there is an observation like those of the other checks. Where it is unknown or cannot be
/// said the row is counted as not applicable, with the reason: it neither passes nor fails.
public struct ConditionCheck: ~Copyable {
    /// Which rules a check judges by.
    public enum Part: Sendable {
        /// All that there are.
        case all
        /// Those that can be said of a row without any other row of its submission.
        case own
        /// The others.
        case joined
    }

    private let plan: ConditionPlan
    private let context: CheckContext
    private let table: ConditionPlan.Table
    private let dataSet: DataSet
    /// The conditions that can be judged in this file.
    private let chosen: [ConditionPlan.Planned]
    /// The others, and why.
    private let absences: [(rule: RuleID, reason: NotApplicable)]
    private var bench: ConditionBench?

    /// A check for one file.
    /// - Parameter present: the positions of the columns the file has.
    public init(
        _ plan: ConditionPlan, _ dataSet: DataSet, context: CheckContext, scopes: [RuleID: RuleScope],
        joined: some JoinedRows, present: Set<Int>, part: Part = .all
    ) {
        self.plan = plan
        self.context = context
        self.dataSet = dataSet
        let table =
            plan.table(dataSet.table)
            ?? ConditionPlan.Table(
                schema: ConditionSchema(dataSet.table, thresholds: []), conditions: [])
        self.table = table
        let level = context.institutions?[context.senderCode]?.level
        var positions: [Int] = []
        var chosen: [ConditionPlan.Planned] = []
        var absences: [RuleID: NotApplicable] = [:]
        for (position, planned) in table.conditions.enumerated()
        where part == .all || table.own.contains(planned.rule) == (part == .own) {
            let reason =
                planned.absence ?? ConditionCheck.scopeReason(scopes[planned.rule], context.period, level)
                ?? ConditionCheck.missing(planned, table.schema, present)
                ?? planned.checked.needs.sorted { $0.rawValue < $1.rawValue }.lazy.compactMap {
                    ConditionCheck.absence(of: $0, context, joined)
                }.first
            if let reason {
                absences[planned.rule] = reason
            } else {
                positions.append(position)
                chosen.append(planned)
            }
        }
        self.chosen = chosen
        let judged = Set(chosen.map(\.rule))
        self.absences = absences.filter { !judged.contains($0.key) }.map { ($0.key, $0.value) }
        bench = positions.isEmpty ? nil : plan.takeBench(dataSet.table, positions)
    }

    private static func scopeReason(_ scope: RuleScope?, _ period: Period, _ level: Int?) -> NotApplicable? {
        guard let scope else { return nil }
        guard scope.contains(period) else { return .outOfScope }
        guard !scope.levels.isEmpty else { return nil }
        guard let level else { return .without(.institution) }
        return scope.levels.contains(level) ? nil : .outOfScope
    }

    private static func missing(
        _ planned: ConditionPlan.Planned, _ schema: ConditionSchema, _ present: Set<Int>
    ) -> NotApplicable? {
        let own = planned.checked.expression.usedColumns.filter { $0 < schema.ownCount }
        return own.allSatisfy(present.contains) ? nil : .missingColumn
    }

    private static func absence(
        of relation: Relation, _ context: CheckContext, _ joined: some JoinedRows
    ) -> NotApplicable? {
        switch relation {
        case .period: nil
        case .institution:
            context.institutions == nil
                ? .without(.institution)
                : context.institutions?[context.senderCode] == nil ? .unjoined(.institution) : nil
        default: joined.absence(of: relation)
        }
    }

    /// Gives what it worked with back for the next file.
    public consuming func finish() {
        if let bench { plan.giveBack(bench) }
    }

    /// What is wrong in the rows of a batch, and what could be judged.
    public mutating func observations(
        in batch: borrowing RowBatch, _ typed: borrowing TypedBatch, joined: some JoinedRows,
        tally: inout RuleTally
    ) -> [Observation] {
        var isData: [Bool] = []
        isData.reserveCapacity(batch.rows.count)
        var dataRows = 0
        for row in batch.rows.indices {
            let counts = batch.rows[row].isData
            isData.append(counts)
            if counts { dataRows += 1 }
        }
        for (rule, reason) in absences { tally.notApplicable(rule, reason, dataRows) }
        guard dataRows > 0, var bench = bench.take() else { return [] }
        let filling = ColumnFilling(schema: table.schema, context: context)
        filling.begin(&bench, batch)
        for position in bench.conditions.program.usedColumns {
            filling.fill(position, &bench, batch, typed, joined)
        }
        bench.conditions.evaluate(&bench.columns)
        var sink = ObservationSink()
        count(bench, isData, &tally)
        for index in chosen.indices {
            // Written out, for a closure would copy the bench for each condition.
            var rows: [(row: Int, severity: Severity?)] = []
            for row in bench.conditions.trueRows(of: index) where isData[row] && isKnown(row, index, bench) {
                rows.append((row, severity(of: index, row: row, bench)))
            }
            if rows.isEmpty { continue }
            let shows = shows(index, &bench, filling, batch, typed, joined)
            let planned = chosen[index]
            for (row, severity) in rows { add(planned, shows, row: row, severity, bench.columns, batch, &sink) }
        }
        self.bench = bench
        return sink.ordered
    }

    /// Whether it can be said of a row whether it has the joined rows that a condition needs.
    private func isKnown(_ row: Int, _ index: Int, _ bench: borrowing ConditionBench) -> Bool {
        for relation in chosen[index].needs {
            if let numbers = bench.numbers[relation], numbers[row] == JoinedRow.unknown { return false }
        }
        return true
    }

    private func severity(of index: Int, row: Int, _ bench: borrowing ConditionBench) -> Severity? {
        guard let position = bench.softenings[index],
            bench.conditions.outcome(row: row, of: position) == .value(true)
        else { return nil }
        return chosen[index].checked.softening?.severity
    }

    // MARK: Findings

    /// What the findings of a condition show, run over the batch; `nil` where they show nothing.
    private func shows(
        _ index: Int, _ bench: inout ConditionBench, _ filling: ColumnFilling,
        _ batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ joined: some JoinedRows
    ) -> Evaluator? {
        guard !chosen[index].showNames.isEmpty else { return nil }
        if bench.shows[index] == nil {
            let expressions = chosen[index].checked.shows.map(\.expression)
            bench.shows[index] = (try? Program(expressions, thresholds: plan.thresholds)).map { Evaluator($0) }
        }
        guard var shows = bench.shows[index].take() else { return nil }
        for position in shows.program.usedColumns { filling.fill(position, &bench, batch, typed, joined) }
        shows.evaluate(&bench.columns)
        bench.shows[index] = shows
        return shows
    }

    private func add(
        _ planned: borrowing ConditionPlan.Planned, _ shows: Evaluator?, row: Int, _ severity: Severity?,
        _ columns: borrowing ColumnBatch, _ batch: borrowing RowBatch, _ sink: inout ObservationSink
    ) {
        var details: [String: String] = [:]
        var value: String?
        var expected: String?
        for position in planned.showNames.indices {
            let name = planned.showNames[position]
            var shown: String?
            if let shows, case .value(let value) = shows.value(row: row, of: position, in: columns) {
                shown = value.shown
            }
            switch name {
            case "value": value = shown
            case "expected": expected = shown
            // The sentence names it; what the library does not know is shown as a dash.
            default: details[name] = (shown ?? "—").cut()
            }
        }
        sink.add(
            planned.rule, batch, row: row, column: planned.checked.column, value: value, expected: expected?.cut(),
            details: details, severity: severity)
    }

    // MARK: Counting

    private func count(_ bench: borrowing ConditionBench, _ isData: [Bool], _ tally: inout RuleTally) {
        var start = 0
        while start < chosen.count {
            var end = start + 1
            while end < chosen.count, chosen[end].rule == chosen[start].rule { end += 1 }
            count(start..<end, bench, isData, &tally)
            start = end
        }
    }

    /// Counts the rows of a rule's conditions: a row counts as evaluated where any of them can be said.
    private func count(
        _ range: Range<Int>, _ bench: borrowing ConditionBench, _ isData: [Bool], _ tally: inout RuleTally
    ) {
        let rule = chosen[range.lowerBound].rule
        let hasUnknown = range.contains { index in
            chosen[index].needs.contains { bench.numbers[$0]?.contains(JoinedRow.unknown) ?? false }
        }
        if range.count == 1, !hasUnknown {
            let counts = bench.conditions.counts(of: range.lowerBound)
            if counts.unknown == 0, counts.notEvaluable.isEmpty, !isData.contains(false) {
                return tally.evaluated(rule, counts.isTrue + counts.isFalse)
            }
        }
        let reasons = RowReasons(of: range, needs: { chosen[$0].needs }, bench, isData: isData)
        tally.evaluated(rule, reasons.evaluated)
        for (reason, rows) in reasons.notApplicable { tally.notApplicable(rule, reason, rows) }
    }
}

extension ExpressionValue {
    /// As a finding shows it.
    fileprivate var shown: String {
        switch self {
        case .number(let number): number.description
        case .text(let text): text
        case .date(let day): day.description
        case .boolean(let value): value ? "1" : "0"
        }
    }
}
