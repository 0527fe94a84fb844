import Core

// From a record to a row of the batch.

extension DelimitedReading {
    /// Adds the row that a record is, if it is one; `false` where no more rows are read.
    mutating func take(
        _ record: Record, _ fields: FieldRanges, _ bytes: Span<UInt8>, into batch: inout RowBatch
    ) -> Bool {
        if isBlank(fields, bytes) { return true }
        if stream.encoding == nil, !record.isASCII { stream.decide(from: record.start) }
        guard countRow(at: record.start) else { return false }
        var row = RowBatch.Row(
            number: facts.rowsRead, line: line, byteOffset: stream.originalOffset(of: record.start),
            raw: RowBatch.Extent(start: record.start - record.blockStart, count: record.end - record.start))
        let hasInvalidCell = addCells(record, fields, bytes, into: &batch)
        row.isTotal = !record.hasTextAfterQuote && isLastLine(fields, bytes)
        if !row.isTotal {
            dataRows += 1
            check(fields, record, bytes, &row, &batch)
        }
        if record.needsCheck, hasInvalidCell || hasInvalidRest(fields, bytes) {
            reportInvalid(fields, record, bytes, row, &batch)
        }
        batch.rows.append(row)
        return true
    }

    /// Whether there is nothing in a record but blanks.
    private func isBlank(_ fields: FieldRanges, _ bytes: Span<UInt8>) -> Bool {
        guard !fields.isOverLimit else { return false }
        for field in fields.fields where field.start < field.end {
            if !CellText.isBlank(bytes, field.range) { return false }
        }
        return true
    }

    /// Adds the cells of a row; whether one of them holds invalid bytes or U+FFFD.
    @inline(__always)
    private func addCells(
        _ record: Record, _ fields: FieldRanges, _ bytes: Span<UInt8>, into batch: inout RowBatch
    ) -> Bool {
        var isInvalid = false
        let isPlain = record.isASCII || (!record.needsCheck && stream.byteEncoding == .utf8)
        if isPlain, fields.isVerbatim {
            addVerbatim(record, fields.fields.span, bytes, to: &batch.cells)
            return false
        }
        for position in layout.fieldOfColumn {
            guard position >= 0, position < fields.fields.count else {
                batch.cells.append(.empty)
                continue
            }
            let field = fields.fields[position]
            if field.start >= field.end {
                batch.cells.append(.empty)
            } else if isPlain, field.form == .plain || field.form == .quoted {
                var start = Int(field.start)
                var end = Int(field.end)
                if bytes[start] == UInt8(ascii: "=") { unguard(bytes, &start, &end) }
                batch.cells.append(RowBatch.Extent(start: start - record.blockStart, count: end - start))
            } else {
                batch.cells.append(decode(field, record, bytes, into: &batch, &isInvalid))
            }
        }
        return isInvalid
    }

    /// Adds the cells of a row, all of which stand in the file as they are: nearly every row.
    @inline(__always)
    private func addVerbatim(
        _ record: Record, _ fields: Span<FieldRanges.Field>, _ bytes: Span<UInt8>, to cells: inout [RowBatch.Extent]
    ) {
        let blockStart = record.blockStart
        let fieldOfColumn = layout.fieldOfColumn.span
        cells.append(addingCapacity: fieldOfColumn.count) { space in
            for column in fieldOfColumn.indices {
                let position = fieldOfColumn[column]
                guard position >= 0, position < fields.count else {
                    space.append(.empty)
                    continue
                }
                let field = fields[position]
                var start = Int(field.start)
                var end = Int(field.end)
                guard start < end else {
                    space.append(.empty)
                    continue
                }
                if bytes[start] == UInt8(ascii: "=") { unguard(bytes, &start, &end) }
                space.append(RowBatch.Extent(start: start - blockStart, count: end - start))
            }
        }
    }

    /// `="00123"` is how people keep a spreadsheet from eating zeros.
    private func unguard(_ bytes: Span<UInt8>, _ start: inout Int, _ end: inout Int) {
        let quote = UInt8(ascii: "\"")
        guard end - start >= 3, bytes[start + 1] == quote, bytes[end - 1] == quote else { return }
        for index in start + 2..<end - 1 where bytes[index] == quote { return }
        start += 2
        end -= 1
    }

