internal import Core

/// Who the institution table says reports: what the rows of the other tables are compared with (G04).
struct Identification {
    private static let columns = [SharedColumn.provinceCode, SharedColumn.orgCode, SharedColumn.hospitalCode]

    private var cells: [[UInt8]]?

    /// Whether there is anything to compare with: the institution table has one row, and its codes are its own.
    var isKnown: Bool { cells != nil }

    /// Takes down the row of the institution table.
    mutating func note(_ row: Int, _ batch: borrowing RowBatch) {
        var found: [[UInt8]] = []
        for column in Identification.columns {
            let extent = batch.extent(row: row, column: column)
            guard extent.count > 0 else { return }
            found.append(Array(batch.bytes[extent.range]))
        }
        cells = found
    }

    /// The institution table has more than one row, or one that cannot be believed.
    mutating func forget() { cells = nil }

    /// The columns in which a row differs, with what the institution table says.
    func differences(_ row: Int, _ batch: borrowing RowBatch) -> [(column: Int, expected: String)] {
        guard let cells else { return [] }
        let bytes = batch.bytes.span
        var found: [(column: Int, expected: String)] = []
        for (position, column) in Identification.columns.enumerated() {
            let cell = bytes.extracting(batch.extent(row: row, column: column).range)
            // That a cell is blank is a matter of its own (B01).
            guard !cell.isEmpty, !cell.equals(cells[position]) else { continue }
            if column == SharedColumn.provinceCode, Identification.isSameProvince(cell, cells[position]) { continue }
            found.append((column, String(decoding: cells[position], as: UTF8.self)))
        }
        return found
    }

    /// `61` and `610000` are the same.
    private static func isSameProvince(_ cell: Span<UInt8>, _ reference: [UInt8]) -> Bool {
        let (long, short) = (max(cell.count, reference.count), min(cell.count, reference.count))
        guard long == 6, short == 2, cell[0] == reference[0], cell[1] == reference[1] else { return false }
        for index in 2..<6 where (cell.count == 6 ? cell[index] : reference[index]) != UInt8(ascii: "0") {
            return false
        }
        return true
    }
}
