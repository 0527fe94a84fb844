/// What instructions do with columns of numbers.
///
/// The plain ones have no branch: where there is no value they compute with what lies there, in arithmetic that wraps and
/// never traps. The states decide what counts; the larger one wins (`NumberState`).
enum NumberKernels {
    typealias Register = Evaluator.NumberRegister

    static func load(_ column: borrowing ColumnBatch.Column, into out: inout Register, _ count: Int) {
        let numbers = column.numbers.span
        let isNull = column.isNull.span
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = Int128(numbers[row]) }
        var states = out.states.mutableSpan
        for row in 0..<count { states[row] = isNull[row] ? NumberState.null : NumberState.value }
    }

    private static func joinStates(_ a: Span<UInt8>, _ b: Span<UInt8>, _ out: inout MutableSpan<UInt8>, _ count: Int) {
        for row in 0..<count { out[row] = max(a[row], b[row]) }
    }

    private static func copyStates(_ a: Span<UInt8>, _ out: inout MutableSpan<UInt8>, _ count: Int) {
        for row in 0..<count { out[row] = a[row] }
    }

    static func scaleUp(_ a: borrowing Register, by factor: Int128, into out: inout Register, _ count: Int) {
        let x = a.values.span
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = x[row] &* factor }
        var states = out.states.mutableSpan
        copyStates(a.states.span, &states, count)
    }

    static func negate(_ a: borrowing Register, into out: inout Register, _ count: Int) {
        let x = a.values.span
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = 0 &- x[row] }
        var states = out.states.mutableSpan
        copyStates(a.states.span, &states, count)
    }

    static func absolute(_ a: borrowing Register, into out: inout Register, _ count: Int) {
        let x = a.values.span
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = x[row] < 0 ? 0 &- x[row] : x[row] }
        var states = out.states.mutableSpan
        copyStates(a.states.span, &states, count)
    }

    static func round(
        _ a: borrowing Register, power: Int128, limit: Int128, into out: inout Register, _ count: Int
    ) {
        let x = a.values.span
        let given = a.states.span
        var values = out.values.mutableSpan
        for row in 0..<count where given[row] == NumberState.value {
            values[row] = ExactArithmetic.rounded(x[row], droppingPower: power)
        }
        var states = out.states.mutableSpan
        copyStates(given, &states, count)
        check(limit, &out, count)
    }

    private static func check(_ limit: Int128, _ values: Span<Int128>, _ out: inout [UInt8], _ count: Int) {
        var states = out.mutableSpan
        for row in 0..<count where values[row] > limit || values[row] < 0 &- limit {
            states[row] = max(states[row], NumberState.overflow)
        }
    }

    /// Values past the limit are an overflow.
    private static func check(_ limit: Int128, _ out: inout Register, _ count: Int) {
        // Another name for the same memory, so that values can be read while states are written.
        let values = out.values
        check(limit, values.span, &out.states, count)
    }

    static func add(
        _ a: borrowing Register, _ b: borrowing Register, limit: Int128?, into out: inout Register, _ count: Int
    ) {
        let x = a.values.span
        let y = b.values.span
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = x[row] &+ y[row] }
        var states = out.states.mutableSpan
        joinStates(a.states.span, b.states.span, &states, count)
        if let limit { check(limit, &out, count) }
    }

    static func subtract(
        _ a: borrowing Register, _ b: borrowing Register, limit: Int128?, into out: inout Register, _ count: Int
    ) {
        let x = a.values.span
        let y = b.values.span
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = x[row] &- y[row] }
        var states = out.states.mutableSpan
        joinStates(a.states.span, b.states.span, &states, count)
        if let limit { check(limit, &out, count) }
    }

    static func multiply(_ a: borrowing Register, _ b: borrowing Register, into out: inout Register, _ count: Int) {
        let x = a.values.span
        let y = b.values.span
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = x[row] &* y[row] }
        var states = out.states.mutableSpan
        joinStates(a.states.span, b.states.span, &states, count)
    }

    static func multiply(
        _ a: borrowing Register, _ b: borrowing Register, power: Int128, limit: Int128, into out: inout Register,
        _ count: Int
    ) {
        let x = a.values.span
        let y = b.values.span
        forEachRow(a, b, &out, count) { row, _, value, state in
            guard state == NumberState.value else { return }
            if let product = ExactArithmetic.product(x[row], y[row], droppingPower: power, limit: limit) {
                value = product
            } else {
                state = NumberState.overflow
            }
        }
    }

    static func divide(
        _ a: borrowing Register, _ b: borrowing Register, multiplier: Int128, divisor: Int128, limit: Int128,
        into out: inout Register, _ count: Int
    ) {
        let x = a.values.span
        let y = b.values.span
        forEachRow(a, b, &out, count) { row, divisorState, value, state in
            guard state != NumberState.null else { return }
            if divisorState == NumberState.value, y[row] == 0 {
                state = NumberState.divisionByZero
            } else if state == NumberState.value {
                if let quotient = ExactArithmetic.quotient(
                    x[row], y[row], multiplier: multiplier, divisor: divisor, limit: limit)
                {
                    value = quotient
                } else {
                    state = NumberState.overflow
                }
            }
        }
    }

    /// Joins the states and calls a function with each row, the state of its second number, and the value and state to
    /// be changed.
    @inline(__always)
    private static func forEachRow(
        _ a: borrowing Register, _ b: borrowing Register, _ out: inout Register, _ count: Int,
        _ body: (Int, UInt8, inout Int128, inout UInt8) -> Void
    ) {
        forEachRow(a.states.span, b.states.span, &out.values, &out.states, count, body)
    }

    @inline(__always)
    private static func forEachRow(
        _ first: Span<UInt8>, _ second: Span<UInt8>, _ outValues: inout [Int128], _ outStates: inout [UInt8],
        _ count: Int, _ body: (Int, UInt8, inout Int128, inout UInt8) -> Void
    ) {
        var values = outValues.mutableSpan
        var states = outStates.mutableSpan
        for row in 0..<count {
            states[row] = max(first[row], second[row])
            body(row, second[row], &values[row], &states[row])
        }
    }
}

