/// What had to be put right before a cell was a plain number. Each is counted per column and reported by rule C17 or C28.
public struct Normalisation: OptionSet, Sendable, Hashable {
    /// One bit for each kind.
    public let rawValue: UInt8

    /// The set with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `1,234.50`
    public static let thousands = Normalisation(rawValue: 1 << 0)
    /// `￥12.50`, `¥12.50`, `12.50元`
    public static let currency = Normalisation(rawValue: 1 << 1)
    /// `１２．５`
    public static let fullWidth = Normalisation(rawValue: 1 << 2)
    /// `1.20E+05`
    public static let scientific = Normalisation(rawValue: 1 << 3)
    /// More decimals than the column keeps, other than zeros; rounded half away from zero.
    public static let rounded = Normalisation(rawValue: 1 << 4)
}

/// What a cell of a number column says.
public enum NumberReading: Sendable, Hashable {
    /// An exact number, in units of the last decimal kept.
    case value(Int64, Normalisation)
    /// Not a number.
    case notANumber
    /// A number that the column cannot hold.
    case outOfRange
}

extension NumberReading {
    /// Reads a number exactly, as units of its last decimal: `12.5` with 4 decimals is 125 000.
    ///
    /// Nothing passes through binary floating point. Blanks around the number do not matter.
    /// - Parameters:
    ///   - text: UTF-8, not blank.
    ///   - decimals: how many decimals are kept, 0 … 4.
    ///   - limit: the largest magnitude, in the same units.
    public init(_ text: Span<UInt8>, decimals: Int, limit: Int64) {
        self =
            NumberReading.plain(text, decimals: decimals, limit: limit).map { .value($0, []) }
            ?? .decorated(text, decimals, limit)
    }

