public import Core

/// Reads a table from delimited text: encoding, dialect and header are found out, then rows come batch by batch.
///
/// What can be wrong with a row never costs another row: a quote that is not closed breaks the line on which it opens
/// and reading goes on with the next; a record that is too long is passed over to its line end. Memory is bounded by
/// `limits.windowBytes`, `limits.recordBytes` and the MiB that is looked at first.
///
/// - For UTF-16 the bytes of a row (`Row.raw`) are its text as UTF-8; `byteOffset` is always one of the original bytes.
/// - Of a record longer than `limits.recordBytes`, `Row.raw` holds so many bytes; the row is broken.
/// - Blank lines, also ones of delimiters only, are no rows. Lines of totals and signatures are rows with `isTotal`.
/// - A cell written `="00123"`, the way to keep a spreadsheet from eating zeros, is `00123`.
public final class DelimitedTableReader: TableReader {
    /// What is known of the file so far.
    public var facts: FileFacts { state.facts }
    /// What is wrong with the file as a whole, so far.
    public var fileObservations: [Observation] { state.observations }
    /// The table that is read: the one asked for, or the one whose headers were found.
    public var dataSet: DataSet { state.dataSet }

    private var state: DelimitedReading

    /// A reader of a table; nothing is read before the first `next`.
    /// - Parameters:
    ///   - source: the unpacked bytes.
    ///   - dataSet: the table the file should hold.
    ///   - limits: how much is read before it is a finding.
    ///   - encoding: the encoding, where that is known; a byte order mark goes before it.
    public init(
        _ source: any ByteSource, dataSet: DataSet, limits: ReadingLimits = ReadingLimits(),
        encoding: TextEncoding? = nil
    ) {
        state = DelimitedReading(source, dataSet, limits, encoding, sampleBytes: EncodingSniffer.sampleBytes)
    }

    /// A reader that decides by a sample of another size, so that tests and fuzzers see with little what files do.
    package init(
        _ source: any ByteSource, dataSet: DataSet, limits: ReadingLimits, encoding: TextEncoding?, sampleBytes: Int
    ) {
        state = DelimitedReading(source, dataSet, limits, encoding, sampleBytes: sampleBytes)
    }

    /// Empties `batch`, fills it with the next rows, and says whether there were any.
    public func next(into batch: inout RowBatch) throws(ReadingError) -> Bool {
        batch.removeAll()
        return try state.next(into: &batch)
    }
}

/// The reader's state as one value, so that its loop works on memory of its own.
struct DelimitedReading {
    var facts = FileFacts()
    var observations: [Observation] = []
    let dataSet: DataSet
    let limits: ReadingLimits
    var stream: TextStream
    var scanner = DelimitedScanner(Dialect())
    var layout = FieldLayout()
    /// The physical line at `stream.window.start`.
    var line = 1
    var isOpen = false
    var isFinished = false
    var rowsWithInvalidBytes = 0
    /// Rows that are no totals or signatures.
    var dataRows = 0

    init(
        _ source: any ByteSource, _ dataSet: DataSet, _ limits: ReadingLimits, _ encoding: TextEncoding?,
        sampleBytes: Int
    ) {
        self.dataSet = dataSet
        self.limits = limits
        stream = TextStream(source, encoding: encoding, sampleBytes: sampleBytes)
    }

    mutating func next(into batch: inout RowBatch) throws(ReadingError) -> Bool {
        if !isOpen { try open() }
        while !isFinished {
            try readBlock(into: &batch)
            if !batch.rows.isEmpty { return true }
        }
        return false
    }

