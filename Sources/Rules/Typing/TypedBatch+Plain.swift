internal import Core

// Cells that are written plainly, which is nearly all of them: one look, no observation, nothing to put right.

extension TypedBatch {
    /// Reads what can be read at a glance of the shared columns, and copies it where a row repeats the one before.
    mutating func readShared(_ batch: borrowing RowBatch) {
        let shared = min(SharedColumn.count, columnCount)
        let kinds = batch.dataSet.columns.prefix(shared).map { PlainKind($0.kind) }
        var isPlain = false
        var hasBlank = false
        var start = 0
        for row in isData.indices {
            defer { start += columnCount }
            guard isData[row] else {
                isPlain = false
                continue
            }
            if row > 0, isData[row - 1], isSame(start, start - columnCount, shared, batch) {
                repeated[row] = true
                if isPlain {
                    for index in start..<start + shared {
                        states[index] = states[index - columnCount]
                        values[index] = values[index - columnCount]
                        if hasBlank, states[index] == .blank { summaries[index - start].blanks += 1 }
                    }
                    continue
                }
            }
            isPlain = true
            hasBlank = false
            for position in 0..<shared {
                let extent = batch.cells[start + position]
                guard extent.count > 0 else {
                    hasBlank = true
                    summaries[position].blanks += 1
                    continue
                }
                summaries[position].longest = max(summaries[position].longest, extent.count)
                if let value = kinds[position].value(of: batch.bytes.span.extracting(extent.range)) {
                    states[start + position] = .valid
                    values[start + position] = value
                } else {
                    isPlain = false
                    unread.append(start + position)
                }
            }
        }
    }

    /// Whether the shared cells of two rows, given by their first cells, are the same.
    private func isSame(_ left: Int, _ right: Int, _ shared: Int, _ batch: borrowing RowBatch) -> Bool {
        let cells = batch.cells.span
        let bytes = batch.bytes.span
        let shift = cells[left].start - cells[right].start
        var isContiguous = true
        for offset in 0..<shared {
            guard cells[left + offset].count == cells[right + offset].count else { return false }
            isContiguous = isContiguous && cells[left + offset].start - cells[right + offset].start == shift
        }
        // As they stand in the file, the cells and what is between them are one run of bytes.
        let first = cells[left].range
        let last = cells[left + shared - 1].range
        if isContiguous, first.lowerBound <= last.lowerBound, last.upperBound - first.lowerBound < 4096 {
            let run = first.lowerBound..<last.upperBound
            let other = run.lowerBound - Int(shift)..<run.upperBound - Int(shift)
            return ByteWords.areEqual(bytes.extracting(run), bytes.extracting(other))
        }
        for offset in 0..<shared {
            let cell = bytes.extracting(cells[left + offset].range)
            guard ByteWords.areEqual(cell, bytes.extracting(cells[right + offset].range)) else { return false }
        }
        return true
    }

    /// Reads what can be read at a glance of one column, and sums it up.
    mutating func readColumn(_ position: Int, _ kind: ColumnKind, _ batch: borrowing RowBatch) {
        // Each array by itself, so that none is asked for every cell whether it is ours.
        summaries[position] = TypedBatch.readColumn(position, PlainKind(kind), batch, isData, &states, &values, &unread)
    }

    private static func readColumn(
        _ position: Int, _ kind: PlainKind, _ batch: borrowing RowBatch, _ isData: [Bool],
        _ allStates: inout [CellState], _ allValues: inout [Int64], _ unread: inout [Int]
    ) -> ColumnSummary {
        var summary = ColumnSummary()
        var index = position
        let (cells, bytes, columnCount) = (batch.cells.span, batch.bytes.span, batch.columnCount)
        var states = allStates.mutableSpan
        var values = allValues.mutableSpan
        for row in isData.indices {
            defer { index += columnCount }
            guard isData[row] else { continue }
            let extent = cells[index]
            guard extent.count > 0 else {
                summary.blanks += 1
                continue
            }
            summary.longest = max(summary.longest, extent.count)
            if let value = kind.value(of: bytes.extracting(extent.range)) {
                states[index] = .valid
                values[index] = value
            } else {
                unread.append(index)
            }
        }
        return summary
    }
}

/// How the cells of a column are written in nearly all files, and read at a glance.
private struct PlainKind {
    private let kind: ColumnKind
    private let decimals: Int
    private let limit: Int64

    init(_ kind: ColumnKind) {
        self.kind = kind
        decimals = kind.decimals ?? 0
        limit = FixedPoint.limit(of: kind)
    }

    /// The value of a cell that is written plainly: digits, a day, a text (0) with nothing hidden in it. `nil` for others.
    @inline(__always)
    func value(of cell: Span<UInt8>) -> Int64? {
        switch kind {
        case .text, .code:
            return CellText.isPlain(cell) ? 0 : nil
        case .date:
            guard let day = CalendarDay(cell) else { return nil }
            return Int64(day.daysSince2000)
        case .flag:
            guard cell.count == 1, cell[0] == UInt8(ascii: "1") || cell[0] == UInt8(ascii: "2") else { return nil }
            return Int64(cell[0] - UInt8(ascii: "0"))
        case .amount, .quantity, .factor, .count:
            return NumberReading.plain(cell, decimals: decimals, limit: limit)
        }
    }
}
