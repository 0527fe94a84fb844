internal import Core

/// Runs a program over batches, one instruction after the other, each over a whole column.
///
/// An evaluator keeps its registers from batch to batch, so that numbers and conditions allocate nothing once the
/// largest batch was seen. It belongs to one thread.
public struct Evaluator: Sendable {
    /// What is run.
    public let program: Program
    /// How many rows the last batch had.
    public private(set) var rowCount = 0

    var numbers: [NumberRegister]
    var conditions: [[UInt8]]
    var texts: [TextRegister]
    var scratch = TextScratch()
    private var capacity = 0

    struct NumberRegister: Sendable {
        var values: [Int128] = []
        var states: [UInt8] = []
    }

    struct TextRegister: Sendable {
        var extents: [ColumnBatch.TextExtent] = []
        var isNull: [Bool] = []
    }

    /// An evaluator for a program.
    public init(_ program: Program) {
        self.program = program
        numbers = Array(repeating: NumberRegister(), count: program.numberCount)
        conditions = Array(repeating: [], count: program.conditionCount)
        texts = Array(repeating: TextRegister(), count: program.textCount)
    }

    /// Evaluates all rows of a batch.
    public mutating func evaluate(_ batch: inout ColumnBatch) {
        batch.dropResults()
        rowCount = batch.rowCount
        grow()
        placeTexts(&batch)
        for instruction in program.instructions { run(instruction, &batch) }
    }

    private mutating func grow() {
        guard rowCount > capacity else { return }
        capacity = rowCount
        for index in numbers.indices {
            numbers[index] = NumberRegister(
                values: Array(repeating: 0, count: capacity), states: Array(repeating: 0, count: capacity))
        }
        for index in conditions.indices { conditions[index] = Array(repeating: 0, count: capacity) }
        for index in texts.indices {
            texts[index] = TextRegister(
                extents: Array(repeating: ColumnBatch.TextExtent(start: 0, count: 0), count: capacity),
                isNull: Array(repeating: false, count: capacity))
        }
        for (register, value) in program.numberConstants {
            numbers[register].values = Array(repeating: value ?? 0, count: capacity)
            let state = value == nil ? NumberState.null : NumberState.value
            numbers[register].states = Array(repeating: state, count: capacity)
        }
        for (register, value) in program.conditionConstants {
            conditions[register] = Array(repeating: value, count: capacity)
        }
    }

    /// Puts the texts of the expression behind those of the batch.
    private mutating func placeTexts(_ batch: inout ColumnBatch) {
        for (register, value) in program.textConstants {
            let extent = ColumnBatch.TextExtent(start: batch.bytes.count, count: value?.count ?? 0)
            batch.bytes.append(contentsOf: value ?? [])
            var extents = texts[register].extents.mutableSpan
            for row in 0..<rowCount { extents[row] = extent }
            var isNull = texts[register].isNull.mutableSpan
            for row in 0..<rowCount { isNull[row] = value == nil }
        }
    }

    // MARK: Results

    private func states(of index: Int) -> [UInt8] {
        precondition(program.results[index].bank == .condition, "a condition")
        return conditions[program.results[index].index]
    }

    /// What a condition is on a row of the last batch; `index` says which of the program's expressions is meant.
    public func outcome(row: Int, of index: Int = 0) -> Outcome<Bool> {
        precondition(row < rowCount, "a row of the last batch")
        return outcomes(of: index)[row]
    }

    /// What a condition is on all rows of the last batch.
    public func outcomes(of index: Int = 0) -> ConditionOutcomes { ConditionOutcomes(states: states(of: index)) }

    /// The rows on which a condition is true.
    public func trueRows(of index: Int = 0) -> [Int] {
        var rows: [Int] = []
        let states = states(of: index)
        for row in 0..<rowCount where states[row] == ConditionState.isTrue { rows.append(row) }
        return rows
    }

    /// How many rows a condition is true, false, unknown and not evaluable on.
    public func counts(of index: Int = 0) -> OutcomeCounts {
        var found = [Int](repeating: 0, count: Int(ConditionState.isTrue) + 1)
        let states = states(of: index)
        for row in 0..<rowCount { found[Int(states[row])] += 1 }
        var counts = OutcomeCounts()
        counts.isTrue = found[Int(ConditionState.isTrue)]
        counts.isFalse = found[Int(ConditionState.isFalse)]
        counts.unknown = found[Int(ConditionState.null)]
        for (state, reason) in [
            (ConditionState.divisionByZero, FailureReason.divisionByZero), (ConditionState.overflow, .overflow),
        ] where found[Int(state)] > 0 {
            counts.notEvaluable[reason] = found[Int(state)]
        }
        return counts
    }

    /// What an expression of any type is on a row of the batch that was evaluated last.
    public func value(row: Int, of expression: Int = 0, in batch: borrowing ColumnBatch) -> Outcome<ExpressionValue> {
        precondition(row < rowCount, "a row of the last batch")
        let index = program.results[expression].index
        switch program.expressions[expression].type {
        case .boolean:
            switch outcome(row: row, of: expression) {
            case .value(let value): return .value(.boolean(value))
            case .unknown: return .unknown
            case .notEvaluable(let reason): return .notEvaluable(reason)
            }
        case .text:
            guard !texts[index].isNull[row] else { return .unknown }
            return .value(.text(String(decoding: batch.bytes[texts[index].extents[row].range], as: UTF8.self)))
        case .number(let type):
            return number(index, row) { .number(ExactNumber(unchecked: $0, scale: type.scale)) }
        case .date:
            return number(index, row) { .date(CalendarDay(daysSince2000: Int32(truncatingIfNeeded: $0))) }
        }
    }

    private func number(
        _ index: Int, _ row: Int, _ make: (Int128) -> ExpressionValue
    ) -> Outcome<ExpressionValue> {
        switch numbers[index].states[row] {
        case NumberState.value: .value(make(numbers[index].values[row]))
        case NumberState.overflow: .notEvaluable(.overflow)
        case NumberState.divisionByZero: .notEvaluable(.divisionByZero)
        default: .unknown
        }
    }
}

/// What a condition is on the rows of a batch.
public struct ConditionOutcomes: Sendable {
    let states: [UInt8]

    /// What it is on a row.
    public subscript(row: Int) -> Outcome<Bool> {
        switch states[row] {
        case ConditionState.isFalse: .value(false)
        case ConditionState.isTrue: .value(true)
        case ConditionState.divisionByZero: .notEvaluable(.divisionByZero)
        case ConditionState.overflow: .notEvaluable(.overflow)
        default: .unknown
        }
    }
}

/// How often a condition was what.
public struct OutcomeCounts: Sendable, Hashable {
    /// True: what the condition describes is there.
    public var isTrue = 0
    /// False.
    public var isFalse = 0
    /// NULL.
    public var unknown = 0
    /// Not evaluable, by reason.
    public var notEvaluable: [FailureReason: Int] = [:]
}
