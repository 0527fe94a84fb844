/// Reads one line whose quotes contradict themselves, as whoever wrote it most probably meant it.
///
/// There are two ways to put too few quotes right. A quote that stands for itself at the beginning of a cell that is
/// not quoted: `"5 inch,…`. Or a quoted cell with a quote inside that was not doubled: `"say "yes" now"`. Both are tried
/// on the whole line; the one that gives the table's number of fields is taken, the second where both do.
struct LineRepair {
    let dialect: Dialect
    let encoding: TextEncoding

    /// The fields of a line, its line end not included.
    func fields(of bytes: Span<UInt8>, _ line: Range<Int>, width: Int) -> [FieldRanges.Field] {
        let inner = fields(of: bytes, line, keepsQuoted: true)
        if inner.count == width { return inner }
        let literal = fields(of: bytes, line, keepsQuoted: false)
        return literal.count == width || inner.count < width ? literal : inner
    }

    private func fields(of bytes: Span<UInt8>, _ line: Range<Int>, keepsQuoted: Bool) -> [FieldRanges.Field] {
        var fields: [FieldRanges.Field] = []
        var index = line.lowerBound
        while true {
            var end: Int?
            if index < line.upperBound, bytes[index] == dialect.quote {
                if let close = closingQuote(bytes, from: index, line.upperBound, isStrict: true)
                    ?? (keepsQuoted ? closingQuote(bytes, from: index, line.upperBound, isStrict: false) : nil)
                {
                    fields.append(field(index + 1, close, .quotedWithEscapes))
                    end = close + 1
                }
            }
            if end == nil {
                var place = index
                while place < line.upperBound, !isDelimiter(bytes, place, line.upperBound) {
                    place += step(bytes, place)
                }
                place = min(place, line.upperBound)
                fields.append(field(index, place, dialect.escape == nil ? .plain : .plainWithEscapes))
                end = place
            }
            index = end ?? line.upperBound
            guard index < line.upperBound else { return fields }
            index += dialect.delimiter.count
        }
    }

    /// The quote that closes the field: the first that is not doubled, and stands where a field ends. In the strict
    /// reading the first that is not doubled must stand there; else those that do not are text.
    private func closingQuote(_ bytes: Span<UInt8>, from open: Int, _ end: Int, isStrict: Bool) -> Int? {
        var index = open + 1
        while index < end {
            guard bytes[index] == dialect.quote else {
                index += step(bytes, index)
                continue
            }
            let next = index + 1
            if next == end || isDelimiter(bytes, next, end) { return index }
            if bytes[next] == dialect.quote {
                index += 2
            } else if isStrict {
                return nil
            } else {
                index += 1
            }
        }
        return nil
    }

    private func field(_ start: Int, _ end: Int, _ form: FieldRanges.Form) -> FieldRanges.Field {
        FieldRanges.Field(start: Int32(start), end: Int32(end), form: form)
    }

    private func isDelimiter(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
        guard index + dialect.delimiter.count <= end else { return false }
        for (place, byte) in dialect.delimiter.enumerated() where bytes[index + place] != byte { return false }
        return true
    }

    /// How far to the next character that could mean something.
    private func step(_ bytes: Span<UInt8>, _ index: Int) -> Int {
        if bytes[index] == dialect.escape { return 2 }
        guard dialect.isAmbiguous(in: encoding), bytes[index] >= 0x81, bytes[index] <= 0xFE else { return 1 }
        return index + 1 < bytes.count && bytes[index + 1] >= 0x40 ? 2 : 1
    }
}
