import Core

/// Checking and writing UTF-8.
enum UTF8Text {
    /// Whether all bytes are below 0x80.
    static func isASCII(_ bytes: Span<UInt8>) -> Bool { ByteWords.isASCII(bytes) }

    /// Whether all bytes are valid.
    static func isValid(_ bytes: Span<UInt8>) -> Bool { validCount(of: bytes) == bytes.count }

    /// Whether all bytes are valid and none of the characters is U+FFFD.
    static func isClean(_ bytes: Span<UInt8>) -> Bool { validCount(of: bytes, takesReplacements: false) == bytes.count }

    /// How many bytes there are before the first that is not valid; a character cut off by the end is not.
    static func validCount(of bytes: Span<UInt8>) -> Int { validCount(of: bytes, takesReplacements: true) }

    /// The same, or how many before the first U+FFFD, which is valid and says nothing.
    @inline(__always)
    private static func validCount(of bytes: Span<UInt8>, takesReplacements: Bool) -> Int {
        let count = bytes.count
        var index = 0
        while index < count {
            if index + 8 <= count {
                let high = ByteWords.word(bytes, at: index) & ByteWords.highBits
                guard high != 0 else {
                    index += 8
                    continue
                }
                index += high.trailingZeroBitCount >> 3
            } else if bytes[index] < 0x80 {
                index += 1
                continue
            }
            // Chinese characters in a row: a lead byte other than E0 and ED, which have rules of their own, and two more.
            while index + 4 <= count {
                let character = ByteWords.half(bytes, at: index)
                let lead = UInt8(truncatingIfNeeded: character)
                guard lead &- 0xE1 <= 0x0E, lead != 0xED, character & 0xC0_C000 == 0x80_8000 else { break }
                if !takesReplacements, character & 0xFF_FFFF == 0xBD_BFEF { return index }
                index += 3
            }
            guard index < count, bytes[index] >= 0x80 else { continue }
            guard let (value, length) = UTF8Scan.scalar(in: bytes, at: index) else { return index }
            if !takesReplacements, value == 0xFFFD { return index }
            index += length
        }
        return count
    }

    /// What is not valid, counted by sequences: a broken sequence ends where the next character could begin.
    ///
    /// - Parameter isCutOff: whether more bytes follow, so that a sequence cut off by the end is no error yet.
    static func invalidBytes(in bytes: Span<UInt8>, isCutOff: Bool = false) -> InvalidBytes {
        var invalid = InvalidBytes()
        var index = validCount(of: bytes)
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
            } else if let (_, length) = UTF8Scan.scalar(in: bytes, at: index) {
                index += length
            } else {
                let length = brokenLength(in: bytes, at: index)
                if isCutOff, index + length == bytes.count, isPrefix(bytes, index) { break }
                invalid.add(at: index)
                index += length
            }
        }
        return invalid
    }

    /// Appends the text with U+FFFD for each invalid sequence.
    static func repair(_ bytes: Span<UInt8>, into output: inout [UInt8]) -> InvalidBytes {
        var invalid = InvalidBytes()
        var index = 0
        while index < bytes.count {
            if let (_, length) = UTF8Scan.scalar(in: bytes, at: index) {
                for next in index..<index + length { output.append(bytes[next]) }
                index += length
            } else {
                invalid.add(at: index)
                append(0xFFFD, to: &output)
                index += brokenLength(in: bytes, at: index)
            }
        }
        return invalid
    }

    /// The character at an offset, in the form that all encodings share.
    @inline(__always)
    static func scalar(in bytes: Span<UInt8>, at index: Int) -> (value: UInt32?, length: Int, isCutOff: Bool) {
        if let (value, length) = UTF8Scan.scalar(in: bytes, at: index) { return (value, length, false) }
        let length = brokenLength(in: bytes, at: index)
        return (nil, length, index + length == bytes.count && isPrefix(bytes, index))
    }

    /// How many bytes from here on belong to one broken sequence: its lead and what could have continued it.
    private static func brokenLength(in bytes: Span<UInt8>, at index: Int) -> Int {
        let expected =
            switch bytes[index] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        var length = 1
        while length < expected - 1, index + length < bytes.count, bytes[index + length] & 0xC0 == 0x80 { length += 1 }
        return length
    }

    /// Whether the bytes up to the end could be the beginning of a character.
    private static func isPrefix(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
        let expected =
            switch bytes[index] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        return bytes.count - index < expected
    }

    /// Appends a scalar value as UTF-8.
    @inline(__always)
    static func append(_ scalar: UInt32, to output: inout [UInt8]) {
        if scalar < 0x80 { return output.append(UInt8(scalar)) }
        switch scalar {
        case ..<0x800:
            output.append(UInt8(0xC0 | scalar >> 6))
            output.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            output.append(UInt8(0xE0 | scalar >> 12))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        default:
            output.append(UInt8(0xF0 | scalar >> 18))
            output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// Appends a scalar value as UTF-8 where there is room for it.
    @inline(__always)
    static func append(_ scalar: UInt32, to output: inout OutputSpan<UInt8>) {
        switch scalar {
        case ..<0x80: output.append(UInt8(scalar))
        case ..<0x800:
            output.append(UInt8(0xC0 | scalar >> 6))
            output.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            output.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        default:
            output.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
            output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// How many bytes a scalar value has in UTF-8.
    static func length(of scalar: UInt32) -> Int {
        switch scalar {
        case ..<0x80: 1
        case ..<0x800: 2
        case ..<0x10000: 3
        default: 4
        }
    }
}