    /// Reads the rows of one block of bytes.
    private mutating func readBlock(into batch: inout RowBatch) throws(ReadingError) {
        batch.removeAll()
        try stream.window.fill(to: max(limits.windowBytes, 1 << 10))
        // The bytes stay as they are while this loop runs; a second name keeps the borrow apart from `self`.
        let held = stream.window.bytes
        let bytes = held.span
        let blockStart = stream.window.start
        let blockEnd = endOfBlock(bytes, from: blockStart)
        batch.bytes.append(contentsOf: held[blockStart..<blockEnd])
        // Most blocks are valid as a whole, and then no row needs to be looked at again.
        var isClean = false
        if stream.encoding != nil, stream.byteEncoding == .utf8 {
            isClean = InvalidText.isClean(bytes, blockStart..<blockEnd)
        }
        var scanner = self.scanner
        defer { self.scanner = scanner }
        while true {
            let state = scanner.scan(bytes, from: stream.window.start, isLast: stream.window.isAtEnd)
            if stream.encoding == nil, state != .needsInput, state != .endOfInput, state != .record || !scanner.isASCII,
                !stream.canDecide
            {
                // The encoding will have to be decided here: by a whole sample, not by what happens to be there.
                guard batch.rows.isEmpty else { return }
                return try stream.window.fill(to: stream.sampleBytes)
            }
            switch state {
            case .record:
                if scanner.end > blockEnd {
                    // The record is longer than the block: it gets a block of its own.
                    guard batch.rows.isEmpty else { return }
                    batch.bytes.append(contentsOf: held[max(blockEnd, stream.window.start)..<scanner.end])
                    isClean = false
                }
                var record = Record(scanner, start: stream.window.start, blockStart: blockStart)
                record.needsCheck = !scanner.isASCII && !isClean
                guard take(record, scanner.fields, bytes, into: &batch) else { return }
                stream.window.start = scanner.next
                line += scanner.lineBreaks
                if scanner.quoteLimit < scanner.recordLimit {
                    scanner.quoteLimit = min(scanner.recordLimit, scanner.quoteLimit + scanner.next - record.start)
                }
                if scanner.end > blockEnd { return }
            case .openQuote:
                let end = LineEnds.next(in: bytes, from: scanner.openQuote, scanner.dialect) ?? bytes.count
                guard end <= blockEnd || batch.rows.isEmpty else { return }
                if end > blockEnd { batch.bytes.append(contentsOf: held[max(blockEnd, stream.window.start)..<end]) }
                guard takeUnclosed(scanner, end, bytes, blockStart, into: &batch) else { return }
                // Each such quote costs a look far ahead; whoever has many gets shorter looks.
                scanner.quoteLimit = max(4096, scanner.quoteLimit / 4)
                if end > blockEnd { return }
            case .tooLong:
                guard batch.rows.isEmpty else { return }
                return try takeTooLong(scanner, into: &batch)
            case .needsInput:
                guard batch.rows.isEmpty else { return }
                return try stream.window.fill(to: stream.window.unread + min(64 << 10, stream.sampleBytes))
            case .endOfInput:
                return finish()
            }
        }
    }

    /// Where the block that is handed on ends: behind the last whole line of the window's worth of bytes.
    private func endOfBlock(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let end = min(bytes.count, start + max(limits.windowBytes, 1 << 10))
        var index = end
        while index > start, bytes[index - 1] != UInt8(ascii: "\n") { index -= 1 }
        return index > start ? index : end
    }

    /// Reports what only the end can tell.
    mutating func finish() {
        isFinished = true
        facts.encoding = stream.encodingName
        let rows = facts.rowsRead
        if dataRows == 0 { observations.append(Observation("A14", at: Place(line: facts.headerLine))) }
        if rowsWithInvalidBytes * 10_000 > rows * limits.invalidRowsInTenThousand {
            observations.append(
                Observation(
                    "A15", expected: "≤ 1 %",
                    details: [
                        "count": "\(rowsWithInvalidBytes)", "rows": "\(rows)", "reason": "too_many_rows",
                        "column": "\(rowsWithInvalidBytes) of \(rows) rows",
                        "column_zh": "\(rows) 行中的 \(rowsWithInvalidBytes) 行",
                    ],
                    severity: .interrupt))
        }
    }

    /// Counts a row; `false` where the file has more than the limit.
    mutating func countRow(at index: Int) -> Bool {
        guard facts.rowsRead < limits.rows else {
            observations.append(
                Observation(
                    "A23", at: Place(line: line, byteOffset: stream.originalOffset(of: index)),
                    expected: "≤ \(limits.rows)",
                    details: ["limit": "\(limits.rows)"]))
            finish()
            return false
        }
        facts.rowsRead += 1
        return true
    }

}

/// One record of the window: where it lies and what is to be done with it.
struct Record {
    var start: Int
    var end: Int
    var blockStart: Int
    var hasTextAfterQuote: Bool
    var isASCII: Bool
    /// Whether its bytes may be invalid.
    var needsCheck = true

    init(_ scanner: DelimitedScanner, start: Int, blockStart: Int) {
        self.start = start
        end = scanner.end
        self.blockStart = blockStart
        hasTextAfterQuote = scanner.hasTextAfterQuote
        isASCII = scanner.isASCII
    }
}
