import Core

// What is found out before the first row: encoding, dialect, header.

extension DelimitedReading {
    mutating func open() throws(ReadingError) {
        isOpen = true
        try stream.open()
        facts.encoding = stream.encoding?.name
        let held = stream.window.bytes
        let bytes = held.span
        guard let dialect = findDialect(bytes) else { return noHeader(bytes) }
        facts.delimiter = dialect.dialect.delimiterText
        facts.quote = dialect.dialect.quoteText
        facts.lineEnd = LineEnds.kind(in: bytes)
        take(dialect.header, held)
        layout = FieldLayout(dialect.header, dataSet)
        scanner = DelimitedScanner(
            dialect.dialect, encoding: stream.byteEncoding, recordLimit: limits.recordBytes, columnLimit: limits.columns
        )
        line = 1 + dialect.header.lineBreaks
        stream.window.start = dialect.header.next
    }

    private func findDialect(_ bytes: Span<UInt8>) -> (dialect: Dialect, header: FoundHeader)? {
        let isReturn = LineEnds.kind(in: bytes) == "\r"
        let finder = HeaderFinder([dataSet])
        var best: (dialect: Dialect, header: FoundHeader)?
        for delimiter in DialectSniffer.delimiters {
            for quote in ["\"", "'"] as [Character] {
                let dialect = Dialect(delimiter: delimiter, quote: quote, endsAtCarriageReturn: isReturn)
                guard let header = finder.header(in: bytes, from: stream.window.start, dialect, stream.byteEncoding)
                else { continue }
                if header.known > best?.header.known ?? 0 { best = (dialect, header) }
            }
        }
        guard var found = best else { return nil }
        found.dialect.quote = UInt8(ascii: "\"")
        found.dialect.quote = DialectSniffer.quote(
            in: bytes, from: found.header.record.lowerBound, isCutOff: !stream.window.isAtEnd, found.dialect,
            stream.byteEncoding)
        // The header once more, with the quote that it turned out to have.
        if let header = finder.header(in: bytes, from: stream.window.start, found.dialect, stream.byteEncoding) {
            found.header = header
        }
        return found
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
                details: ["columns": required.joined(separator: ", "), "reason": "no_header"]))
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
