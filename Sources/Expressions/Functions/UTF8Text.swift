internal import Core

/// Characters of UTF-8 bytes. Bytes that are not valid are passed over without harm.
enum UTF8Text {
    /// Where the character that starts at a byte ends.
    static func end(ofCharacterAt index: Int, in text: Span<UInt8>) -> Int {
        var next = index + 1
        guard text[index] >= 0x80 else { return next }
        while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }

    /// -1, 0 or 1: the order of the bytes, which is that of the code points.
    static func order(_ a: ColumnBatch.TextExtent, _ b: ColumnBatch.TextExtent, in bytes: Span<UInt8>) -> Int {
        for offset in 0..<min(a.count, b.count) {
            let (x, y) = (bytes[a.start + offset], bytes[b.start + offset])
            if x != y { return x < y ? -1 : 1 }
        }
        return a.count == b.count ? 0 : a.count < b.count ? -1 : 1
    }

    /// The bytes of some of the characters of a text.
    static func slice(
        _ extent: ColumnBatch.TextExtent, _ slice: TextSlice, in bytes: Span<UInt8>
    ) -> ColumnBatch.TextExtent {
        let text = bytes.extracting(extent.range)
        let wanted = slice.range(of: UTF8Scan.scalarCount(of: text))
        var index = 0
        for _ in 0..<wanted.lowerBound { index = end(ofCharacterAt: index, in: text) }
        let start = index
        for _ in wanted { index = end(ofCharacterAt: index, in: text) }
        return ColumnBatch.TextExtent(start: extent.start + start, count: index - start)
    }
}
