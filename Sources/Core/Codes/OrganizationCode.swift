/// 组织机构代码: 8 characters and a check character.
public enum OrganizationCode {
    private static let weights = [3, 7, 9, 10, 5, 8, 4, 2]

    /// Whether the text is nine characters of `0-9A-Z` (the check character included).
    public static func isWellFormed(_ text: Span<UInt8>) -> Bool {
        guard text.count == 9 else { return false }
        for index in text.indices where digitValue(text[index]) == nil { return false }
        return true
    }

    /// Whether the ninth character is the check character of the first eight. Source: GB 11714-1997.
    public static func checkHolds(_ text: Span<UInt8>) -> Bool {
        guard text.count == 9, let expected = checkCharacter(of: text) else { return false }
        return text[8] == expected
    }

    /// The check character of the first eight; `nil` where they are not `0-9A-Z`.
    public static func checkCharacter(of text: Span<UInt8>) -> UInt8? {
        guard text.count >= 8 else { return nil }
        var sum = 0
        for index in 0..<8 {
            guard let value = digitValue(text[index]) else { return nil }
            sum += value * weights[index]
        }
        switch 11 - sum % 11 {
        case 10: return UInt8(ascii: "X")
        case 11: return UInt8(ascii: "0")
        case let value: return UInt8(ascii: "0") + UInt8(value)
        }
    }

    /// 0 … 9 for digits, 10 … 35 for capital letters.
    static func digitValue(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
