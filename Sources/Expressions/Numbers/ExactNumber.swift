/// A decimal number, exactly: whole units of its last decimal.
public struct ExactNumber: Sendable, Hashable {
    /// The number times 10 to the power of `scale`.
    public let units: Int128
    /// The decimals, 0 … 12.
    public let scale: Int

    /// So many units of a decimal place; `nil` where the language has no such number (`|x| ≥ 10²⁴`, more than 12
    /// decimals).
    public init?(units: Int128, scale: Int) {
        guard (0...NumberType.maximumScale).contains(scale), NumberType.limit(scale: scale) >= units.magnitude else {
            return nil
        }
        self.units = units
        self.scale = scale
    }

    /// Units that are known to lie within the language's limits.
    init(unchecked units: Int128, scale: Int) {
        self.units = units
        self.scale = scale
    }

    /// Reads `-12.50`: digits, at most one point with digits on both sides, a minus before. `nil` for all else.
    public init?(_ text: String) {
        var digits = Array(text.utf8)[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        guard let number = ExactNumber(digits: digits) else { return nil }
        self = isNegative ? ExactNumber(unchecked: -number.units, scale: number.scale) : number
    }

    /// Digits with at most one point between them. Zeros at the end of the decimals are left out.
    init?(digits: ArraySlice<UInt8>) {
        var value: Int128 = 0
        var scale = 0
        var zeros = 0
        var point: Int?
        guard let last = digits.indices.last else { return nil }
        for index in digits.indices {
            if digits[index] == UInt8(ascii: "."), point == nil, index > digits.startIndex, index < last {
                point = index
                continue
            }
            let digit = digits[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            if point != nil, digit == 0 {
                zeros += 1
                continue
            }
            if point != nil {
                scale += zeros + 1
                guard scale <= NumberType.maximumScale else { return nil }
                value *= PowerOfTen.value(zeros)
                zeros = 0
            }
            value = value * 10 + Int128(digit)
            guard value.magnitude <= NumberType.limit(scale: scale) else { return nil }
        }
        self.init(units: value, scale: scale)
    }

    /// The same number with more decimals.
    func units(atScale wanted: Int) -> Int128 { units * PowerOfTen.value(wanted - scale) }
}

extension ExactNumber: CustomStringConvertible {
    /// `-12.5`, without zeros at the end of the decimals.
    public var description: String {
        var digits = Array(String(units.magnitude).utf8)
        if scale > 0 {
            while digits.count <= scale { digits.insert(UInt8(ascii: "0"), at: 0) }
            digits.insert(UInt8(ascii: "."), at: digits.count - scale)
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
            if digits.last == UInt8(ascii: ".") { digits.removeLast() }
        }
        return (units < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self)
    }
}

/// 1, 10, 100, … up to 10³⁸, the largest that 128 bits hold.
enum PowerOfTen {
    private static let table: [Int128] = {
        var values: [Int128] = [1]
        for index in 0..<38 { values.append(values[index] * 10) }
        return values
    }()

    static func value(_ exponent: Int) -> Int128 { table[exponent] }
}
