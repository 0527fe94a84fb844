/// One step of a program: it reads whole columns of registers and writes one. Registers are numbered by bank: numbers
/// (days too), conditions and texts. No instruction writes a register that it reads.
enum Instruction: Sendable {
    case loadNumber(column: Int, to: Int)
    case loadCondition(column: Int, to: Int)
    case loadText(column: Int, to: Int)

    case scaleUp(Int, by: Int128, to: Int)
    case negate(Int, to: Int)
    case absolute(Int, to: Int)
    case round(Int, power: Int128, limit: Int128, to: Int)
    /// Where there is no limit, the types say that none is reached.
    case add(Int, Int, limit: Int128?, to: Int)
    case subtract(Int, Int, limit: Int128?, to: Int)
    case multiply(Int, Int, to: Int)
    case multiplyChecked(Int, Int, power: Int128, limit: Int128, to: Int)
    case divide(Int, Int, multiplier: Int128, divisor: Int128, limit: Int128, to: Int)

    case compareNumbers(Comparison, Int, Int, to: Int)
    case compareTexts(Comparison, Int, Int, to: Int)
    case numbersDiffer(Int, Int, to: Int)
    case textsDiffer(Int, Int, to: Int)
    case and(Int, Int, to: Int)
    case or(Int, Int, to: Int)
    case not(Int, to: Int)
    case numberIsNull(Int, to: Int)
    case conditionIsNull(Int, to: Int)
    case textIsNull(Int, to: Int)
    case like(Int, LikePattern, to: Int)
    case check(CheckDigit, Int, to: Int)

    case selectNumber(condition: Int, Int, otherwise: Int, to: Int)
    case selectCondition(condition: Int, Int, otherwise: Int, to: Int)
    case selectText(condition: Int, Int, otherwise: Int, to: Int)
    case coalesceNumbers(Int, Int, to: Int)
    case coalesceConditions(Int, Int, to: Int)
    case coalesceTexts(Int, Int, to: Int)
    case nullIfNumber(Int, Int, to: Int)
    case nullIfText(Int, Int, to: Int)
    case extremeNumber(isGreatest: Bool, Int, Int, to: Int)
    case extremeText(isGreatest: Bool, Int, Int, to: Int)

    case length(Int, to: Int)
    case transform(TextTransformation, Int, to: Int)
    case slice(Int, TextSlice, to: Int)
    case concatenate(Int, Int, to: Int)
    case similarity(Int, Int, to: Int)
}

/// What is in a register of numbers. The larger wins where two meet in one operation: NULL over a failure, because with a
/// NULL the result is NULL whatever the other part would have been.
enum NumberState {
    static let value: UInt8 = 0
    static let overflow: UInt8 = 1
    static let divisionByZero: UInt8 = 2
    static let null: UInt8 = 3
}

/// What a condition can be, in the order in which AND takes the first: false decides, a failure could have been false,
/// NULL could have been neither.
enum ConditionState {
    static let isFalse: UInt8 = 0
    static let divisionByZero: UInt8 = 1
    static let overflow: UInt8 = 2
    static let null: UInt8 = 3
    static let isTrue: UInt8 = 4

    /// The condition of a comparison that a number without a value takes part in.
    @inline(__always)
    static func ofNumberState(_ state: UInt8) -> UInt8 { state == NumberState.null ? null : 3 &- state }

    /// The number that comes of a condition that failed; the value's state else.
    @inline(__always)
    static func numberState(_ condition: UInt8) -> UInt8 { 3 &- condition }

    @inline(__always)
    static func hasFailed(_ condition: UInt8) -> Bool { condition == divisionByZero || condition == overflow }
}
