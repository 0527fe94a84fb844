import Glibc

/// GB18030 to UTF-8.
///
/// The mapping is the one of the C library: it is asked once for everything the encoding can say, and from then on a
/// character is a look-up in a table. That is faster than a call per cell, needs no handle that cells would have to
/// share, and leaves one place with unsafe memory.
///
/// A character has one byte (ASCII), two (lead 81–FE, trail 40–7E or 80–FE) or four (81–FE, 30–39, 81–FE, 30–39).
enum GB18030 {
    /// Whether the C library knows the encoding. Where its conversion modules are missing, no Chinese can be read.
    static var isAvailable: Bool { mapping.pairs[(0xD6 - 0x81) * 190 + (0xD0 - 0x41)] == 0x4E2D }

    /// The character at an offset: its scalar value, `nil` where it has none, and how many bytes it takes.
    ///
    /// What is wrong takes as many bytes as look like belonging together, but never a delimiter, quote or line end.
    /// Where the bytes end inside what could be a character, `isCutOff` is set.
    @inline(__always)
    static func scalar(
        in bytes: Span<UInt8>, at index: Int, _ mapping: borrowing Mapping
    ) -> (value: UInt32?, length: Int, isCutOff: Bool) {
        let lead = bytes[index]
        if lead < 0x80 { return (UInt32(lead), 1, false) }
        guard lead >= 0x81, lead <= 0xFE else { return (nil, 1, false) }
        guard index + 1 < bytes.count else { return (nil, 1, true) }
        let trail = bytes[index + 1]
        if trail >= 0x40, trail != 0x7F, trail != 0xFF {
            let column = Int(trail) - (trail < 0x7F ? 0x40 : 0x41)
            let value = mapping.pairs[(Int(lead) - 0x81) * 190 + column]
            return (value == 0 ? nil : value, 2, false)
        }
        guard trail >= 0x30, trail <= 0x39 else { return (nil, 1, false) }
        return four(in: bytes, at: index, mapping)
    }

    private static func four(
        in bytes: Span<UInt8>, at index: Int, _ mapping: borrowing Mapping
    ) -> (value: UInt32?, length: Int, isCutOff: Bool) {
        guard index + 2 < bytes.count else { return (nil, 1, true) }
        guard bytes[index + 2] >= 0x81, bytes[index + 2] <= 0xFE else { return (nil, 1, false) }
        guard index + 3 < bytes.count else { return (nil, 1, true) }
        guard bytes[index + 3] >= 0x30, bytes[index + 3] <= 0x39 else { return (nil, 1, false) }
        let linear =
            ((Int(bytes[index]) - 0x81) * 10 + Int(bytes[index + 1]) - 0x30) * 1260
            + (Int(bytes[index + 2]) - 0x81) * 10 + Int(bytes[index + 3]) - 0x30
        if linear < Mapping.fourByteCount {
            let value = mapping.fours[linear]
            return (value == 0 ? nil : value, 4, false)
        }
        // Everything past the basic plane follows in order from 90 30 81 30 on.
        let beyond = linear - 189_000
        guard beyond >= 0, beyond < 0x100000 else { return (nil, 4, false) }
        return (UInt32(0x10000 + beyond), 4, false)
    }

    /// Appends the text as UTF-8, U+FFFD for each invalid sequence. A U+FFFD of the text itself counts as invalid too:
    /// it says that somebody lost a character before.
    static func decode(_ bytes: Span<UInt8>, into output: inout [UInt8]) -> InvalidBytes {
        let mapping = Self.mapping
        var invalid = InvalidBytes()
        var index = 0
        while index < bytes.count {
            let (value, length, _) = scalar(in: bytes, at: index, mapping)
            if value == nil || value == 0xFFFD { invalid.add(at: index) }
            UTF8Text.append(value ?? 0xFFFD, to: &output)
            index += length
        }
        return invalid
    }

    /// What is not valid, U+FFFD included.
    ///
    /// - Parameter isCutOff: whether more bytes follow, so that a character cut off by the end is no error yet.
    static func invalidBytes(in bytes: Span<UInt8>, isCutOff: Bool = false) -> InvalidBytes {
        let mapping = Self.mapping
        var invalid = InvalidBytes()
        var index = 0
        while index < bytes.count {
            let (value, length, isOpen) = scalar(in: bytes, at: index, mapping)
            if isOpen, isCutOff { break }
            if value == nil || value == 0xFFFD { invalid.add(at: index) }
            index += length
        }
        return invalid
    }

    /// All characters of two bytes, and those of four that lie in the basic plane; 0 where there is none.
    struct Mapping: Sendable {
        static let fourByteCount = 39_420
        var pairs = [UInt32](repeating: 0, count: 126 * 190)
        var fours = [UInt32](repeating: 0, count: fourByteCount)
    }

    static let mapping: Mapping = {
        var mapping = Mapping()
        guard let converter = CharacterConverter(from: "GB18030") else { return mapping }
        for lead in 0x81...0xFE {
            for trail in 0x40...0xFE where trail != 0x7F {
                let column = trail - (trail < 0x7F ? 0x40 : 0x41)
                let scalar = converter.scalar(of: [UInt8(lead), UInt8(trail)])
                mapping.pairs[(lead - 0x81) * 190 + column] = scalar ?? 0
            }
        }
        for linear in 0..<Mapping.fourByteCount {
            let bytes = [
                UInt8(0x81 + linear / 12_600), UInt8(0x30 + linear / 1260 % 10),
                UInt8(0x81 + linear / 10 % 126), UInt8(0x30 + linear % 10),
            ]
            mapping.fours[linear] = converter.scalar(of: bytes) ?? 0
        }
        return mapping
    }()
}

/// One iconv handle, for one character at a time. It cannot be copied, so the C memory is released once.
@safe
private struct CharacterConverter: ~Copyable {
    private let handle: iconv_t

    /// A converter to UTF-32; `nil` where the C library does not know the encoding.
    init?(from encoding: String) {
        let opened = unsafe iconv_open("UTF-32LE", encoding)
        guard unsafe opened != iconv_t(bitPattern: -1), let opened = unsafe opened else { return nil }
        unsafe handle = opened
    }

    deinit { unsafe iconv_close(handle) }

    /// The scalar that some bytes are, when they are exactly one valid character.
    func scalar(of bytes: [UInt8]) -> UInt32? {
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: 16)
        var written = 0
        let isDone = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                var from = input.baseAddress
                var fromCount = input.count
                var to = output.baseAddress
                var toCount = output.count
                let result = unsafe iconv(handle, &from, &fromCount, &to, &toCount)
                written = output.count - toCount
                return result != Int.max && result != Int(bitPattern: UInt.max) && fromCount == 0
            }
        }
        guard isDone, written == 4 else { return nil }
        return (0..<4).reduce(0) { $0 | UInt32(UInt8(bitPattern: output[$1])) << (8 * UInt32($1)) }
    }
}
