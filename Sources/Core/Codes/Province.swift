/// The first two digits of a division code.
public enum Province {
    /// The provinces of GB/T 2260, and 66 as used for the Xinjiang corps.
    public static let codes: Set<UInt8> = [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
        61, 62, 63, 64, 65, 66, 71, 81, 82,
    ]

    /// The province of a code of 2 or 6 digits, 11 … 82; `nil` where the text is neither or names no province.
    public static func number(of text: Span<UInt8>) -> UInt8? {
        guard isWellFormed(text) else { return nil }
        let number = (text[0] - UInt8(ascii: "0")) * 10 + (text[1] - UInt8(ascii: "0"))
        return codes.contains(number) ? number : nil
    }

    /// Whether the text is 2 or 6 digits.
    public static func isWellFormed(_ text: Span<UInt8>) -> Bool {
        guard text.count == 2 || text.count == 6 else { return false }
        for index in text.indices where text[index] &- UInt8(ascii: "0") > 9 { return false }
        return true
    }
}
