/// Looking at UTF-8 bytes one scalar at a time, without making a string of them.
public enum UTF8Scan {
    /// The scalar that starts at a byte and how many bytes it has; `nil` where the bytes are not valid UTF-8
    /// (overlong forms, surrogates and values past U+10FFFF included).
    @inlinable
    public static func scalar(in bytes: Span<UInt8>, at index: Int) -> (value: UInt32, length: Int)? {
        let first = bytes[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let length: Int
        var value: UInt32
        let minimum: UInt32
        switch first {
        case 0xC2...0xDF: (length, value, minimum) = (2, UInt32(first & 0x1F), 0x80)
        case 0xE0...0xEF: (length, value, minimum) = (3, UInt32(first & 0x0F), 0x800)
        case 0xF0...0xF4: (length, value, minimum) = (4, UInt32(first & 0x07), 0x10000)
        default: return nil
        }
        guard index + length <= bytes.count else { return nil }
        for next in index + 1..<index + length {
            guard bytes[next] & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(bytes[next] & 0x3F)
        }
        guard value >= minimum, value <= 0x10FFFF, !(0xD800...0xDFFF).contains(value) else { return nil }
        return (value, length)
    }

    /// How many scalars valid UTF-8 has.
    @inlinable
    public static func scalarCount(of bytes: Span<UInt8>) -> Int {
        var count = 0
        for index in bytes.indices where bytes[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
