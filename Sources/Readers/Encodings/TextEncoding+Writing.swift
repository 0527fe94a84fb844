extension TextEncoding {
    /// Text as bytes of this encoding, without a byte order mark. What GB18030 lacks does not exist: it has all of Unicode.
    public func encoded(_ text: String) -> [UInt8] {
        switch self {
        case .utf8: Array(text.utf8)
        case .utf16LE: text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        case .utf16BE: text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        case .gb18030: GB18030.encoded(text)
        }
    }
}

extension GB18030 {
    /// The bytes of a text.
    static func encoded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            let value = scalar.value
            guard value >= 0x80 else {
                bytes.append(UInt8(value))
                continue
            }
            let code = value < 0x10000 ? inverse[Int(value)] : UInt32(value - 0x10000 + 189_000) | fourByteFlag
            if code & fourByteFlag != 0 {
                bytes += four(Int(code & ~fourByteFlag))
            } else if code != 0 {
                bytes.append(UInt8(code >> 8))
                bytes.append(UInt8(code & 0xFF))
            } else {
                bytes.append(UInt8(ascii: "?"))
            }
        }
        return bytes
    }

    private static let fourByteFlag: UInt32 = 1 << 31

    private static func four(_ linear: Int) -> [UInt8] {
        [
            UInt8(0x81 + linear / 12_600), UInt8(0x30 + linear / 1260 % 10), UInt8(0x81 + linear / 10 % 126),
            UInt8(0x30 + linear % 10),
        ]
    }

    /// For each scalar of the basic plane its two bytes, or the number of its four; 0 where it has none (surrogates).
    private static let inverse: [UInt32] = {
        var codes = [UInt32](repeating: 0, count: 0x10000)
        for (linear, scalar) in mapping.fours.enumerated() where scalar != 0 && scalar < 0x10000 {
            codes[Int(scalar)] = UInt32(linear) | fourByteFlag
        }
        for (index, scalar) in mapping.pairs.enumerated() where scalar != 0 && scalar < 0x10000 {
            let column = index % 190
            codes[Int(scalar)] = UInt32((index / 190 + 0x81) << 8 | (column + (column < 0x3F ? 0x40 : 0x41)))
        }
        return codes
    }()
}
