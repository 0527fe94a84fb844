import Core

/// Finds records and their fields in delimited text.
///
/// A value with a `scan` method, over whatever bytes the caller has: it owns no file, copies nothing and never throws.
/// A record is scanned from its start each time, so where the input was cut does not matter. What is decided
/// about a record depends on its first `recordLimit` bytes alone.
///
/// Quoting is RFC 4180: a quote has a meaning only as the first byte of a field, and inside one that began with it.
/// Everywhere else it is a byte like others.
public struct DelimitedScanner: Sendable {
    /// What a scan found.
    public enum State: Sendable, Hashable {
        /// A record; `fields`, `end`, `next` and `lineBreaks` describe it.
        case record
        /// The bytes end before the record does.
        case needsInput
        /// The quote at `openQuote` is not closed: not before the end, not within the limit, or only by one that, lines
        /// further down, was clearly meant to open another field.
        case openQuote
        /// The record does not end within the limit.
        case tooLong
        /// There are no more bytes.
        case endOfInput
    }

    /// How the text is written.
    public let dialect: Dialect
    /// The most bytes of one record, its line end included.
    public let recordLimit: Int
    /// The fields of the record.
    public private(set) var fields: FieldRanges
    /// The offset behind the record's last byte, before the line end.
    public private(set) var end = 0
    /// Where the next record begins.
    public private(set) var next = 0
    /// How many line ends were passed, the record's own included.
    public private(set) var lineBreaks = 0
    /// The offset of the quote that was not closed.
    public private(set) var openQuote = 0
    /// Whether all bytes of the record are ASCII.
    public private(set) var isASCII = true
    /// Whether a field has text behind its closing quote.
    public private(set) var hasTextAfterQuote = false
    /// How far a quoted field may reach; set lower by a reader that has seen many quotes that were never closed.
    public var quoteLimit: Int

    private let isPlain: Bool
    private let encoding: TextEncoding

    /// A scanner.
    /// - Parameter encoding: of the bytes; it matters for GB18030 where the delimiter can be a part of a character.
    public init(
        _ dialect: Dialect, encoding: TextEncoding = .utf8, recordLimit: Int = 1 << 20, columnLimit: Int = 1_000
    ) {
        self.dialect = dialect
        self.encoding = encoding
        self.recordLimit = max(recordLimit, 16)
        quoteLimit = self.recordLimit
        fields = FieldRanges(limit: columnLimit)
        isPlain = dialect.delimiter.count == 1 && dialect.escape == nil && !dialect.isAmbiguous(in: encoding)
    }

    /// Looks for the record that starts at an offset.
    /// - Parameter isLast: whether the bytes end where the file ends.
    public mutating func scan(_ bytes: Span<UInt8>, from start: Int, isLast: Bool) -> State {
        guard start < bytes.count else { return isLast ? .endOfInput : .needsInput }
        fields.removeAll()
        lineBreaks = 0
        hasTextAfterQuote = false
        guard isPlain else { return scanFields(bytes, start, isLast, isPlain: false) }
        if scanWords(bytes, start) { return .record }
        // Something that takes a closer look: the record is scanned again from its start.
        fields.removeAll()
        return scanFields(bytes, start, isLast, isPlain: true)
    }

    /// A record without quotes that ends in a line feed well before the end of the bytes, eight bytes at a time: nearly
    /// every one. `false` where the record may be something else.
    private mutating func scanWords(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
        guard !dialect.endsAtCarriageReturn else { return false }
        let delimiter = dialect.delimiter[0]
        let hasQuote = dialect.quote != nil
        let quote = dialect.quote ?? 0
        let bound = min(bytes.count, start + recordLimit)
        guard start + 8 <= bound, !hasQuote || bytes[start] != quote else { return false }
        var place = start
        var word = ByteWords.word(bytes, at: place)
        var marks = ends(in: word, delimiter)
        var merged: UInt64 = 0
        var field = start
        while true {
            while marks == 0 {
                merged |= word
                place += 8
                guard place + 8 <= bound else { return false }
                word = ByteWords.word(bytes, at: place)
                marks = ends(in: word, delimiter)
            }
            let bit = marks.trailingZeroBitCount
            let position = place + bit >> 3
            marks &= marks - 1
            if UInt8(truncatingIfNeeded: word &>> UInt64(bit & 0x38)) == delimiter {
                fields.append(field, position, .plain)
                field = position + 1
                guard field < bound, !hasQuote || bytes[field] != quote else { return false }
            } else {
                let isPair = position > field && bytes[position - 1] == UInt8(ascii: "\r")
                let end = isPair ? position - 1 : position
                fields.append(field, end, .plain)
                // Of the last word only what lies before the line feed.
                merged |= word & ((1 &<< UInt64(bit & 0x38)) - 1)
                isASCII = merged & ByteWords.highBits == 0
                self.end = end
                next = position + 1
                lineBreaks = 1
                return true
            }
        }
    }

