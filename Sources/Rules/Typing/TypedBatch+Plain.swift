internal import Core

// Cells that are written plainly, which is nearly all of them: one look, no observation, nothing to put right.

extension TypedBatch {
    /// Reads what can be read at a glance of the shared columns, and copies it where a row repeats the one before.
    mutating func readShared(_ batch: borrowing RowBatch) {
        let shared = min(SharedColumn.count, columnCount)
        let kinds = batch.dataSet.columns.prefix(shared).map(\.kind)
        var isPlain = false
        var start = 0
        for row in batch.rows.indices {
            defer { start += columnCount }
            guard batch.rows[row].isData else {
                isPlain = false
                continue
            }
            if row > 0, batch.rows[row - 1].isData, isSame(start, start - columnCount, shared, batch) {
                repeated[row] = true
                if isPlain {
                    for index in start..<start + shared {
                        states[index] = states[index - columnCount]
                        values[index] = values[index - columnCount]
                    }
                    continue
                }
            }
            let before = unread.count
            for position in 0..<shared { readPlain(start + position, kinds[position], batch) }
            isPlain = unread.count == before
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

    /// Reads what can be read at a glance of one column.
    mutating func readColumn(_ position: Int, _ kind: ColumnKind, _ batch: borrowing RowBatch) {
        var index = position
        for row in batch.rows.indices {
            if batch.rows[row].isData { readPlain(index, kind, batch) }
            index += columnCount
        }
    }

    /// Reads a cell that is written plainly: digits, a day, a text with nothing hidden in it. Others are put off.
    @inline(__always)
    private mutating func readPlain(_ index: Int, _ kind: ColumnKind, _ batch: borrowing RowBatch) {
        let extent = batch.cells[index]
        guard extent.count > 0 else { return }
        let cell = batch.bytes.span.extracting(extent.range)
        switch kind {
        case .text, .code:
            guard CellText.isPlain(cell) else { return unread.append(index) }
        case .date:
            guard let day = CalendarDay(cell) else { return unread.append(index) }
            values[index] = Int64(day.daysSince2000)
        case .flag:
            guard cell.count == 1, cell[0] == UInt8(ascii: "1") || cell[0] == UInt8(ascii: "2") else {
                return unread.append(index)
            }
            values[index] = Int64(cell[0] - UInt8(ascii: "0"))
        case .amount, .quantity, .factor, .count:
            guard
                let value = NumberReading.plain(
                    cell, decimals: kind.decimals ?? 0, limit: FixedPoint.limit(of: kind))
            else { return unread.append(index) }
            values[index] = value
        }
        states[index] = .valid
    }
}
