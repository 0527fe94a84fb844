internal import Core

/// What instructions do with columns of conditions, and how they come of numbers and texts.
enum ConditionKernels {
    typealias Numbers = Evaluator.NumberRegister
    typealias Texts = Evaluator.TextRegister

    static func load(_ column: borrowing ColumnBatch.Column, into out: inout [UInt8], _ count: Int) {
        let numbers = column.numbers.span
        let isNull = column.isNull.span
        var states = out.mutableSpan
        for row in 0..<count {
            states[row] =
                isNull[row]
                ? ConditionState.null : numbers[row] == 0 ? ConditionState.isFalse : ConditionState.isTrue
        }
    }

    @inline(__always)
    private static func condition(_ value: Bool) -> UInt8 { value ? ConditionState.isTrue : ConditionState.isFalse }

    static func compare(
        _ comparison: Comparison, _ a: borrowing Numbers, _ b: borrowing Numbers, into out: inout [UInt8], _ count: Int
    ) {
        let (x, y) = (a.values.span, b.values.span)
        var states = out.mutableSpan
        // One loop for each comparison, so that none of them asks which it is.
        switch comparison {
        case .equal: for row in 0..<count { states[row] = condition(x[row] == y[row]) }
        case .notEqual: for row in 0..<count { states[row] = condition(x[row] != y[row]) }
        case .less: for row in 0..<count { states[row] = condition(x[row] < y[row]) }
        case .lessOrEqual: for row in 0..<count { states[row] = condition(x[row] <= y[row]) }
        case .greater: for row in 0..<count { states[row] = condition(x[row] > y[row]) }
        case .greaterOrEqual: for row in 0..<count { states[row] = condition(x[row] >= y[row]) }
        }
        let (first, second) = (a.states.span, b.states.span)
        for row in 0..<count {
            let joint = max(first[row], second[row])
            states[row] = joint == NumberState.value ? states[row] : ConditionState.ofNumberState(joint)
        }
    }

    static func compare(
        _ comparison: Comparison, _ a: borrowing Texts, _ b: borrowing Texts, _ bytes: [UInt8], into out: inout [UInt8],
        _ count: Int
    ) {
        let text = bytes.span
        let (x, y) = (a.extents.span, b.extents.span)
        let (first, second) = (a.isNull.span, b.isNull.span)
        var states = out.mutableSpan
        for row in 0..<count {
            if first[row] || second[row] {
                states[row] = ConditionState.null
            } else if comparison == .equal || comparison == .notEqual {
                let isEqual = ByteWords.areEqual(text.extracting(x[row].range), text.extracting(y[row].range))
                states[row] = condition(isEqual == (comparison == .equal))
            } else {
                states[row] = condition(comparison.holds(UTF8Text.order(x[row], y[row], in: text)))
            }
        }
    }

    static func differ(_ a: borrowing Numbers, _ b: borrowing Numbers, into out: inout [UInt8], _ count: Int) {
        let (x, y) = (a.values.span, b.values.span)
        let (first, second) = (a.states.span, b.states.span)
        var states = out.mutableSpan
        for row in 0..<count {
            let failure = max(first[row] % NumberState.null, second[row] % NumberState.null)
            if failure != NumberState.value {
                states[row] = ConditionState.ofNumberState(failure)
            } else if first[row] == NumberState.value, second[row] == NumberState.value {
                states[row] = condition(x[row] != y[row])
            } else {
                states[row] = condition(first[row] != second[row])
            }
        }
    }

    static func differ(
        _ a: borrowing Texts, _ b: borrowing Texts, _ bytes: [UInt8], into out: inout [UInt8], _ count: Int
    ) {
        let text = bytes.span
        let (x, y) = (a.extents.span, b.extents.span)
        let (first, second) = (a.isNull.span, b.isNull.span)
        var states = out.mutableSpan
        for row in 0..<count {
            if first[row] || second[row] {
                states[row] = condition(first[row] != second[row])
            } else {
                states[row] = condition(
                    !ByteWords.areEqual(text.extracting(x[row].range), text.extracting(y[row].range)))
            }
        }
    }

    static func and(_ a: [UInt8], _ b: [UInt8], into out: inout [UInt8], _ count: Int) {
        let (x, y) = (a.span, b.span)
        var states = out.mutableSpan
        for row in 0..<count { states[row] = min(x[row], y[row]) }
    }

    /// The order of OR: true, a failure, NULL, false.
    @inline(__always)
    private static func forOr(_ state: UInt8) -> UInt8 {
        state == ConditionState.isFalse || state == ConditionState.isTrue ? state : 4 &- state
    }

    static func or(_ a: [UInt8], _ b: [UInt8], into out: inout [UInt8], _ count: Int) {
        let (x, y) = (a.span, b.span)
        var states = out.mutableSpan
        for row in 0..<count { states[row] = forOr(max(forOr(x[row]), forOr(y[row]))) }
    }

    static func not(_ a: [UInt8], into out: inout [UInt8], _ count: Int) {
        let x = a.span
        var states = out.mutableSpan
        for row in 0..<count {
            let state = x[row]
            states[row] = state == ConditionState.isFalse || state == ConditionState.isTrue ? 4 &- state : state
        }
    }

    static func isNull(_ a: borrowing Numbers, into out: inout [UInt8], _ count: Int) {
        let x = a.states.span
        var states = out.mutableSpan
        for row in 0..<count {
            let state = x[row]
            states[row] =
                state == NumberState.value || state == NumberState.null
                ? condition(state == NumberState.null) : ConditionState.ofNumberState(state)
        }
    }

    static func isNull(_ a: [UInt8], into out: inout [UInt8], _ count: Int) {
        let x = a.span
        var states = out.mutableSpan
        for row in 0..<count {
            states[row] = ConditionState.hasFailed(x[row]) ? x[row] : condition(x[row] == ConditionState.null)
        }
    }

    static func isNull(_ a: borrowing Texts, into out: inout [UInt8], _ count: Int) {
        let x = a.isNull.span
        var states = out.mutableSpan
        for row in 0..<count { states[row] = condition(x[row]) }
    }

    static func select(_ choice: [UInt8], _ a: [UInt8], _ b: [UInt8], into out: inout [UInt8], _ count: Int) {
        let (chosen, x, y) = (choice.span, a.span, b.span)
        var states = out.mutableSpan
        for row in 0..<count {
            let state = chosen[row]
            let value = state == ConditionState.isTrue ? x[row] : y[row]
            states[row] = ConditionState.hasFailed(state) ? state : value
        }
    }

    static func coalesce(_ a: [UInt8], _ b: [UInt8], into out: inout [UInt8], _ count: Int) {
        let (x, y) = (a.span, b.span)
        var states = out.mutableSpan
        for row in 0..<count { states[row] = x[row] == ConditionState.null ? y[row] : x[row] }
    }
}
