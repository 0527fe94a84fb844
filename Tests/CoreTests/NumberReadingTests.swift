import Core
import Samples
import Testing

@Suite struct `Numbers in cells` {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var decimals = 4
        var limit: Int64 = .max / 10
        var reading: NumberReading
        var testDescription: String { text }

        init(_ text: String, _ value: Int64, _ normalisation: Normalisation = [], decimals: Int = 4) {
            self.text = text
            self.decimals = decimals
            reading = .value(value, normalisation)
        }

        init(_ text: String, not reading: NumberReading = .notANumber, decimals: Int = 4, limit: Int64 = .max / 10) {
            self.text = text
            self.reading = reading
            self.decimals = decimals
            self.limit = limit
        }
    }

    static let cases: [Case] = [
        Case("0", 0), Case("-0", 0), Case("00012.5", 125_000), Case("12.5", 125_000), Case("-12.5", -125_000),
        Case("+12.5", 125_000), Case("12.5000", 125_000), Case("12.50000", 125_000), Case("0.0001", 1),
        Case("0.00005", 1, .rounded), Case("0.00004", 0, .rounded), Case("-0.00005", -1, .rounded),
        Case("0.000049999999", 0, .rounded), Case("9.99995", 100_000, .rounded),
        Case("1.005", 101, .rounded, decimals: 2),
        Case("2.675", 268, .rounded, decimals: 2), Case("1,234.50", 12_345_000, .thousands),
        Case("1,234,567", 12_345_670_000, .thousands),
        Case("￥1,234.50", 123_450, [.currency, .thousands], decimals: 2),
        Case("¥12.50", 1_250, .currency, decimals: 2), Case("12.50元", 1_250, .currency, decimals: 2),
        Case("￥-3", -300, .currency, decimals: 2), Case("-￥3", -300, .currency, decimals: 2),
        Case("１２３", 1_230_000, .fullWidth), Case("１２．５", 125_000, .fullWidth), Case("－１", -10_000, .fullWidth),
        Case("1.20E+05", 1_200_000_000, .scientific), Case("1e3", 10_000_000, .scientific),
        Case("1E-4", 1, .scientific), Case("1E-5", 0, [.scientific, .rounded]),
        Case("5E-5", 1, [.scientific, .rounded]), Case("0E999999999", 0, .scientific),
        Case("0.000E5", 0, .scientific), Case("  7 ", 70_000), Case("\t7", 70_000),
        Case("\u{3000}7", 70_000, .fullWidth),
        Case("0000000000000000000000000000000001", 10_000), Case("0.10000000000000000000000000000", 1_000),
        Case(""), Case(" "), Case("-"), Case("."), Case("1."), Case(".5"), Case("1.2.3"), Case("1-2"), Case("--1"),
        Case("1,23"), Case("1,2345"), Case("1234,567"), Case(",123"), Case("1,234,56"), Case("1,234.5,6"), Case("E5"),
        Case("1E"), Case("1E+"), Case("1E5.5"), Case("0x10"), Case("1 000"), Case("12abc"), Case("NaN"), Case("inf"),
        Case("1/2"), Case("50%"), Case("$5"), Case("五"), Case("１２３四"), Case("元"), Case("￥"), Case("￥￥1"), Case("1元元"),
        Case("1‚5"), Case("1．"), Case("(5)"), Case("1_000"), Case("=1+1"), Case("\u{0661}"), Case("1\u{0}"),
        Case("1E19", not: .outOfRange), Case("1E999999999999", not: .outOfRange),
        Case("99999999999999999999999", not: .outOfRange), Case("-99999999999999999999999", not: .outOfRange),
        Case("10000000.00", not: .outOfRange, decimals: 2, limit: 999_999_999),
        Case("9999999.996", not: .outOfRange, decimals: 2, limit: 999_999_999),
        Case("9223372036854775807", not: .outOfRange, decimals: 0),
        Case("9223372036854775808", not: .outOfRange, decimals: 0),
        Case("922337203685477.5808", not: .outOfRange),
    ]

    @Test(arguments: cases) func `are read exactly`(entry: Case) {
        #expect(read(entry.text, entry.decimals, entry.limit) == entry.reading)
    }

    @Test func `are refused when invalid or very long`() {
        for bytes in [[0x31, 0xC3], Array(repeating: UInt8(ascii: "1"), count: 10_000), []] as [[UInt8]] {
            let reading = NumberReading(bytes.span, decimals: 2, limit: 100)
            #expect(reading == .notANumber)
        }
    }

    /// Long division on digits: slow, and with nothing in common with the program.
    @Test(arguments: UInt64(0)..<8) func `agree with decimal arithmetic on paper`(seed: UInt64) {
        var random = SeededGenerator(seed: 737, path: seed)
        for _ in 0..<4_000 {
            let decimals = random.pick([0, 2, 4])
            let limit: Int64 = random.pick([99_999, 9_999_999_999_999_999, 999_999_999_999_999_999])
            let number = OnPaper(using: &random)
            let expected = number.reading(decimals: decimals, limit: limit)
            let found = read(number.text, decimals, limit)
            #expect(found == expected, "\(number.text) with \(decimals) decimals up to \(limit)")
        }
    }

    @Test func `are shown as they are kept`() {
        #expect(FixedPoint.text(125_000, decimals: 4) == "12.5000")
        #expect(FixedPoint.text(-5, decimals: 2) == "-0.05")
        #expect(FixedPoint.text(0, decimals: 2) == "0.00")
        #expect(FixedPoint.text(7, decimals: 0) == "7")
        #expect(FixedPoint.text(.min, decimals: 4) == "-922337203685477.5808")
        #expect(FixedPoint.shortText(125_000, decimals: 4) == "12.5")
        #expect(FixedPoint.shortText(120_000, decimals: 4) == "12")
        #expect(FixedPoint.shortText(100, decimals: 0) == "100")
    }

    @Test func `come back from their text`() {
        var random = SeededGenerator(seed: 99)
        for _ in 0..<2_000 {
            let decimals = random.pick([0, 2, 4])
            let value = Int64(random.below(1_000_000_000_000_000_000)) >> Int64(random.below(60))
            let signed = random.happens(perMille: 500) ? -value : value
            #expect(read(FixedPoint.text(signed, decimals: decimals), decimals, .max / 9) == .value(signed, []))
            #expect(read(FixedPoint.shortText(signed, decimals: decimals), decimals, .max / 9) == .value(signed, []))
        }
    }

    private func read(_ text: String, _ decimals: Int, _ limit: Int64) -> NumberReading {
        let bytes = Array(text.utf8)
        return NumberReading(bytes.span, decimals: decimals, limit: limit)
    }
}