    private func decode(
        _ field: FieldRanges.Field, _ record: Record, _ bytes: Span<UInt8>, into batch: inout RowBatch,
        _ isInvalid: inout Bool
    ) -> RowBatch.Extent {
        let part = bytes.extracting(field.range)
        var first = Int(field.start)
        var last = Int(field.end)
        if stream.byteEncoding == .utf8, record.needsCheck, !InvalidText.isClean(part) { isInvalid = true }
        if field.form == .plain || field.form == .quoted {
            if stream.byteEncoding == .gb18030 ? UTF8Text.isASCII(part) : (!isInvalid || UTF8Text.isValid(part)) {
                if bytes[first] == UInt8(ascii: "=") { unguard(bytes, &first, &last) }
                return RowBatch.Extent(start: first - record.blockStart, count: last - first)
            }
        }
        first = batch.bytes.count
        let invalid = CellText.append(field, of: bytes, scanner.dialect, stream.byteEncoding, to: &batch.bytes)
        if invalid.count > 0 { isInvalid = true }
        last = batch.bytes.count
        if first < last, batch.bytes[first] == UInt8(ascii: "=") { unguard(batch.bytes.span, &first, &last) }
        return RowBatch.Extent(start: first, count: last - first)
    }

    /// Whether the row is one of totals or signatures: its first cell says so, and it names no drug.
    private func isLastLine(_ fields: FieldRanges, _ bytes: Span<UInt8>) -> Bool {
        guard let first = fields.fields.firstIndex(where: { !CellText.isBlank(bytes, $0.range) }) else { return false }
        let hasBlankKey = layout.keys.contains { $0 == first || CellText.isBlank(bytes, fields[$0].range) }
        guard hasBlankKey || layout.keys.isEmpty else { return false }
        return LastLines.isLabel(
            CellText.string(fields.fields[first], of: bytes, scanner.dialect, stream.byteEncoding))
    }

    /// The number of fields, and how they are quoted (A16).
    private func check(
        _ fields: FieldRanges, _ record: Record, _ bytes: Span<UInt8>, _ row: inout RowBatch.Row,
        _ batch: inout RowBatch
    ) {
        guard fields.count != layout.width || record.hasTextAfterQuote || fields.isOverLimit else { return }
        let place = Place(line: row.line, row: row.number, byteOffset: row.byteOffset)
        if fields.isOverLimit {
            row.isBroken = true
            batch.observations.append(
                Observation(
                    "A16", at: place, value: "\(fields.count)", expected: "\(layout.width)",
                    details: ["reason": "too_many_columns", "limit": "\(fields.limit)"]))
            return
        }
        if record.hasTextAfterQuote {
            row.isBroken = true
            for (position, field) in fields.fields.enumerated() where field.form == .textAfterQuote {
                var place = place
                place.column = position < layout.names.count ? layout.names[position] : nil
                place.byteOffset = stream.originalOffset(of: Int(field.start))
                batch.observations.append(
                    Observation(
                        "A16", at: place,
                        value: CellText.shown(CellText.string(field, of: bytes, scanner.dialect, stream.byteEncoding)),
                        details: ["reason": "text_after_quote"]))
            }
        }
        guard fields.count != layout.width else { return }
        let isTooWide =
            fields.count > layout.width
            && fields.fields[layout.width...].contains { !CellText.isBlank(bytes, $0.range) }
        guard isTooWide || fields.count < layout.leastWidth else { return }
        row.isBroken = true
        batch.observations.append(
            Observation(
                "A16", at: place, value: "\(fields.count)", expected: "\(layout.width)",
                details: ["reason": "field_count"]))
    }

    /// Whether a field that is no column of the table holds invalid bytes: what was made into a cell is known already.
    private func hasInvalidRest(_ fields: FieldRanges, _ bytes: Span<UInt8>) -> Bool {
        for (position, field) in fields.fields.enumerated() where !layout.isColumn(position) {
            if InvalidText.check(bytes.extracting(field.range), at: 0, stream.byteEncoding).count > 0 { return true }
        }
        return false
    }

