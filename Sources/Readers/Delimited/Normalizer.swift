import Core

/// What is known of a text before it is normalised. What is not is found out.
public struct NormalizerOptions: Sendable, Hashable {
    /// The encoding.
    public var encoding: TextEncoding?
    /// What stands between fields, one character or more.
    public var delimiter: String?
    /// The quote; an empty string where there is none.
    public var quote: String?
    /// The escape; an empty string, or the quote itself, where quotes inside quotes are doubled.
    public var escape: String?
    /// How many records the header has; more than one are joined column by column with a blank.
    public var headerRows: Int?
    /// How many records above the header are left out, blank lines included.
    public var skip: Int?

    /// Nothing is known.
    public init() {}
}

/// Any delimited text as clean UTF-8 RFC 4180: commas, CR LF, quotes only where they are needed.
///
/// It changes how a text is written, not what it says: records keep the number of their fields, lines under the table
/// stay. Left out are a byte order mark, lines without any character, and what stands above the header: what
/// `skip` says, or else the records at the beginning that have at most one cell filled, where the rest has more.
/// Quotes that contradict themselves are put right line by line (`LineRepair`).
public struct Normalizer {
    /// What was found and done.
    public struct Summary: Sendable, Hashable, Codable {
        /// The encoding's name in the contract.
        public var encoding = TextEncoding.utf8.name
        /// What stood between fields.
        public var delimiter = ","
        /// The quote, where there was one.
        public var quote: String?
        /// The escape, where there was one.
        public var escape: String?
        /// Records above the header that were left out.
        public var skipped = 0
        /// Records written, the header included.
        public var records = 0
        /// Records whose quotes had to be put right.
        public var repaired = 0
        /// Lines longer than the limit, of which only the beginning was written.
        public var cut = 0
        /// Sequences that were not valid in the encoding, each now U+FFFD.
        public var invalid = 0

        /// Nothing yet.
        public init() {}
    }

    /// What was found and done so far.
    public private(set) var summary = Summary()

    private let options: NormalizerOptions
    private let limits: ReadingLimits
    private var stream: TextStream
    private var scanner = DelimitedScanner(Dialect())
    private var width = 0
    private var isOpen = false
    private var isFinished = false
    private var recordsToSkip = 0
    private var header: [[[UInt8]]] = []
    private var headerRows = 1

    /// A normaliser of a stream.
    public init(
        _ source: any ByteSource, options: NormalizerOptions = NormalizerOptions(),
        limits: ReadingLimits = ReadingLimits()
    ) {
        self.options = options
        self.limits = limits
        stream = TextStream(source, encoding: options.encoding)
    }

    /// A normaliser that decides by a sample of another size, so that fuzzers see with little what files do.
    package init(
        _ source: any ByteSource, options: NormalizerOptions, limits: ReadingLimits, sampleBytes: Int
    ) {
        self.options = options
        self.limits = limits
        stream = TextStream(source, encoding: options.encoding, sampleBytes: sampleBytes)
    }

