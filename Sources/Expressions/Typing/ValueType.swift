/// What an expression is.
public enum ValueType: Sendable, Hashable {
    /// Text: Unicode characters, compared by code point.
    case text
    /// A day.
    case date
    /// True or false.
    case boolean
    /// A decimal number.
    case number(NumberType)

    /// A number with so many decimals and so many digits before the point.
    public static func number(scale: Int, integerDigits: Int = NumberType.maximumIntegerDigits) -> ValueType {
        .number(NumberType(scale: scale, integerDigits: integerDigits))
    }

    /// Whether both are texts, dates, booleans or numbers.
    func isAlike(_ other: ValueType) -> Bool {
        switch (self, other) {
        case (.text, .text), (.date, .date), (.boolean, .boolean), (.number, .number): true
        default: false
        }
    }

    var number: NumberType? {
        if case .number(let type) = self { type } else { nil }
    }
}

/// How many decimals a number has and how large it can become. Both are known before any row is seen.
public struct NumberType: Sendable, Hashable {
    /// The most decimals a number keeps; a product with more is rounded to them.
    public static let maximumScale = 12
    /// The decimals of every quotient.
    public static let quotientScale = 10
    /// All numbers are smaller than 10 to this power; a larger result is not evaluable.
    public static let maximumIntegerDigits = 24

    /// The decimals.
    public let scale: Int
    /// The largest magnitude, in units of the last decimal.
    public let bound: Int128

    /// A number with so many decimals (0 … 12) and so many digits before the point (0 … 24); other counts are moved
    /// into these ranges.
    public init(scale: Int, integerDigits: Int = NumberType.maximumIntegerDigits) {
        let decimals = min(max(scale, 0), NumberType.maximumScale)
        let digits = min(max(integerDigits, 0), NumberType.maximumIntegerDigits)
        self.init(scale: decimals, bound: PowerOfTen.value(decimals + digits) - 1)
    }

    init(scale: Int, bound: Int128) {
        self.scale = scale
        self.bound = bound
    }

    /// The largest number of units that a number with so many decimals can have: one less than 10²⁴.
    static func limit(scale: Int) -> Int128 { PowerOfTen.value(maximumIntegerDigits + scale) - 1 }

    func rescaled(to wanted: Int) -> NumberType {
        NumberType(scale: wanted, bound: bound * PowerOfTen.value(wanted - scale))
    }
}

/// Why the value of an expression cannot be said.
public enum FailureReason: String, Sendable, Hashable, CaseIterable {
    /// A division by zero.
    case divisionByZero = "division_by_zero"
    /// A result of 10²⁴ or more.
    case overflow
}

/// Ways in which an expression can fail.
public struct Failures: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8

    /// Some bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A division by zero.
    public static let divisionByZero = Failures(rawValue: 1)
    /// A result of 10²⁴ or more.
    public static let overflow = Failures(rawValue: 2)
}