extension NumberKernels {
    static func select(
        _ condition: [UInt8], _ a: borrowing Register, _ b: borrowing Register, into out: inout Register, _ count: Int
    ) {
        let choice = condition.span
        let (x, y) = (a.values.span, b.values.span)
        let (first, second) = (a.states.span, b.states.span)
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = choice[row] == ConditionState.isTrue ? x[row] : y[row] }
        var states = out.states.mutableSpan
        for row in 0..<count {
            let state = choice[row]
            let chosen = state == ConditionState.isTrue ? first[row] : second[row]
            states[row] = ConditionState.hasFailed(state) ? ConditionState.numberState(state) : chosen
        }
    }

    static func coalesce(_ a: borrowing Register, _ b: borrowing Register, into out: inout Register, _ count: Int) {
        let (x, y) = (a.values.span, b.values.span)
        let (first, second) = (a.states.span, b.states.span)
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = first[row] == NumberState.null ? y[row] : x[row] }
        var states = out.states.mutableSpan
        for row in 0..<count { states[row] = first[row] == NumberState.null ? second[row] : first[row] }
    }

    static func nullIf(_ a: borrowing Register, _ b: borrowing Register, into out: inout Register, _ count: Int) {
        let (x, y) = (a.values.span, b.values.span)
        let (first, second) = (a.states.span, b.states.span)
        var values = out.values.mutableSpan
        for row in 0..<count { values[row] = x[row] }
        var states = out.states.mutableSpan
        for row in 0..<count {
            let joint = max(first[row], second[row])
            if joint == NumberState.value {
                states[row] = x[row] == y[row] ? NumberState.null : NumberState.value
            } else {
                // A comparison with NULL is not true, so the first stays as it is.
                states[row] = joint == NumberState.null ? first[row] : joint
            }
        }
    }

    /// NULLs do not take part; a failure makes the whole fail.
    static func extreme(
        _ isGreatest: Bool, _ a: borrowing Register, _ b: borrowing Register, into out: inout Register, _ count: Int
    ) {
        let (x, y) = (a.values.span, b.values.span)
        let (first, second) = (a.states.span, b.states.span)
        forEachRow(a, b, &out, count) { row, _, value, state in
            if first[row] == NumberState.null {
                (value, state) = (y[row], second[row])
            } else if second[row] == NumberState.null {
                (value, state) = (x[row], first[row])
            } else {
                value = (x[row] < y[row]) == isGreatest ? y[row] : x[row]
            }
        }
    }
}