    /// Invalid bytes and U+FFFD, one observation for each column that has some (A15).
    private mutating func reportInvalid(
        _ fields: FieldRanges, _ record: Record, _ bytes: Span<UInt8>, _ row: RowBatch.Row, _ batch: inout RowBatch
    ) {
        rowsWithInvalidBytes += 1
        for (position, field) in fields.fields.enumerated() where field.start < field.end {
            let part = bytes.extracting(field.range)
            if UTF8Text.isASCII(part) { continue }
            let invalid = InvalidText.check(part, at: Int(field.start), stream.byteEncoding)
            guard let first = invalid.first else { continue }
            let line = row.line + LineEnds.count(in: bytes, record.start..<first, scanner.dialect)
            batch.observations.append(
                Observation(
                    "A15",
                    at: Place(
                        line: line, row: row.number,
                        column: position < layout.names.count ? layout.names[position] : nil,
                        byteOffset: stream.originalOffset(of: first)),
                    value: CellText.shown(CellText.string(field, of: bytes, scanner.dialect, stream.byteEncoding)),
                    details: ["count": "\(invalid.count)", "encoding": stream.encodingName]))
        }
    }

    /// A quote that is not closed: the row is the lines up to the end of the one with the quote.
    mutating func takeUnclosed(
        _ scanner: DelimitedScanner, _ next: Int, _ bytes: Span<UInt8>, _ blockStart: Int, into batch: inout RowBatch
    ) -> Bool {
        let start = stream.window.start
        guard countRow(at: start) else { return false }
        var end = next
        if end > start, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        if end > start, end < next || scanner.dialect.endsAtCarriageReturn, bytes[end - 1] == UInt8(ascii: "\r") {
            end -= 1
        }
        var record = Record(scanner, start: start, blockStart: blockStart)
        record.end = end
        record.isASCII = UTF8Text.isASCII(bytes.extracting(start..<end))
        if stream.encoding == nil, !record.isASCII { stream.decide(from: start) }
        dataRows += 1
        var row = RowBatch.Row(
            number: facts.rowsRead, line: line, byteOffset: stream.originalOffset(of: start),
            raw: RowBatch.Extent(start: start - blockStart, count: end - start))
        row.isBroken = true
        let quote = scanner.openQuote
        var fields = scanner.fields
        fields.append(quote, end, .plain)
        if addCells(record, fields, bytes, into: &batch) || hasInvalidRest(fields, bytes) {
            reportInvalid(fields, record, bytes, row, &batch)
        }
        let place = Place(
            line: line + LineEnds.count(in: bytes, start..<quote, scanner.dialect), row: row.number,
            column: scanner.fields.count < layout.names.count ? layout.names[scanner.fields.count] : nil,
            byteOffset: stream.originalOffset(of: quote))
        let opened = FieldRanges.Field(start: Int32(quote), end: Int32(end), form: .plain)
        batch.observations.append(
            Observation(
                "A16", at: place,
                value: CellText.shown(CellText.string(opened, of: bytes, scanner.dialect, stream.byteEncoding)),
                details: ["reason": "unclosed_quote"]))
        batch.rows.append(row)
        line += LineEnds.count(in: bytes, start..<next, scanner.dialect)
        stream.window.start = next
        return true
    }

    /// A record longer than the limit: its first bytes are kept, and the rest of the line that passes the limit, which may
    /// be a later one than the first, is passed over.
    mutating func takeTooLong(_ scanner: DelimitedScanner, into batch: inout RowBatch) throws(ReadingError) {
        let start = stream.window.start
        guard countRow(at: start) else { return }
        let kept = min(stream.window.unread, limits.recordBytes)
        batch.bytes.removeAll(keepingCapacity: true)
        batch.bytes.append(contentsOf: stream.window.bytes[start..<start + kept])
        if stream.encoding == nil, !UTF8Text.isASCII(batch.bytes.span) { stream.decide(from: start) }
        dataRows += 1
        var row = RowBatch.Row(
            number: facts.rowsRead, line: line, byteOffset: stream.originalOffset(of: start),
            raw: RowBatch.Extent(start: 0, count: kept))
        row.isBroken = true
        batch.cells.append(contentsOf: repeatElement(.empty, count: batch.columnCount))
        let place = Place(line: row.line, row: row.number, byteOffset: row.byteOffset)
        batch.observations.append(
            Observation(
                "A16", at: place, expected: "≤ \(limits.recordBytes)",
                details: ["reason": "field_too_long", "limit": "\(limits.recordBytes)"]))
        batch.rows.append(row)
        line += LineEnds.count(in: batch.bytes.span, 0..<kept, scanner.dialect) + 1
        stream.window.start = start + kept
        try stream.window.passLine(scanner.dialect)
    }
}
