internal import Core

/// The sums of a file's number columns, and what its total line (合计) says they are.
struct ControlTotals {
    private let columns: [(position: Int, column: Column)]
    private let positions: [Int]
    private var sums: [Int64]
    private var hasOverflowed: [Bool]
    private var stated: [(position: Int, value: Int64, place: Place, text: String)] = []

    init(_ dataSet: DataSet) {
        columns = dataSet.columns.enumerated().filter { $1.kind == .amount || $1.kind == .quantity }
            .map { (position: $0, column: $1) }
        positions = columns.map(\.position)
        sums = Array(repeating: 0, count: columns.count)
        hasOverflowed = Array(repeating: false, count: columns.count)
    }

    /// Adds the rows of a batch and takes down its total lines.
    mutating func add(_ batch: borrowing RowBatch, _ value: (_ row: Int, _ column: Int) -> Int64?) {
        for row in batch.rows.indices where batch.rows[row].isTotal && !batch.rows[row].isBroken {
            for (position, column) in columns { note(batch, row, position, column) }
        }
        for (index, position) in positions.enumerated() {
            var sum = sums[index]
            for row in batch.rows.indices where !batch.rows[row].isBroken && !batch.rows[row].isTotal {
                guard let value = value(row, position) else { continue }
                let (next, overflow) = sum.addingReportingOverflow(value)
                sum = next
                if overflow { hasOverflowed[index] = true }
            }
            sums[index] = sum
        }
    }

    private mutating func note(_ batch: borrowing RowBatch, _ row: Int, _ position: Int, _ column: Column) {
        let decimals = column.kind.decimals ?? 0
        let cell = batch.bytes.span.extracting(batch.extent(row: row, column: position).range)
        guard !cell.isEmpty,
            case .value(let value, _) = NumberReading(cell, decimals: decimals, limit: Int64.max / 10)
        else { return }
        let source = batch.rows[row]
        let place = Place(line: source.line, row: source.number, column: column.name)
        stated.append((position, value, place, batch.string(row: row, column: position)))
    }

    /// F12 for every stated total that differs from its sum.
    var observations: [Observation] {
        stated.compactMap { total in
            guard let index = columns.firstIndex(where: { $0.position == total.position }), !hasOverflowed[index],
                sums[index] != total.value
            else { return nil }
            let decimals = columns[index].column.kind.decimals ?? 0
            return Observation(
                "F12", at: total.place, value: total.text,
                expected: FixedPoint.shortText(sums[index], decimals: decimals))
        }
    }
}