    @inline(__always)
    private func ends(in word: UInt64, _ delimiter: UInt8) -> UInt64 {
        ByteWords.equal(word, to: delimiter) | ByteWords.equal(word, to: UInt8(ascii: "\n"))
    }

    /// The loop over fields, inlined twice: once for one byte between fields and doubled quotes, which is nearly every
    /// file and the only one whose speed matters, and once for long delimiters, escapes and ambiguous GB18030.
    @inline(__always)
    private mutating func scanFields(_ bytes: Span<UInt8>, _ start: Int, _ isLast: Bool, isPlain: Bool) -> State {
        let delimiter = dialect.delimiter[0]
        let hasQuote = dialect.quote != nil
        let quote = dialect.quote ?? 0
        let lineFeed = UInt8(ascii: "\n")
        let otherEnd = dialect.endsAtCarriageReturn ? UInt8(ascii: "\r") : lineFeed
        // With a comma or a tab, letters and digits are told from everything that ends a field by one comparison.
        let ceiling = max(delimiter, UInt8(ascii: "\r"))
        let limit = start + recordLimit
        let bound = min(bytes.count, limit)
        var merged: UInt8 = 0
        var index = start
        while true {
            let fieldStart = index
            if hasQuote, index < bound, bytes[index] == quote {
                switch scanQuoted(bytes, start, fieldStart, isLast, isPlain: isPlain, &merged) {
                case .field(let next): index = next
                case .stopped(let state): return state
                }
            } else {
                var form = FieldRanges.Form.plain
                while index < bound {
                    let byte = bytes[index]
                    if byte <= ceiling {
                        if byte == lineFeed || byte == otherEnd { break }
                        if byte == delimiter, isPlain || isDelimiter(bytes, index) { break }
                    }
                    merged |= byte
                    index += 1
                    if !isPlain {
                        let length = lengthOfRest(bytes, index)
                        if length > 0, byte == dialect.escape { form = .plainWithEscapes }
                        index += length
                    }
                }
                if index >= bound {
                    if index >= limit { return .tooLong }
                    guard isLast else { return .needsInput }
                } else if bytes[index] == lineFeed, index > fieldStart, bytes[index - 1] == UInt8(ascii: "\r") {
                    index -= 1
                }
                fields.append(fieldStart, index, form)
            }
            if index >= bytes.count { return finish(at: index, merged, lineEnd: 0) }
            guard let lineEnd = lineEndLength(bytes, index, isLast) else { return .needsInput }
            if lineEnd > 0 { return finish(at: index, merged, lineEnd: lineEnd) }
            index += isPlain ? 1 : dialect.delimiter.count
        }
    }

    private mutating func finish(at end: Int, _ merged: UInt8, lineEnd: Int) -> State {
        self.end = end
        next = end + lineEnd
        isASCII = merged < 0x80
        if lineEnd > 0 { lineBreaks += 1 }
        return .record
    }

    private enum QuotedField {
        /// The field ends here, at a delimiter, a line end or the end of the bytes.
        case field(Int)
        case stopped(State)
    }

