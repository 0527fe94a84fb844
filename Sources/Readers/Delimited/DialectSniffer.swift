import Core

/// Finds out how a file is written, from its first part.
///
/// The delimiter under which a known header is found wins, the one with most known columns where several do. Without a
/// header the records speak: how many have the same number of fields, how many fields that is, and how well the quotes
/// close. Then the quote is chosen by how often it stands around whole fields.
struct DialectSniffer {
    static let delimiters = [",", "\t", ";", "|"]
    private static let records = 200

    /// What a dialect makes of a sample.
    struct Impression {
        var records = 0
        /// Fields properly in quotes.
        var quoted = 0
        /// Quotes that do not close, or not where a field ends.
        var malformed = 0
        /// The most frequent number of fields, and how many records have it.
        var width = 0
        var widthRecords = 0
        /// Fields behind a delimiter that begin with a blank.
        var blankBeginnings = 0
        var innerFields = 0

        /// How much this looks like a table, 0 … 1.
        var score: Double {
            guard records > 0, width > 1 else { return 0 }
            let regular = Double(widthRecords) / Double(records)
            let wide = 1 - 1 / Double(width)
            let clean = Double(records) / Double(records + malformed)
            return regular * regular * wide * clean
        }
    }

    /// The dialect under which most headers of one of some tables are known, and that header.
    static func header(
        in sample: Span<UInt8>, from start: Int, isCutOff: Bool, _ encoding: TextEncoding, isReturn: Bool,
        sets: [DataSet]
    ) -> (dialect: Dialect, header: FoundHeader)? {
        let finder = HeaderFinder(sets)
        var best: (dialect: Dialect, header: FoundHeader)?
        // Without any quote both marks say the same.
        let (hasDouble, hasSingle) = marks(in: sample, from: start)
        let quotes: [Character] = hasDouble || hasSingle ? ["\"", "'"] : ["\""]
        for delimiter in delimiters {
            for quote in quotes {
                let dialect = Dialect(delimiter: delimiter, quote: quote, endsAtCarriageReturn: isReturn)
                guard let header = finder.header(in: sample, from: start, dialect, encoding) else { continue }
                if header.known > best?.header.known ?? 0 { best = (dialect, header) }
            }
        }
        guard var found = best else { return nil }
        found.dialect.quote = UInt8(ascii: "\"")
        found.dialect.quote = quote(
            in: sample, from: found.header.record.lowerBound, isCutOff: isCutOff, found.dialect, encoding)
        // The header once more, with the quote that it turned out to have.
        if let header = finder.header(in: sample, from: start, found.dialect, encoding) { found.header = header }
        return found
    }

    /// The quote for a delimiter.
    static func quote(
        in sample: Span<UInt8>, from start: Int, isCutOff: Bool, _ dialect: Dialect, _ encoding: TextEncoding
    ) -> UInt8? {
        var single = dialect
        single.quote = UInt8(ascii: "'")
        let byDouble = impression(of: sample, from: start, isCutOff: isCutOff, dialect, encoding)
        if byDouble.quoted > byDouble.malformed { return dialect.quote }
        if marks(in: sample, from: start).single {
            let bySingle = impression(of: sample, from: start, isCutOff: isCutOff, single, encoding)
            if bySingle.quoted > 2 * bySingle.malformed, bySingle.quoted > byDouble.quoted { return single.quote }
        }
        // Marks at the beginning of many cells and never around one: inches, not quotes.
        if byDouble.malformed >= 5, byDouble.quoted == 0 { return nil }
        return dialect.quote
    }

    /// Which of the marks that may stand around fields a sample has anywhere.
    private static func marks(in sample: Span<UInt8>, from start: Int) -> (double: Bool, single: Bool) {
        var (doubles, singles): (UInt64, UInt64) = (0, 0)
        var index = start
        while index + 8 <= sample.count {
            let word = ByteWords.word(sample, at: index)
            doubles |= ByteWords.equal(word, to: UInt8(ascii: "\""))
            singles |= ByteWords.equal(word, to: UInt8(ascii: "'"))
            index += 8
        }
        var found = (double: doubles != 0, single: singles != 0)
        while index < sample.count {
            if sample[index] == UInt8(ascii: "\"") { found.double = true }
            if sample[index] == UInt8(ascii: "'") { found.single = true }
            index += 1
        }
        return found
    }