    /// Appends the next part of the clean text; `false` at the end.
    public mutating func next(into output: inout [UInt8]) throws(ReadingError) -> Bool {
        if !isOpen { try open() }
        guard !isFinished else { return false }
        try stream.window.fill(to: limits.windowBytes)
        let held = stream.window.bytes
        let bytes = held.span
        let before = stream.window.start
        while stream.window.start < before + limits.windowBytes {
            let start = stream.window.start
            let state = scanner.scan(bytes, from: start, isLast: stream.window.isAtEnd)
            if stream.encoding == nil, state != .needsInput, state != .endOfInput,
                state != .record || !scanner.isASCII
            {
                guard stream.canDecide else {
                    try stream.window.fill(to: stream.sampleBytes)
                    return true
                }
                stream.decide(from: start)
            }
            switch state {
            case .record:
                if scanner.hasTextAfterQuote {
                    repair(bytes, start..<scanner.end, &output)
                } else if scanner.end > start {
                    take(scanner.fields.fields, bytes, &output)
                } else if recordsToSkip > 0 {
                    // A blank line above the header is one of those that are left out.
                    recordsToSkip -= 1
                    summary.skipped += 1
                }
                stream.window.start = scanner.next
            case .openQuote:
                let next = LineEnds.next(in: bytes, from: start, scanner.dialect) ?? bytes.count
                var end = next
                while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") {
                    end -= 1
                }
                repair(bytes, start..<end, &output)
                scanner.quoteLimit = max(4096, scanner.quoteLimit / 4)
                stream.window.start = next
            case .tooLong:
                summary.cut += 1
                let end = min(bytes.count, start + limits.recordBytes)
                take(
                    LineRepair(dialect: scanner.dialect, encoding: stream.byteEncoding)
                        .fields(of: bytes, start..<end, width: width), bytes, &output)
                stream.window.start = end
                try stream.window.passLine(scanner.dialect)
                return true
            case .needsInput:
                try stream.window.fill(to: stream.window.unread + min(64 << 10, stream.sampleBytes))
                return true
            case .endOfInput:
                finish(&output)
                return true
            }
        }
        return true
    }

    private mutating func finish(_ output: inout [UInt8]) {
        isFinished = true
        if !header.isEmpty { writeHeader(&output) }
        summary.encoding = stream.encodingName
    }

    private mutating func open() throws(ReadingError) {
        isOpen = true
        try stream.open()
        let held = stream.window.bytes
        let bytes = held.span
        let start = stream.window.start
        let isReturn = LineEnds.kind(in: bytes) == "\r"
        var dialect = sniffed(bytes, isReturn)
        if let delimiter = options.delimiter, !delimiter.isEmpty { dialect.delimiter = Array(delimiter.utf8) }
        if let quote = options.quote {
            dialect.quote = quote.utf8.first
        } else if options.delimiter != nil {
            dialect.quote = UInt8(ascii: "\"")
            dialect.quote = DialectSniffer.quote(
                in: bytes, from: start, isCutOff: !stream.window.isAtEnd, dialect, stream.byteEncoding)
        }
        if let escape = options.escape {
            dialect.escape = escape.utf8.first == dialect.quote ? nil : escape.utf8.first
        } else {
            dialect.escape = DialectSniffer.escape(in: bytes, from: start, dialect)
        }
        scanner = DelimitedScanner(
            dialect, encoding: stream.byteEncoding, recordLimit: limits.recordBytes, columnLimit: 100_000)
        width =
            DialectSniffer.impression(
                of: bytes, from: start, isCutOff: !stream.window.isAtEnd, dialect, stream.byteEncoding
            ).width
        headerRows = options.headerRows ?? 1
        recordsToSkip = options.skip ?? preamble(bytes)
        summary.delimiter = dialect.delimiterText
        summary.quote = dialect.quoteText
        summary.escape = dialect.escapeText
    }

    /// One of our tables is known by its header; everything else by its shape.
    private func sniffed(_ bytes: Span<UInt8>, _ isReturn: Bool) -> Dialect {
        let found = DialectSniffer.header(
            in: bytes, from: stream.window.start, isCutOff: !stream.window.isAtEnd, stream.byteEncoding,
            isReturn: isReturn, sets: DataSet.all)
        if let found { return found.dialect }
        return DialectSniffer.dialect(
            of: bytes, from: stream.window.start, isCutOff: !stream.window.isAtEnd, stream.byteEncoding,
            isReturn: isReturn)
    }

    /// How many records at the beginning are titles and notes: at most one cell filled, where the table has more.
    private func preamble(_ bytes: Span<UInt8>) -> Int {
        guard width > 2 else { return 0 }
        var scanner = self.scanner
        var position = stream.window.start
        for count in 0..<HeaderFinder.lookedAt {
            guard scanner.scan(bytes, from: position, isLast: stream.window.isAtEnd) == .record else { return 0 }
            let filled = scanner.fields.fields.count { !CellText.isBlank(bytes, $0.range) }
            if filled > 1 { return count }
            position = scanner.next
        }
        return 0
    }

    private mutating func repair(_ bytes: Span<UInt8>, _ line: Range<Int>, _ output: inout [UInt8]) {
        summary.repaired += 1
        take(
            LineRepair(dialect: scanner.dialect, encoding: stream.byteEncoding)
                .fields(of: bytes, line, width: width), bytes, &output)
    }

    private mutating func take(_ fields: [FieldRanges.Field], _ bytes: Span<UInt8>, _ output: inout [UInt8]) {
        if recordsToSkip > 0 {
            recordsToSkip -= 1
            summary.skipped += 1
            return
        }
        if headerRows > 1 {
            var cells: [[UInt8]] = []
            for field in fields {
                var cell: [UInt8] = []
                summary.invalid +=
                    CellText.append(field, of: bytes, scanner.dialect, stream.byteEncoding, to: &cell).count
                cells.append(cell)
            }
            header.append(cells)
            if header.count == headerRows { writeHeader(&output) }
            return
        }
        summary.records += 1
        for (position, field) in fields.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            let start = output.count
            summary.invalid +=
                CellText.append(field, of: bytes, scanner.dialect, stream.byteEncoding, to: &output).count
            CleanText.quote(&output, from: start)
        }
        // A lone empty cell would be no record at all.
        if fields.count == 1, fields[0].start == fields[0].end { output.append(contentsOf: "\"\"".utf8) }
        output.append(contentsOf: "\r\n".utf8)
    }

    /// Several header records as one: their cells joined with a blank, column by column.
    private mutating func writeHeader(_ output: inout [UInt8]) {
        headerRows = 1
        summary.records += 1
        for position in 0..<(header.map(\.count).max() ?? 0) {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            let start = output.count
            let parts = header.filter { position < $0.count }.map { $0[position] }
            output.append(contentsOf: parts.joined(separator: " ".utf8))
            CleanText.quote(&output, from: start)
        }
        output.append(contentsOf: "\r\n".utf8)
        header = []
    }
}

/// Writing RFC 4180.
enum CleanText {
    /// Puts the cell that begins at an offset in quotes, where it needs them.
    static func quote(_ output: inout [UInt8], from start: Int) {
        var quotes = 0
        var isNeeded = false
        for index in start..<output.count {
            switch output[index] {
            case UInt8(ascii: "\""):
                quotes += 1
                isNeeded = true
            case UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n"): isNeeded = true
            default: break
            }
        }
        guard isNeeded else { return }
        let cell = Array(output[start...])
        output.removeLast(output.count - start)
        output.append(UInt8(ascii: "\""))
        if quotes == 0 {
            output.append(contentsOf: cell)
        } else {
            for byte in cell {
                if byte == UInt8(ascii: "\"") { output.append(byte) }
                output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
