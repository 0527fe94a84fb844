internal import Core

/// What must be filled in: B01 … B04, B06.
struct RequiredCheck: Sendable {
    private let placeholders: [[UInt8]]
    /// The lengths that placeholders have, a bit each; the highest one for all from 63 bytes on.
    private let placeholderLengths: UInt64
    /// The first bytes that placeholders have, letter case aside.
    private let placeholderStarts: [Bool]
    private let strength: Int?
    private let dosageForm: Int?
    private let genericName: Int?
    private let ypid: Int?
    private let present: Set<Int>

    init(_ dataSet: DataSet, parameters: RuleParameters, present: Set<Int>) {
        self.present = present
        placeholders = parameters.placeholders.sorted().map { Array($0.utf8) }
        placeholderLengths = placeholders.reduce(0) { $0 | RequiredCheck.lengthBit($1.count) }
        var starts = [Bool](repeating: false, count: 256)
        for placeholder in placeholders { if let first = placeholder.first { starts[Int(first | 0x20)] = true } }
        placeholderStarts = starts
        strength = dataSet.position(of: "strength")
        dosageForm = dataSet.position(of: "dosage_form")
        genericName = dataSet.position(of: "generic_name")
        ypid = dataSet.position(of: "ypid")
    }

    func check(_ batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ sink: inout ObservationSink) {
        for (position, column) in batch.dataSet.columns.enumerated()
        where column.isRequired && present.contains(position) {
            let isText = column.kind == .text || column.kind == .code
            let summary = typed.summaries[position]
            // Neither a blank nor anything that is no value: nothing to be said.
            guard isText || summary.blanks > 0 || summary.hasUnusual else { continue }
            checkColumn(position, isText, batch, typed, &sink)
        }
        guard let ypid, let strength, let dosageForm, typed.summaries[ypid].blanks > 0 else { return }
        for row in batch.rows.indices
        where batch.rows[row].isData && typed.state(row: row, column: ypid) == .blank {
            for position in [dosageForm, strength] where typed.state(row: row, column: position) == .blank {
                sink.add("B06", batch, row: row, column: position, value: "")
            }
        }
    }

    private func checkColumn(
        _ position: Int, _ isText: Bool, _ batch: borrowing RowBatch, _ typed: borrowing TypedBatch,
        _ sink: inout ObservationSink
    ) {
        let isShared = position < SharedColumn.count
        let (states, cells, bytes, isData) = (typed.states.span, batch.cells.span, batch.bytes.span, typed.isData.span)
        var index = position
        var hasFound = false
        for row in isData.indices {
            defer { index += batch.columnCount }
            // A row that has in it what the row before has is no better and no worse.
            guard isData[row], !isShared || hasFound || !typed.repeatsIdentification(row: row) else { continue }
            hasFound = true
            if states[index] == .blank {
                // B03 names the worst blank of the catalogue; B01 holds for it as for every required field.
                if position == genericName { sink.add("B03", batch, row: row, column: position, value: "") }
                sink.add(position == ypid ? "B02" : "B01", batch, row: row, column: position, value: "")
            } else if isText || states[index] == .invalid, isPlaceholder(bytes.extracting(cells[index].range)) {
                // In a number or a day it is no value either: C16 and C01 follow from it. A 0 is a number there.
                sink.add("B04", batch, row: row, column: position)
            } else {
                hasFound = false
            }
        }
    }

    /// Compared without ASCII letter case; the cell has been trimmed.
    @inline(__always)
    private func isPlaceholder(_ cell: Span<UInt8>) -> Bool {
        !cell.isEmpty && placeholderLengths & RequiredCheck.lengthBit(cell.count) != 0
            && placeholderStarts[Int(cell[0] | 0x20)]
            && equalsPlaceholder(cell)
    }

    private static func lengthBit(_ count: Int) -> UInt64 { 1 &<< UInt64(min(count, 63)) }

    private func equalsPlaceholder(_ cell: Span<UInt8>) -> Bool {
        next: for placeholder in placeholders where placeholder.count == cell.count {
            for index in cell.indices {
                var byte = cell[index]
                if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) { byte += 32 }
                guard byte == placeholder[index] else { continue next }
            }
            return true
        }
        return false
    }
}

extension RowBatch.Row {
    /// Whether checks look at it: neither a total line nor broken.
    var isData: Bool { !isBroken && !isTotal }
}
