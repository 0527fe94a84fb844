/// 药品本位码: 14 digits, `86`, `9`, 5 for the enterprise, 5 for the product and a check digit.
public enum StandardCode {
    /// Whether the text is 14 digits that begin with 869 and the last is the check digit.
    ///
    /// Source: GB 18937 with the check digit of GB 12904 (positions from the right, even ones weigh 3).
    public static func checkHolds(_ text: Span<UInt8>) -> Bool {
        guard text.count == 14, let check = checkDigit(of: text) else { return false }
        return text[0] == UInt8(ascii: "8") && text[1] == UInt8(ascii: "6") && text[2] == UInt8(ascii: "9")
            && text[13] == check
    }

    /// The check digit of the first 13 digits; `nil` where they are not digits.
    public static func checkDigit(of text: Span<UInt8>) -> UInt8? {
        guard text.count >= 13 else { return nil }
        var sum = 0
        for index in 0..<13 {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            sum += index % 2 == 0 ? Int(digit) * 3 : Int(digit)
        }
        return UInt8(ascii: "0") + UInt8((10 - sum % 10) % 10)
    }
}
