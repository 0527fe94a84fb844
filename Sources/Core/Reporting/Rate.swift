/// A part of a whole, exact; shares of several wholes are added up before they are divided.
public struct Rate: Sendable, Hashable, Codable {
    /// How many are meant.
    public var part: Int
    /// Of how many.
    public var whole: Int

    /// A part of a whole.
    public init(_ part: Int, of whole: Int) {
        self.part = part
        self.whole = whole
    }

    /// Hundredths of a per cent, rounded half up: 0 … 10 000; `nil` of nothing.
    public var hundredths: Int? {
        guard whole > 0 else { return nil }
        return Int((Int128(part) * 20_000 + Int128(whole)) / (2 * Int128(whole)))
    }

    /// Both parts, both wholes.
    public static func + (left: Rate, right: Rate) -> Rate {
        Rate(left.part + right.part, of: left.whole + right.whole)
    }
}

extension Int {
    /// The quotient of numbers that are not negative, rounded half up.
    func dividedHalfUp(by divisor: Int) -> Int { (2 * self + divisor) / (2 * divisor) }
}