    /// The dialect of text of which nothing else is known.
    static func dialect(
        of sample: Span<UInt8>, from start: Int, isCutOff: Bool, _ encoding: TextEncoding, isReturn: Bool,
        delimiters: [String] = delimiters + [" "]
    ) -> Dialect {
        var best = Dialect(endsAtCarriageReturn: isReturn)
        var bestScore = 0.0
        for delimiter in delimiters {
            var candidate = Dialect(delimiter: delimiter, endsAtCarriageReturn: isReturn)
            candidate.quote = quote(in: sample, from: start, isCutOff: isCutOff, candidate, encoding)
            let seen = impression(of: sample, from: start, isCutOff: isCutOff, candidate, encoding)
            // A blank is in every sentence: it must be much better to be believed.
            let score = delimiter == " " ? seen.score * 0.5 : seen.score
            guard score > bestScore else { continue }
            best = candidate
            bestScore = score
            if seen.innerFields > 0, delimiter != " ", seen.blankBeginnings * 20 >= seen.innerFields * 19 {
                best.delimiter = Array((delimiter + " ").utf8)
                best.quote = quote(in: sample, from: start, isCutOff: isCutOff, best, encoding)
            }
        }
        return best
    }

    /// Whether quotes inside quotes are escaped with a backslash: more of them are than are doubled.
    static func escape(in sample: Span<UInt8>, from start: Int, _ dialect: Dialect) -> UInt8? {
        guard let quote = dialect.quote else { return nil }
        let backslash = UInt8(ascii: "\\")
        var escaped = 0
        var doubled = 0
        var index = start + 1
        while index < sample.count {
            defer { index += 1 }
            guard sample[index] == quote else { continue }
            if sample[index - 1] == backslash { escaped += 1 }
            if sample[index - 1] == quote, index + 1 < sample.count, sample[index + 1] != dialect.delimiter[0],
                sample[index + 1] >= 0x20
            {
                doubled += 1
            }
        }
        return escaped > doubled ? backslash : nil
    }

    /// What a dialect makes of the first records.
    static func impression(
        of sample: Span<UInt8>, from start: Int, isCutOff: Bool, _ dialect: Dialect, _ encoding: TextEncoding
    ) -> Impression {
        var scanner = DelimitedScanner(dialect, encoding: encoding, recordLimit: 64 << 10)
        var seen = Impression()
        var widths: [Int: Int] = [:]
        var position = start
        loop: while seen.records < records {
            switch scanner.scan(sample, from: position, isLast: !isCutOff) {
            case .record:
                position = scanner.next
                look(at: scanner, sample, &seen, &widths)
            case .openQuote, .tooLong:
                seen.malformed += 1
                seen.records += 1
                guard let next = LineEnds.next(in: sample, from: position, dialect) else { break loop }
                position = next
            case .needsInput, .endOfInput: break loop
            }
        }
        // Of two widths equally frequent the greater is the table's: titles and notes are narrow.
        for (width, count) in widths where (count, width) > (seen.widthRecords, seen.width) {
            seen.width = width
            seen.widthRecords = count
        }
        return seen
    }

    private static func look(
        at scanner: DelimitedScanner, _ sample: Span<UInt8>, _ seen: inout Impression, _ widths: inout [Int: Int]
    ) {
        let fields = scanner.fields
        guard fields.fields.contains(where: { !CellText.isBlank(sample, $0.range) }) else { return }
        seen.records += 1
        widths[fields.count, default: 0] += 1
        for (position, field) in fields.fields.enumerated() {
            switch field.form {
            case .quoted, .quotedWithEscapes: seen.quoted += 1
            case .textAfterQuote: seen.malformed += 1
            case .plain, .plainWithEscapes: break
            }
            guard position > 0 else { continue }
            seen.innerFields += 1
            if field.form == .plain, field.start < field.end || position == fields.fields.count - 1 {
                if field.start == field.end || sample[Int(field.start)] == UInt8(ascii: " ") {
                    seen.blankBeginnings += 1
                }
            }
        }
    }
}