    /// The fast path: `-123.45` with no more decimals than are kept, short enough not to overflow, and within the limit;
    /// `nil` for everything else, which `init` may still be able to read.
    public static func plain(_ text: Span<UInt8>, decimals: Int, limit: Int64) -> Int64? {
        guard text.count <= 16, !text.isEmpty else { return nil }
        var index = 0
        let isNegative = text[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        var value: Int64 = 0
        var digits = 0
        var pointAt = -1
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            if digit <= 9 {
                value = value * 10 + Int64(digit)
                digits += 1
            } else if text[index] == UInt8(ascii: "."), pointAt < 0, digits > 0 {
                pointAt = index
            } else {
                return nil
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        var missing = decimals
        if pointAt >= 0 {
            let given = text.count - pointAt - 1
            guard given > 0, given <= decimals else { return nil }
            missing -= given
        }
        // 16 digits and 4 places could pass 2⁶³: leave the long ones to the careful path.
        guard digits + missing <= 18 else { return nil }
        while missing > 0 {
            value *= 10
            missing -= 1
        }
        guard value <= limit else { return nil }
        return isNegative ? -value : value
    }

    /// The careful path: everything that people and spreadsheets write.
    private static func decorated(_ text: Span<UInt8>, _ decimals: Int, _ limit: Int64) -> NumberReading {
        var scanner = DecoratedNumber()
        guard scanner.read(text) else { return .notANumber }
        return scanner.reading(decimals: decimals, limit: limit)
    }
}

/// A number written with marks, exponent or full-width digits, taken apart.
private struct DecoratedNumber {
    var isNegative = false
    var digits: [UInt8] = []
    /// How many of `digits` stand before the decimal point.
    var wholeDigits = 0
    var exponent = 0
    var normalisation: Normalisation = []

    /// Takes the text apart; `false` where it is not a number.
    mutating func read(_ text: Span<UInt8>) -> Bool {
        guard text.count <= 256, var symbols = halfWidth(text) else { return false }
        while let last = symbols.last, last == .blank { symbols.removeLast() }
        var rest = symbols[...].drop { $0 == .blank }
        readSignAndCurrency(&rest)
        if rest.last == .yuan {
            rest.removeLast()
            normalisation.insert(.currency)
            while rest.last == .blank { rest.removeLast() }
        }
        guard readWhole(&rest) else { return false }
        if rest.first == .point {
            rest.removeFirst()
            let before = digits.count
            readDigits(&rest)
            guard digits.count > before else { return false }
        }
        guard !digits.isEmpty else { return false }
        if rest.first == .exponent {
            rest.removeFirst()
            guard readExponent(&rest) else { return false }
        }
        return rest.isEmpty
    }

    private mutating func readSignAndCurrency(_ rest: inout ArraySlice<Symbol>) {
        func readSign() -> Bool? {
            guard let first = rest.first, first == .minus || first == .plus else { return nil }
            rest.removeFirst()
            return first == .minus
        }
        let before = readSign()
        if rest.first == .currency {
            rest.removeFirst()
            normalisation.insert(.currency)
            rest = rest.drop { $0 == .blank }
        }
        isNegative = (before ?? readSign()) ?? false
    }

    /// Digits before the point, in plain order or in groups of three: `1,234,567`.
    private mutating func readWhole(_ rest: inout ArraySlice<Symbol>) -> Bool {
        readDigits(&rest)
        wholeDigits = digits.count
        if rest.first == .comma {
            guard (1...3).contains(wholeDigits) else { return false }
            normalisation.insert(.thousands)
            while rest.first == .comma {
                rest.removeFirst()
                let before = digits.count
                readDigits(&rest)
                guard digits.count - before == 3 else { return false }
            }
            wholeDigits = digits.count
        }
        return wholeDigits > 0
    }

    private mutating func readDigits(_ rest: inout ArraySlice<Symbol>) {
        while case .digit(let digit)? = rest.first {
            digits.append(digit)
            rest.removeFirst()
        }
    }

    private mutating func readExponent(_ rest: inout ArraySlice<Symbol>) -> Bool {
        normalisation.insert(.scientific)
        var sign = 1
        if rest.first == .minus || rest.first == .plus {
            sign = rest.removeFirst() == .minus ? -1 : 1
        }
        var value = 0
        var count = 0
        while case .digit(let digit)? = rest.first {
            value = min(value * 10 + Int(digit), 1000)
            count += 1
            rest.removeFirst()
        }
        exponent = sign * value
        return count > 0
    }

    /// The exact value with so many decimals, rounded half away from zero.
    func reading(decimals: Int, limit: Int64) -> NumberReading {
        // Leading zeros carry nothing and could hide how long the number really is.
        let leading = digits.prefix { $0 == 0 }.count
        let significant = digits[leading...]
        var flags = normalisation
        let kept = wholeDigits - leading + exponent + decimals
        guard significant.contains(where: { $0 != 0 }) else { return .value(0, flags) }
        guard kept <= 19 else { return .outOfRange }
        var value: Int64 = 0
        for place in 0..<max(kept, 0) {
            let digit = place < significant.count ? Int64(significant[leading + place]) : 0
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(digit)
            guard !overflow, !carry else { return .outOfRange }
            value = sum
        }
        if kept < significant.count {
            let dropped = significant.dropFirst(max(kept, 0))
            if kept < 0 || dropped.contains(where: { $0 != 0 }) { flags.insert(.rounded) }
            if kept >= 0, let first = dropped.first, first >= 5 { value += 1 }
        }
        guard value <= limit else { return .outOfRange }
        return .value(isNegative ? -value : value, flags)
    }

    private enum Symbol: Equatable {
        case digit(UInt8)
        case point, comma, minus, plus, exponent, currency, yuan, blank
    }

    /// The text as symbols, full-width forms folded; `nil` where it has anything that no number has.
    private mutating func halfWidth(_ text: Span<UInt8>) -> [Symbol]? {
        var symbols: [Symbol] = []
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                guard let symbol = ascii(byte) else { return nil }
                symbols.append(symbol)
                index += 1
                continue
            }
            guard let (scalar, length) = UTF8Scan.scalar(in: text, at: index) else { return nil }
            index += length
            switch scalar {
            case 0xFF01...0xFF5E:
                if scalar == 0xFF04 { return nil }
                guard let symbol = ascii(UInt8(scalar - 0xFEE0)) else { return nil }
                normalisation.insert(.fullWidth)
                symbols.append(symbol)
            case 0x00A5, 0xFFE5: symbols.append(.currency)
            case 0x5143: symbols.append(.yuan)
            case 0x3000, 0x00A0:
                normalisation.insert(.fullWidth)
                symbols.append(.blank)
            default: return nil
            }
        }
        return symbols
    }

    private func ascii(_ byte: UInt8) -> Symbol? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "."): .point
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: "-"): .minus
        case UInt8(ascii: "+"): .plus
        case UInt8(ascii: "e"), UInt8(ascii: "E"): .exponent
        case UInt8(ascii: " "), UInt8(ascii: "\t"): .blank
        default: nil
        }
    }
}
