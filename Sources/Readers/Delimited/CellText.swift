/// From the bytes of a field to the UTF-8 of a cell.
enum CellText {
    /// Appends a field's text as UTF-8 with its quotes undone.
    /// - Returns: what was not valid; its offset is one of `bytes`.
    static func append(
        _ field: FieldRanges.Field, of bytes: Span<UInt8>, _ dialect: Dialect, _ encoding: TextEncoding,
        to output: inout [UInt8]
    ) -> InvalidBytes {
        let start = output.count
        let text = bytes.extracting(field.range)
        var invalid = InvalidBytes()
        if UTF8Text.isASCII(text) {
            for index in text.indices { output.append(text[index]) }
        } else if encoding == .gb18030 {
            invalid = GB18030.decode(text, into: &output)
        } else {
            invalid = UTF8Text.repair(text, into: &output)
        }
        if let first = invalid.first { invalid.first = first + Int(field.start) }
        switch field.form {
        case .quotedWithEscapes: undoEscapes(&output, from: start, quote: dialect.quote, escape: dialect.escape)
        case .plainWithEscapes: undoEscapes(&output, from: start, quote: nil, escape: dialect.escape)
        case .plain, .quoted, .textAfterQuote: break
        }
        return invalid
    }

    /// A field's text as a string.
    static func string(
        _ field: FieldRanges.Field, of bytes: Span<UInt8>, _ dialect: Dialect, _ encoding: TextEncoding
    ) -> String {
        var output: [UInt8] = []
        _ = append(field, of: bytes, dialect, encoding, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private static func undoEscapes(_ output: inout [UInt8], from start: Int, quote: UInt8?, escape: UInt8?) {
        var write = start
        var read = start
        while read < output.count {
            let hasNext = read + 1 < output.count
            if hasNext, output[read] == escape, isEscapable(output[read + 1], quote, escape) {
                read += 1
            } else if hasNext, output[read] == quote, output[read + 1] == quote {
                read += 1
            }
            output[write] = output[read]
            write += 1
            read += 1
        }
        output.removeLast(output.count - write)
    }

    /// A letter, digit or Chinese character had no meaning that an escape could take away.
    private static func isEscapable(_ byte: UInt8, _ quote: UInt8?, _ escape: UInt8?) -> Bool {
        if byte == quote || byte == escape { return true }
        return switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...:
            false
        default: true
        }
    }

    /// Whether there is nothing in a field but blanks.
    static func isBlank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where bytes[index] != UInt8(ascii: " ") && bytes[index] != UInt8(ascii: "\t") {
            return false
        }
        return true
    }

    /// A text cut to what a finding shows.
    static func shown(_ text: String) -> String {
        text.utf8.count <= 200 ? text : String(text.unicodeScalars.prefix(100).map(Character.init)) + "…"
    }
}
