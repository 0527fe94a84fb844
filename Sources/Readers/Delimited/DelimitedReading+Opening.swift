import Core

// What is found out before the first row: encoding, dialect, header.

extension DelimitedReading {
    mutating func open() throws(ReadingError) {
        isOpen = true
        try window.fill(to: EncodingSniffer.sampleBytes)
        try decideEncoding()
        let held = window.bytes
        let bytes = held.span
        guard let dialect = findDialect(bytes) else { return noHeader(bytes) }
        facts.delimiter = dialect.dialect.delimiterText
        facts.quote = dialect.dialect.quoteText
        facts.lineEnd = LineEnds.kind(in: bytes)
        take(dialect.header, held)
        layout = FieldLayout(dialect.header, dataSet)
        scanner = DelimitedScanner(
            dialect.dialect, encoding: byteEncoding, recordLimit: limits.recordBytes, columnLimit: limits.columns)
        line = 1 + dialect.header.lineBreaks
        window.start = dialect.header.next
    }

    private mutating func decideEncoding() throws(ReadingError) {
        if let mark = TextEncoding.byteOrderMark(in: window.bytes.span) {
            encoding = mark.encoding
            if !mark.encoding.isWide { window.start = mark.length }
        } else if encoding == nil, let wide = EncodingSniffer.wideEncoding(of: window.bytes.span) {
            encoding = wide
        }
        if let wide = encoding, wide.isWide {
            // Its own byte order mark is taken away by the transcoder, which counts it in its offsets.
            transcoding = window.transcode(from: wide)
            try window.fill(to: EncodingSniffer.sampleBytes)
        } else if encoding == nil {
            decideEncoding(from: window.start)
        }
        facts.encoding = encoding?.name
    }

    /// Decides by the bytes from an offset of the window on, as many as a sample has: what was read ahead beyond that
    /// depends on chance and must not matter.
    mutating func decideEncoding(from index: Int) {
        let held = window.bytes
        let end = min(held.count, index + EncodingSniffer.sampleBytes)
        let isCutOff = !window.isAtEnd || end < held.count
        let sniffed = EncodingSniffer.encoding(of: held.span.extracting(index..<end), isCutOff: isCutOff)
        encoding = sniffed
        facts.encoding = sniffed?.name
    }

    private func findDialect(_ bytes: Span<UInt8>) -> (dialect: Dialect, header: FoundHeader)? {
        let isReturn = LineEnds.kind(in: bytes) == "\r"
        let finder = HeaderFinder([dataSet])
        var best: (dialect: Dialect, header: FoundHeader)?
        for delimiter in DialectSniffer.delimiters {
            for quote in ["\"", "'"] as [Character] {
                let dialect = Dialect(delimiter: delimiter, quote: quote, endsAtCarriageReturn: isReturn)
                guard let header = finder.header(in: bytes, from: window.start, dialect, byteEncoding) else { continue }
                if header.known > best?.header.known ?? 0 { best = (dialect, header) }
            }
        }
        guard var found = best else { return nil }
        found.dialect.quote = UInt8(ascii: "\"")
        found.dialect.quote = DialectSniffer.quote(
            in: bytes, from: found.header.record.lowerBound, isCutOff: !window.isAtEnd, found.dialect, byteEncoding)
        // The header once more, with the quote that it turned out to have.
        if let header = finder.header(in: bytes, from: window.start, found.dialect, byteEncoding) {
            found.header = header
        }
        return found
    }

    /// No header: nothing of the file can be read. A file with nothing in it has no rows and that is all.
    private mutating func noHeader(_ bytes: Span<UInt8>) {
        isFinished = true
        if facts.encoding == nil { facts.encoding = (encoding ?? .utf8).name }
        facts.lineEnd = LineEnds.kind(in: bytes)
        let rest = bytes.extracting(window.start..<bytes.count)
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
