import Core

// What is found out before the first row: encoding, dialect, header.

extension DelimitedReading {
    mutating func open() throws(ReadingError) {
        isOpen = true
        try stream.open()
        facts.encoding = stream.encoding?.name
        let held = stream.window.bytes
        let bytes = held.span
        let lineEnd = LineEnds.kind(in: bytes)
        let found = DialectSniffer.header(
            in: bytes, from: stream.window.start, isCutOff: !stream.window.isAtEnd, stream.byteEncoding,
            isReturn: lineEnd == "\r", sets: [dataSet])
        guard let dialect = found else { return noHeader(bytes) }
        facts.delimiter = dialect.dialect.delimiterText
        facts.quote = dialect.dialect.quoteText
        facts.lineEnd = lineEnd
        take(dialect.header, held)
        layout = FieldLayout(dialect.header, dataSet)
        scanner = DelimitedScanner(
            dialect.dialect, encoding: stream.byteEncoding, recordLimit: limits.recordBytes, columnLimit: limits.columns
        )
        line = 1 + dialect.header.lineBreaks
        stream.window.start = dialect.header.next
    }

    /// No header: nothing of the file can be read. A file with nothing in it has no rows and that is all.
    private mutating func noHeader(_ bytes: Span<UInt8>) {
        isFinished = true
        facts.encoding = stream.encodingName
        facts.lineEnd = LineEnds.kind(in: bytes)
        let rest = bytes.extracting(stream.window.start..<bytes.count)
        guard rest.indices.contains(where: { rest[$0] > 0x20 }) else {
            observations.append(Observation("A14"))
            return
        }
        let required = dataSet.columns.filter(\.isRequired).map(\.name)
        observations.append(
            Observation(
                "A10", at: Place(line: 1), expected: "≥ 60 %",
                details: [
                    "columns": required.joined(separator: ", "), "reason": "no_header", "column": "header",
                    "column_zh": "表头",
                ]))
    }

    /// Keeps the header as a fact and says what is wrong with it.
    private mutating func take(_ header: FoundHeader, _ bytes: [UInt8]) {
        facts.headerLine = header.line
        facts.rawHeader = Array(bytes[header.record])
        var seen: Set<Int> = []
        for (field, match) in header.matches.enumerated() {
            let text = header.headers[field]
            let shown = CellText.shown(text)
            var name: String?
            switch match {
            case .column(let column):
                name = dataSet.columns[column].name
                if !seen.insert(column).inserted {
                    observations.append(
                        Observation("A13", at: Place(line: header.line, column: name), value: shown))
                    name = nil
                }
            case .ignored: break
            case nil:
                guard !HeaderIndex.key(text).isEmpty else { break }
                observations.append(Observation("A12", at: Place(line: header.line, column: shown), value: shown))
            }
            facts.headers.append(HeaderMapping(header: text, column: name))
        }
        let missing = dataSet.columns.enumerated().filter { !seen.contains($0.offset) }.map(\.element)
        for column in missing where column.isRequired {
            observations.append(
                Observation("A10", at: Place(line: header.line, column: column.name), expected: column.header))
        }
        let optional = missing.filter { !$0.isRequired }.map(\.name)
        if !optional.isEmpty {
            observations.append(
                Observation(
                    "A11", at: Place(line: header.line), details: ["columns": optional.joined(separator: ", ")]))
        }
    }
}
