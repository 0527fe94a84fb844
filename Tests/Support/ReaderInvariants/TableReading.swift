import Core
import Readers

/// A table that was read to its end, and what must hold for every reader of tables.
struct TableReading: Equatable {
    struct Row: Equatable {
        var number: Int
        var line: Int
        var byteOffset: Int
        var raw: [UInt8]
        var cells: [[UInt8]]
        var isTotal: Bool
        var isBroken: Bool

        /// The offset behind its bytes, where they are those of the file.
        var end: Int { byteOffset + raw.count }
    }

    var rows: [Row] = []
    var observations: [Observation] = []
    var fileObservations: [Observation] = []
    var facts = FileFacts()

    /// Reads everything and checks the batches as they come.
    init(_ reader: any TableReader, _ dataSet: DataSet, _ limits: ReadingLimits) throws {
        var batch = RowBatch(dataSet)
        // A block and a record longer than it, as they came and once more decoded: at most three bytes for one.
        let mostBytes = 4 * (max(limits.windowBytes, 1 << 10) + limits.recordBytes) + 1024
        while try reader.next(into: &batch) {
            try require(!batch.rows.isEmpty, "a batch has rows where there was said to be one")
            try require(batch.bytes.count <= mostBytes, "\(batch.bytes.count) bytes in a batch, more than \(mostBytes)")
            try take(batch)
            try require(reader.facts.rowsRead == rows.count, "\(reader.facts.rowsRead) rows read, \(rows.count) given")
        }
        try require(batch.rows.isEmpty, "no rows behind the end")
        facts = reader.facts
        fileObservations = reader.fileObservations
        try require(facts.rowsRead == rows.count, "\(facts.rowsRead) rows read, \(rows.count) given")
        try require(rows.count <= limits.rows, "\(rows.count) rows, more than \(limits.rows)")
        try require(!(try reader.next(into: &batch)), "the end is the end")
        try require(reader.facts == facts && reader.fileObservations == fileObservations, "the end changes nothing")
    }

    private mutating func take(_ batch: RowBatch) throws {
        try require(
            batch.cells.count == batch.rows.count * batch.columnCount,
            "\(batch.cells.count) cells in \(batch.rows.count) rows")
        let first = rows.count + 1
        for (index, row) in batch.rows.enumerated() {
            try require(row.number == rows.count + 1, "row \(row.number) follows row \(rows.count)")
            try require(row.line >= max(1, rows.last?.line ?? 1), "row \(row.number) on line \(row.line)")
            try require(row.byteOffset > (rows.last?.byteOffset ?? -1), "row \(row.number) at \(row.byteOffset)")
            var cells: [[UInt8]] = []
            for column in 0..<batch.columnCount {
                let cell = try Self.bytes(batch.extent(row: index, column: column), of: batch)
                try require(
                    String(validating: cell, as: UTF8.self) != nil, "row \(row.number) column \(column) is no UTF-8")
                cells.append(cell)
            }
            rows.append(
                Row(
                    number: row.number, line: row.line, byteOffset: row.byteOffset,
                    raw: try Self.bytes(row.raw, of: batch), cells: cells, isTotal: row.isTotal,
                    isBroken: row.isBroken))
        }
        for observation in batch.observations {
            let number = observation.place.row ?? 0
            try require((first...rows.count).contains(number), "\(observation) is of no row of its batch")
            try require((observation.value?.utf8.count ?? 0) <= 500, "\(observation) shows too much")
        }
        observations += batch.observations
    }

    private static func bytes(_ extent: RowBatch.Extent, of batch: RowBatch) throws -> [UInt8] {
        try require(
            extent.start >= 0 && extent.count >= 0 && extent.range.upperBound <= batch.bytes.count,
            "\(extent) lies outside of \(batch.bytes.count) bytes")
        return Array(batch.bytes[extent.range])
    }

    /// What of two readings is not the same, if anything.
    func difference(from other: TableReading) -> String? {
        for (row, otherRow) in zip(rows, other.rows) where row != otherRow { return "\(row) and \(otherRow)" }
        if rows.count != other.rows.count { return "\(rows.count) and \(other.rows.count) rows" }
        if observations != other.observations { return "\(observations) and \(other.observations)" }
        if fileObservations != other.fileObservations { return "\(fileObservations) and \(other.fileObservations)" }
        return facts == other.facts ? nil : "\(facts) and \(other.facts)"
    }
}
