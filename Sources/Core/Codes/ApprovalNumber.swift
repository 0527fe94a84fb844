/// 批准文号: the number under which a drug may be sold.
public enum ApprovalNumber {
    private static let national = Array("国药准字".utf8)

    /// Whether the text, without blanks, letter case and full-width forms, is one of the forms in use.
    ///
    /// `国药准字` and a letter H Z S B T F J (H Z S also followed by J or C) and 8 digits; old import licences `H` `Z` `S`
    /// (also with `C`, or `B` before) and 8 digits; hospital preparations `陕药制字H` and at least 8 digits.
    /// Source: domain section 2.4, after NMPA notices 2020-46 and older import licence rules.
    public static func isWellFormed(_ text: Span<UInt8>) -> Bool {
        if isNational(text) { return true }
        return isKnownForm(folded(text))
    }

    /// The common form, without making anything: 国药准字H20053710.
    private static func isNational(_ text: Span<UInt8>) -> Bool {
        guard text.count == national.count + 9 else { return false }
        for index in national.indices where text[index] != national[index] { return false }
        switch text[national.count] {
        case UInt8(ascii: "H"), UInt8(ascii: "Z"), UInt8(ascii: "S"), UInt8(ascii: "B"), UInt8(ascii: "T"),
            UInt8(ascii: "F"), UInt8(ascii: "J"):
            break
        default: return false
        }
        for index in national.count + 1..<text.count where text[index] &- UInt8(ascii: "0") > 9 { return false }
        return true
    }

    private static func folded(_ text: Span<UInt8>) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            guard let (value, length) = UTF8Scan.scalar(in: text, at: index) else { return [] }
            index += length
            var folded = (0xFF01...0xFF5E).contains(value) ? value - 0xFEE0 : value
            if (0x61...0x7A).contains(folded) { folded -= 0x20 }
            guard folded != 0x20, folded != 0x3000, folded != 0xA0, let scalar = Unicode.Scalar(folded) else {
                continue
            }
            scalars.append(scalar)
        }
        return scalars
    }

    private static func isKnownForm(_ scalars: [Unicode.Scalar]) -> Bool {
        var rest = scalars[...]
        func take(_ options: String) -> Bool {
            guard let first = rest.first, options.unicodeScalars.contains(first) else { return false }
            rest.removeFirst()
            return true
        }
        func isDigits(atLeast least: Int, atMost most: Int) -> Bool {
            (least...most).contains(rest.count) && rest.allSatisfy { ("0"..."9").contains($0) }
        }
        if rest.starts(with: "国药准字".unicodeScalars) {
            rest.removeFirst(4)
            guard take("HZSBTFJ") else { return false }
            if scalars[4] == "H" || scalars[4] == "Z" || scalars[4] == "S" { _ = take("JC") }
            return isDigits(atLeast: 8, atMost: 8)
        }
        if rest.count > 4, rest.dropFirst().starts(with: "药制".unicodeScalars) {
            rest.removeFirst(3)
            _ = take("备")
            return take("字") && take("HZSBT") && isDigits(atLeast: 8, atMost: 12)
        }
        _ = take("B")
        guard take("HZS") else { return false }
        _ = take("C")
        return isDigits(atLeast: 8, atMost: 8)
    }
}
