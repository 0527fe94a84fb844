/// 统一社会信用代码: 17 characters and a check character.
public enum CreditCode {
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

    /// Whether the text is 18 characters of the alphabet and the last is the check character. Source: GB 32100-2015.
    public static func checkHolds(_ text: Span<UInt8>) -> Bool {
        guard text.count == 18 else { return false }
        var sum = 0
        for index in 0..<17 {
            guard let value = alphabet.firstIndex(of: text[index]) else { return false }
            sum += value * weights[index]
        }
        return text[17] == alphabet[(31 - sum % 31) % 31]
    }
}
