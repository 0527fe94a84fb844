@testable import Readers

/// Text in each of the encodings, made by tests.
enum SampleText {
    /// A text's bytes in an encoding; GB18030 by turning the reader's own table round.
    static func bytes(of text: String, in encoding: TextEncoding) -> [UInt8] {
        switch encoding {
        case .utf8: Array(text.utf8)
        case .utf16LE: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BE: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        case .gb18030: text.unicodeScalars.flatMap { gb18030($0.value) }
        }
    }

    private static func gb18030(_ scalar: UInt32) -> [UInt8] {
        if scalar < 0x80 { return [UInt8(scalar)] }
        if let pair = pairs[scalar] {
            let trail = pair % 190
            return [UInt8(0x81 + pair / 190), UInt8(trail + (trail < 63 ? 0x40 : 0x41))]
        }
        let linear = scalar >= 0x10000 ? 189_000 + Int(scalar) - 0x10000 : fours[scalar] ?? 0
        return [
            UInt8(0x81 + linear / 12_600), UInt8(0x30 + linear / 1260 % 10), UInt8(0x81 + linear / 10 % 126),
            UInt8(0x30 + linear % 10),
        ]
    }

    private static let pairs = inverse(GB18030.mapping.pairs)
    private static let fours = inverse(GB18030.mapping.fours)

    private static func inverse(_ values: [UInt32]) -> [UInt32: Int] {
        Dictionary(values.enumerated().filter { $1 != 0 }.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Characters of one to four bytes, of the basic plane and beyond, with bytes that look like ASCII in GB18030.
    static let characters: [Unicode.Scalar] = Array("aZ09,;|\\\"' é£Ω药品测試镕𠮷😀丂乗朶粅｜（）￥元\u{3000}€\n".unicodeScalars)

    static func random(_ count: Int, using random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<count { text.append(characters.randomElement(using: &random) ?? "a") }
        return String(text)
    }
}