    /// A field that begins with a quote.
    @inline(__always)
    private mutating func scanQuoted(
        _ bytes: Span<UInt8>, _ start: Int, _ fieldStart: Int, _ isLast: Bool, isPlain: Bool, _ merged: inout UInt8
    ) -> QuotedField {
        let quote = dialect.quote ?? 0
        let lineFeed = UInt8(ascii: "\n")
        let otherEnd = dialect.endsAtCarriageReturn ? UInt8(ascii: "\r") : lineFeed
        var limit = start + recordLimit
        var bound = min(bytes.count, limit)
        var form = FieldRanges.Form.quoted
        var breaks = 0
        var index = fieldStart + 1
        while true {
            guard index < bound else {
                guard index >= limit || isLast else { return .stopped(.needsInput) }
                openQuote = fieldStart
                return .stopped(index >= limit && breaks == 0 ? .tooLong : .openQuote)
            }
            let byte = bytes[index]
            merged |= byte
            if byte == quote {
                guard index + 1 < bytes.count || isLast else { return .stopped(.needsInput) }
                guard index + 1 < bytes.count, bytes[index + 1] == quote else { break }
                form = .quotedWithEscapes
                index += 2
                continue
            }
            if byte == lineFeed || byte == otherEnd {
                if byte == lineFeed || !isPairAt(bytes, index) { breaks += 1 }
                // From here on the quote may be one that was forgotten: it gets only so much more.
                limit = min(limit, max(index + 1, fieldStart + quoteLimit))
                bound = min(bytes.count, limit)
            }
            index += 1
            if !isPlain {
                let length = lengthOfRest(bytes, index)
                if length > 0, byte == dialect.escape { form = .quotedWithEscapes }
                index += length
            }
        }
        let behind = index + 1
        if behind >= bytes.count || isDelimiter(bytes, behind) {
            return closed(fieldStart, index, form, breaks)
        }
        guard let lineEnd = lineEndLength(bytes, behind, isLast) else { return .stopped(.needsInput) }
        if lineEnd > 0 { return closed(fieldStart, index, form, breaks) }
        if !isPlain, !isLast, bytes.count - behind < dialect.delimiter.count { return .stopped(.needsInput) }
        if breaks > 0 {
            openQuote = fieldStart
            return .stopped(.openQuote)
        }
        return textAfterQuote(bytes, from: behind, fieldStart, limit, isLast, &merged)
    }

    private mutating func closed(
        _ fieldStart: Int, _ index: Int, _ form: FieldRanges.Form, _ breaks: Int
    ) -> QuotedField {
        lineBreaks += breaks
        fields.append(fieldStart + 1, index, form)
        return .field(index + 1)
    }

    /// Reads on to where the field ends although its quote was closed.
    private mutating func textAfterQuote(
        _ bytes: Span<UInt8>, from start: Int, _ fieldStart: Int, _ limit: Int, _ isLast: Bool, _ merged: inout UInt8
    ) -> QuotedField {
        var index = start
        while index < min(bytes.count, limit), !isDelimiter(bytes, index) {
            guard let lineEnd = lineEndLength(bytes, index, isLast) else { return .stopped(.needsInput) }
            if lineEnd > 0 { break }
            merged |= bytes[index]
            index += 1
            if !isPlain { index += lengthOfRest(bytes, index) }
        }
        if index >= limit { return .stopped(.tooLong) }
        if index >= bytes.count, !isLast { return .stopped(.needsInput) }
        hasTextAfterQuote = true
        fields.append(fieldStart, min(index, bytes.count), .textAfterQuote)
        return .field(min(index, bytes.count))
    }

    /// How long the line end at an offset is; 0 where there is none, `nil` where that shows only in the next byte.
    @inline(__always)
    private func lineEndLength(_ bytes: Span<UInt8>, _ index: Int, _ isLast: Bool) -> Int? {
        if bytes[index] == UInt8(ascii: "\n") { return 1 }
        guard bytes[index] == UInt8(ascii: "\r") else { return 0 }
        guard index + 1 < bytes.count else { return isLast ? (dialect.endsAtCarriageReturn ? 1 : 0) : nil }
        if bytes[index + 1] == UInt8(ascii: "\n") { return 2 }
        return dialect.endsAtCarriageReturn ? 1 : 0
    }

    private func isPairAt(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
        index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
    }

    @inline(__always)
    private func isDelimiter(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
        guard bytes[index] == dialect.delimiter[0] else { return false }
        guard dialect.delimiter.count > 1 else { return true }
        guard index + dialect.delimiter.count <= bytes.count else { return false }
        for place in 1..<dialect.delimiter.count where bytes[index + place] != dialect.delimiter[place] { return false }
        return true
    }

    /// How many more bytes belong to the character that the byte before `index` began, or are escaped by it.
    private func lengthOfRest(_ bytes: Span<UInt8>, _ index: Int) -> Int {
        guard index < bytes.count else { return 0 }
        let byte = bytes[index - 1]
        if byte == dialect.escape {
            // An escape takes the meaning of what has one; a path such as C:\temp keeps its backslash.
            let next = bytes[index]
            return next == dialect.quote || next == dialect.escape || isDelimiter(bytes, index) ? 1 : 0
        }
        guard encoding == .gb18030, byte >= 0x81, byte <= 0xFE else { return 0 }
        return bytes[index] >= 0x40 && bytes[index] != 0x7F && bytes[index] != 0xFF ? 1 : 0
    }
}
