import Core

/// Looking for bytes that say nothing: invalid ones, and U+FFFD, which stands where somebody lost some before.
enum InvalidText {
    /// Whether a range is valid UTF-8 without U+FFFD; characters cut off by its end count as invalid.
    static func isClean(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool { isClean(bytes.extracting(range)) }

    /// Whether a field is valid UTF-8 without U+FFFD.
    static func isClean(_ bytes: Span<UInt8>) -> Bool { UTF8Text.isClean(bytes) }

    /// The offset of the first U+FFFD in UTF-8.
    static func firstReplacement(in bytes: Span<UInt8>) -> Int? {
        var index = 0
        let last = bytes.count - 2
        while index < last {
            // Eight bytes without its first one are passed over at once: Chinese text has few of them.
            if index + 8 <= bytes.count, ByteWords.equal(ByteWords.word(bytes, at: index), to: 0xEF) == 0 {
                index += 8
                continue
            }
            let end = min(index + 8, last)
            while index < end {
                if bytes[index] == 0xEF, bytes[index + 1] == 0xBF, bytes[index + 2] == 0xBD { return index }
                index += 1
            }
        }
        return nil
    }

    /// What is wrong in a field: all sequences that are invalid or U+FFFD, counted, and the first one's offset.
    static func check(_ field: Span<UInt8>, at offset: Int, _ encoding: TextEncoding) -> InvalidBytes {
        if encoding == .gb18030 { return shifted(GB18030.invalidBytes(in: field), by: offset) }
        var invalid = UTF8Text.invalidBytes(in: field)
        let replacements = count(in: field)
        if replacements > 0, let first = firstReplacement(in: field) {
            invalid.first = min(invalid.first ?? first, first)
            invalid.count += replacements
        }
        return shifted(invalid, by: offset)
    }

    private static func shifted(_ invalid: InvalidBytes, by offset: Int) -> InvalidBytes {
        var result = invalid
        result.first = invalid.first.map { $0 + offset }
        return result
    }

    private static func count(in bytes: Span<UInt8>) -> Int {
        var count = 0
        var index = 0
        while index + 2 < bytes.count {
            if bytes[index] == 0xEF, bytes[index + 1] == 0xBF, bytes[index + 2] == 0xBD { count += 1 }
            index += 1
        }
        return count
    }
}
