extension TextEncoding {
    /// Text as bytes of this encoding, without a byte order mark. What GB18030 lacks does not exist: it has all of Unicode.
    public func encoded(_ text: String) -> [UInt8] {
        if self == .utf8 { return Array(text.utf8) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        switch self {
        case .utf8: break
        case .utf16LE:
            for unit in text.utf16 {
                bytes.append(UInt8(truncatingIfNeeded: unit))
                bytes.append(UInt8(truncatingIfNeeded: unit >> 8))
            }
        case .utf16BE:
            for unit in text.utf16 {
                bytes.append(UInt8(truncatingIfNeeded: unit >> 8))
                bytes.append(UInt8(truncatingIfNeeded: unit))
            }
        case .gb18030: for scalar in text.unicodeScalars { GB18030.append(scalar.value, to: &bytes) }
        }
        return bytes
    }
}

extension GB18030 {
    /// The bytes of a scalar behind others.
    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        if scalar < 0x80 { return bytes.append(UInt8(scalar)) }
        if scalar >= 0x10000 { return append(four: Int(scalar) - 0x10000 + 189_000, to: &bytes) }
        let code = inverse[Int(scalar)]
        guard code != 0 else { return bytes.append(UInt8(ascii: "?")) }
        if code & fourByteFlag != 0 { return append(four: Int(code & ~fourByteFlag), to: &bytes) }
        bytes.append(UInt8(code >> 8))
        bytes.append(UInt8(code & 0xFF))
    }

    private static let fourByteFlag: UInt32 = 1 << 31

    private static func append(four linear: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(0x81 + linear / 12_600))
        bytes.append(UInt8(0x30 + linear / 1260 % 10))
        bytes.append(UInt8(0x81 + linear / 10 % 126))
        bytes.append(UInt8(0x30 + linear % 10))
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
