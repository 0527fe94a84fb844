internal import Core

/// Full-width forms of ASCII characters as ASCII.
enum HalfWidth {
    /// The text with U+FF01…U+FF5E and U+3000 folded; `nil` where there was nothing to fold.
    static func folded(_ text: Span<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var hasChanged = false
        var index = 0
        while index < text.count {
            guard let (scalar, length) = UTF8Scan.scalar(in: text, at: index) else { return nil }
            if (0xFF01...0xFF5E).contains(scalar) {
                result.append(UInt8(scalar - 0xFEE0))
                hasChanged = true
            } else if scalar == 0x3000 {
                result.append(UInt8(ascii: " "))
                hasChanged = true
            } else {
                for offset in index..<index + length { result.append(text[offset]) }
            }
            index += length
        }
        return hasChanged ? result : nil
    }
}
