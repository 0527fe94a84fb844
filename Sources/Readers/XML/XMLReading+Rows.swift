import Core

extension XMLReading {
    /// Adds the row that is complete, with its observations, to the batch.
    mutating func addRow(to batch: inout RowBatch) {
        let open = row
        let rawStart = batch.bytes.count
        batch.bytes.append(contentsOf: open.raw)
        var row = RowBatch.Row(
            number: facts.rowsRead, line: open.line, byteOffset: open.original,
            raw: RowBatch.Extent(start: rawStart, count: open.raw.count))
        let textStart = Int32(batch.bytes.count)
        batch.bytes.append(contentsOf: open.text)
        for index in open.cells.indices {
            if open.starts[index] >= 0 { columnsSeen[index] = true }
            var cell = open.cells[index]
            if cell.count > 0 { cell.start += textStart } else { cell = .empty }
            batch.cells.append(cell)
        }
        row.isBroken = open.isTooLong || !open.faults.isEmpty || !open.repeated.isEmpty
        if row.isBroken { tellFaults(of: open, row, into: &batch) }
        checkText(of: open, row, into: &batch)
        batch.rows.append(row)
    }

    private func tellFaults(of open: XMLOpenRow, _ row: RowBatch.Row, into batch: inout RowBatch) {
        func tell(_ reason: String, _ column: String?, _ details: [String: String] = [:], expected: String? = nil) {
            let place = Place(line: row.line, row: row.number, column: column, byteOffset: row.byteOffset)
            batch.observations.append(
                Observation(
                    "A16", at: place, expected: expected,
                    details: details.merging(["reason": reason]) { old, _ in old }, severity: .error))
        }
        if open.isTooLong {
            tell("too_long", nil, ["limit": "\(limits.recordBytes)"], expected: "≤ \(limits.recordBytes)")
        }
        for column in open.repeated { tell("repeated_column", columnName(column)) }
        for fault in open.faults { tell(fault.reason, fault.column) }
    }

    /// U+FFFD, sent so or put there for invalid bytes: one observation for each column that has some (A15).
    private mutating func checkText(of open: XMLOpenRow, _ row: RowBatch.Row, into batch: inout RowBatch) {
        guard InvalidText.firstReplacement(in: open.text.span) != nil else { return }
        rowsWithInvalidBytes += 1
        var searched = 0
        // In the order of the file: attributes have one start tag between them, so each takes the next one found.
        let filled = open.cells.indices.filter { open.cells[$0].count > 0 }
        for column in filled.sorted(by: { open.cells[$0].start < open.cells[$1].start }) {
            let range = open.cells[column].range
            let count = XMLReading.replacements(in: open.text, range)
            guard count > 0 else { continue }
            var offset = row.byteOffset
            // A character reference, &#xFFFD;, is not found: then the row must do.
            if let found = replacementInRaw(open.raw, from: max(open.starts[column] - open.start, searched)) {
                offset = originalOffset(of: open.start + found)
                searched = found + 1
            }
            batch.observations.append(
                Observation(
                    "A15",
                    at: Place(line: row.line, row: row.number, column: columnName(column), byteOffset: offset),
                    value: XMLReading.shown(open.text[range]),
                    details: ["count": "\(count)", "encoding": facts.encoding ?? ""]))
        }
    }

    /// How many U+FFFD some UTF-8 has.
    static func replacements(in text: [UInt8], _ range: Range<Int>) -> Int {
        var count = 0
        var index = range.lowerBound
        while index + 2 < range.upperBound {
            if text[index] == 0xEF, text[index + 1] == 0xBF, text[index + 2] == 0xBD { count += 1 }
            index += 1
        }
        return count
    }

    private func replacementInRaw(_ raw: [UInt8], from start: Int) -> Int? {
        let (pattern, step): ([UInt8], Int) =
            switch facts.encoding {
            case TextEncoding.utf16LE.name: ([0xFD, 0xFF], 2)
            case TextEncoding.utf16BE.name: ([0xFF, 0xFD], 2)
            default: ([0xEF, 0xBF, 0xBD], 1)
            }
        let first = (start + step - 1) / step * step
        return stride(from: first, to: raw.count, by: step).first { raw[$0...].starts(with: pattern) }
    }

    /// Says which columns no row has (A10, A11), and whether there were rows at all (A14).
    mutating func judgeColumns() {
        let rows = facts.rowsRead
        guard rows > 0 else { return observations.append(Observation("A14")) }
        let missing = dataSet.columns.enumerated().filter { !columnsSeen[$0.offset] }.map(\.element)
        for column in missing where column.isRequired {
            observations.append(Observation("A10", at: Place(column: column.name), expected: column.header))
        }
        let optional = missing.filter { !$0.isRequired }.map(\.name)
        if !optional.isEmpty {
            observations.append(Observation("A11", details: ["columns": optional.joined(separator: ", ")]))
        }
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
}
