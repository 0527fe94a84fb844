import Core

/// The header of a delimited file: where it stands and what its fields are.
struct FoundHeader {
    /// The position of the table among those that were asked for.
    var set: Int
    /// The record, as offsets of the sample.
    var record: Range<Int>
    /// Where the first data record begins.
    var next: Int
    /// The physical line of the header, from 1.
    var line: Int
    /// How many line ends were passed, the header's own included.
    var lineBreaks: Int
    /// The headers as they came.
    var headers: [String]
    /// What each of them names.
    var matches: [HeaderIndex.Match?]
    /// How many different columns are named.
    var known: Int
}

/// Looks for the header: the first of the first ten records in which at least 60 % of the cells that are not blank, and
/// at least two, are known headers.
struct HeaderFinder {
    private let indices: [HeaderIndex]
    static let lookedAt = 10

    init(_ sets: [DataSet]) { indices = sets.map { HeaderIndex.of($0.table) } }

    /// The header under a dialect.
    func header(in sample: Span<UInt8>, from start: Int, _ dialect: Dialect, _ encoding: TextEncoding) -> FoundHeader? {
        var scanner = DelimitedScanner(dialect, encoding: encoding, recordLimit: 256 << 10)
        var position = start
        var line = 1
        for _ in 0..<Self.lookedAt {
            switch scanner.scan(sample, from: position, isLast: true) {
            case .record:
                if var found = match(scanner.fields, sample, dialect, encoding) {
                    found.record = position..<scanner.end
                    found.next = scanner.next
                    found.line = line
                    found.lineBreaks = line - 1 + scanner.lineBreaks
                    return found
                }
                position = scanner.next
                line += scanner.lineBreaks
            case .openQuote, .tooLong:
                // A title with a lone quote: look below it.
                guard let next = LineEnds.next(in: sample, from: position, dialect) else { return nil }
                position = next
                line += 1
            case .needsInput, .endOfInput: return nil
            }
        }
        return nil
    }

    private func match(
        _ fields: FieldRanges, _ bytes: Span<UInt8>, _ dialect: Dialect, _ encoding: TextEncoding
    ) -> FoundHeader? {
        guard fields.count > 1, !fields.isOverLimit else { return nil }
        let headers = fields.fields.map { CellText.string($0, of: bytes, dialect, encoding) }
        var keys = [String?](repeating: nil, count: headers.count)
        var best: FoundHeader?
        for (set, index) in indices.enumerated() {
            let matches = headers.indices.map { field in
                if let match = index[written: headers[field]] { return Optional(match) }
                let key = keys[field] ?? HeaderIndex.key(headers[field])
                keys[field] = key
                return index[key: key]
            }
            // Whatever names a column is not empty.
            let filled = headers.indices.filter { matches[$0] != nil || keys[$0]?.isEmpty == false }.count
            let known = matches.filter { $0 != nil }.count
            let distinct = Set(matches.compactMap { $0 }.filter { $0 != .ignored }).count
            guard known * 10 >= filled * 6, distinct >= 2, distinct > best?.known ?? 0 else { continue }
            best = FoundHeader(
                set: set, record: 0..<0, next: 0, line: 0, lineBreaks: 0, headers: headers, matches: matches,
                known: distinct)
        }
        return best
    }
}

/// Lines, whatever the quotes say.
enum LineEnds {
    /// Where the line after the one at `start` begins; `nil` where there is no line end.
    static func next(in bytes: Span<UInt8>, from start: Int, _ dialect: Dialect) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") { return index + 1 }
            if bytes[index] == UInt8(ascii: "\r"), dialect.endsAtCarriageReturn {
                let isPair = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
                return index + (isPair ? 2 : 1)
            }
            index += 1
        }
        return nil
    }

    /// How many line ends there are.
    static func count(in bytes: Span<UInt8>, _ range: Range<Int>, _ dialect: Dialect) -> Int {
        var count = 0
        for index in range {
            if bytes[index] == UInt8(ascii: "\n") { count += 1 }
            if bytes[index] == UInt8(ascii: "\r"), dialect.endsAtCarriageReturn {
                if index + 1 >= bytes.count || bytes[index + 1] != UInt8(ascii: "\n") { count += 1 }
            }
        }
        return count
    }

    /// What ends the lines of a sample: `\r\n`, `\n` or `\r`, whichever is most frequent; `nil` where nothing does.
    static func kind(in bytes: Span<UInt8>) -> String? {
        var counts = (feed: 0, pair: 0, lone: 0)
        var index = 0
        let end = min(bytes.count, 256 << 10)
        while index < end {
            if index + 8 <= end {
                let word = ByteWords.word(bytes, at: index)
                let ends =
                    ByteWords.equal(word, to: UInt8(ascii: "\n")) | ByteWords.equal(word, to: UInt8(ascii: "\r"))
                guard ends != 0 else {
                    index += 8
                    continue
                }
                index += ends.trailingZeroBitCount >> 3
            }
            if bytes[index] == UInt8(ascii: "\n") { counts.feed += 1 }
            if bytes[index] == UInt8(ascii: "\r") {
                if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") {
                    counts.pair += 1
                    index += 1
                } else {
                    counts.lone += 1
                }
            }
            index += 1
        }
        // Fewer lone carriage returns than lines are dirt in cells.
        if counts.lone > counts.feed + counts.pair { return "\r" }
        if counts.feed + counts.pair > 0 { return counts.pair >= counts.feed ? "\r\n" : "\n" }
        return nil
    }
}
