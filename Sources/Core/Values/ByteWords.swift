/// Eight bytes at a time: what the inner loops over cells are made of.
///
/// Every load is checked against the span's bounds; bytes are numbered from the lowest of a word on.
public enum ByteWords {
    /// The highest bit of each byte.
    public static let highBits: UInt64 = 0x8080_8080_8080_8080
    @usableFromInline static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The eight bytes from an offset on.
    @inlinable @inline(__always)
    public static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
        // Any eight bytes are a number.
        unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The four bytes from an offset on.
    @inlinable @inline(__always)
    public static func half(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
        unsafe UInt32(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// All bytes of a span of fewer than eight, zeros behind.
    @inlinable @inline(__always)
    public static func short(_ bytes: Span<UInt8>) -> UInt64 {
        let count = bytes.count
        let raw = unsafe bytes.bytes
        if count >= 4 {
            // Two halves that may overlap: where they do, they are the same.
            let low = unsafe UInt32(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self))
            let high = unsafe UInt32(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return UInt64(low) | UInt64(high) &<< UInt64((count - 4) * 8)
        }
        if count >= 2 {
            let low = unsafe UInt16(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt16.self))
            let high = unsafe UInt16(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: count - 2, as: UInt16.self))
            return UInt64(low) | UInt64(high) &<< UInt64((count - 2) * 8)
        }
        return count == 1 ? UInt64(bytes[0]) : 0
    }

    /// The highest bit of each byte that equals `byte`; others are 0. Exact for every byte.
    @inlinable @inline(__always)
    public static func equal(_ word: UInt64, to byte: UInt8) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let difference = word ^ (ones &* UInt64(byte))
        return ~(((difference & low) &+ low) | difference) & highBits
    }

    /// Whether two spans hold the same bytes.
    @inlinable
    public static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        let count = left.count
        guard count == right.count else { return false }
        guard count >= 8 else { return short(left) == short(right) }
        var offset = 0
        while offset + 8 <= count {
            guard word(left, at: offset) == word(right, at: offset) else { return false }
            offset += 8
        }
        return word(left, at: count - 8) == word(right, at: count - 8)
    }

    /// Whether all bytes are below 0x80.
    @inlinable
    public static func isASCII(_ bytes: Span<UInt8>) -> Bool {
        let count = bytes.count
        guard count >= 8 else { return short(bytes) & highBits == 0 }
        var merged: UInt64 = 0
        var offset = 0
        while offset + 8 <= count {
            merged |= word(bytes, at: offset)
            offset += 8
        }
        return (merged | word(bytes, at: count - 8)) & highBits == 0
    }
}