/// A number as digits, written in some way that people and spreadsheets write.
private struct OnPaper {
    let isNegative: Bool
    let whole: String
    let fraction: String
    let exponent: Int?
    let text: String
    let normalisation: Normalisation

    init(using random: inout SeededGenerator) {
        func digits(_ count: Int) -> String { (0..<count).map { _ in "\(random.below(10))" }.joined() }
        let isNegative = random.happens(perMille: 300)
        let whole = digits(1 + random.below(random.happens(perMille: 900) ? 12 : 22))
        let fraction = random.happens(perMille: 600) ? digits(1 + random.below(8)) : ""
        let exponent = random.happens(perMille: 250) ? random.below(40) - 20 : nil
        var normalisation: Normalisation = []
        var text = whole
        if random.happens(perMille: 200), whole.count > 3 {
            var grouped = ""
            for (index, digit) in whole.enumerated() {
                if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
                grouped.append(digit)
            }
            text = grouped
            normalisation.insert(.thousands)
        }
        if !fraction.isEmpty { text += ".\(fraction)" }
        if let exponent {
            text += "E\(exponent)"
            normalisation.insert(.scientific)
        }
        if random.happens(perMille: 100) {
            text = String(
                String.UnicodeScalarView(
                    text.unicodeScalars.map { scalar in
                        ("0"..."9").contains(scalar) ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
                    }))
            normalisation.insert(.fullWidth)
        }
        if random.happens(perMille: 150) {
            text = "￥\(text)"
            normalisation.insert(.currency)
        }
        self.isNegative = isNegative
        self.whole = whole
        self.fraction = fraction
        self.exponent = exponent
        self.normalisation = normalisation
        self.text = isNegative ? "-\(text)" : text
    }

    func reading(decimals: Int, limit: Int64) -> NumberReading {
        // All digits, with the point moved behind the last place that is kept.
        var digits = Array((whole + fraction).utf8.map { Int($0) - 48 })
        var point = whole.count + (exponent ?? 0) + decimals
        while point < 0 {
            digits.insert(0, at: 0)
            point += 1
        }
        while digits.count < point { digits.append(0) }
        let dropped = digits[point...]
        var kept = Array(digits[..<point])
        if let first = dropped.first, first >= 5 {
            var place = kept.count - 1
            while place >= 0, kept[place] == 9 {
                kept[place] = 0
                place -= 1
            }
            if place >= 0 { kept[place] += 1 } else { kept.insert(1, at: 0) }
        }
        var flags = normalisation
        if dropped.contains(where: { $0 != 0 }) { flags.insert(.rounded) }
        let text = String(kept.drop { $0 == 0 }.map { Character("\($0)") })
        if text.isEmpty { return .value(0, flags) }
        guard text.count <= 18, let value = Int64(text), value <= limit else { return .outOfRange }
        return .value(isNegative ? -value : value, flags)
    }
}
