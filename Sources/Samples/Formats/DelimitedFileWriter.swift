import Core

/// Writes a table as delimited text.
final class DelimitedFileWriter: TableFileWriter {
    private let output: TextOutput
    private let format: FileFormat
    private let columns: [OutputColumn]
    private let delimiter: UInt8
    private let lineEnd: [UInt8]
    private let sums: TotalSums?
    private var line = 1
    private var buffer: [UInt8] = []

    private(set) var headerLine: Int?
    private(set) var rowCount = 0

    init(_ output: TextOutput, _ format: FileFormat, dataSet: DataSet, title: String, columns: [OutputColumn]) throws {
        self.output = output
        self.format = format
        self.columns = columns
        delimiter = format.delimiter.asciiValue ?? UInt8(ascii: ",")
        lineEnd = Array(format.lineEnd.utf8)
        sums =
            format.hasTotal || format.hasWrongTotal ? TotalSums(dataSet, excess: format.hasWrongTotal ? 100 : 0) : nil
        if format.titleLines > 0 { endLine(with: title) }
        if format.titleLines > 1 { endLine(with: "填报说明：请按国家药管平台要求填写；数量不含赠品") }
        headerLine = line
        for (index, column) in columns.enumerated() {
            if index > 0 { buffer.append(delimiter) }
            let header = Array(column.header.utf8)
            append(header[...])
        }
        try endRecord()
    }

    private func endLine(with text: String) {
        buffer.append(text)
        buffer.append(contentsOf: lineEnd)
        line += 1
    }

    private func endRecord() throws {
        buffer.append(contentsOf: lineEnd)
        line += 1
        try output.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func append(_ cell: ArraySlice<UInt8>) {
        var needsQuotes = format.quotesAll
        if !needsQuotes {
            for byte in cell where byte <= UInt8(ascii: "|") {
                let isSpecial =
                    byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
                    || byte == UInt8(ascii: "\r")
                if isSpecial {
                    needsQuotes = true
                    break
                }
            }
        }
        guard needsQuotes else {
            buffer.append(contentsOf: cell)
            return
        }
        buffer.append(UInt8(ascii: "\""))
        for byte in cell {
            if byte == UInt8(ascii: "\"") { buffer.append(byte) }
            // A line break inside quotes is a line of its own; the samples write them as LF.
            if byte == UInt8(ascii: "\n") { line += 1 }
            buffer.append(byte)
        }
        buffer.append(UInt8(ascii: "\""))
    }

    func write(_ row: CellRow, damage: RowDamage) throws -> Int {
        let start = line
        rowCount += 1
        for (index, column) in columns.enumerated() {
            if index > 0 { buffer.append(delimiter) }
            switch column {
            case .sequence: buffer.append(String(rowCount))
            case .unknown(_, let text): buffer.append(text)
            case .data(let position, _):
                append(row.bytes[row.range(of: position)])
                if let raw = damage.rawTails[position] {
                    try output.write(buffer)
                    buffer.removeAll(keepingCapacity: true)
                    try output.writeRaw(raw)
                }
            }
        }
        for cell in damage.extraCells {
            buffer.append(delimiter)
            buffer.append(cell)
        }
        sums?.add(row)
        try endRecord()
        return start
    }

    func writeTotal() throws -> Bool {
        guard let sums, sums.hasColumns else { return false }
        rowCount += 1
        for (index, column) in columns.enumerated() {
            if index > 0 { buffer.append(delimiter) }
            if index == 0 {
                buffer.append("合计")
            } else if case .data(let position, _) = column, let sum = sums.text(of: position) {
                buffer.append(sum)
            }
        }
        try endRecord()
        return true
    }

    func writeBare(_ text: String) throws -> Int {
        let start = line
        buffer.append(text)
        line += text.utf8.count { $0 == UInt8(ascii: "\n") }
        try output.write(buffer)
        buffer.removeAll(keepingCapacity: true)
        return start
    }

    func close() throws { try output.close() }
}

/// Adds up the amounts and quantities of a file for its total line, exactly.
final class TotalSums {
    private var sums: [Int: (units: Int64, decimals: Int)] = [:]

    /// - Parameter excess: fen that an amount is stated too high.
    init(_ dataSet: DataSet, excess: Int64 = 0) {
        for (position, column) in dataSet.columns.enumerated() where dataSet.table.isMovement {
            switch column.kind {
            case .amount: sums[position] = (excess, column.kind.decimals ?? 0)
            case .quantity: sums[position] = (0, column.kind.decimals ?? 0)
            default: break
            }
        }
    }

    /// Whether the table has columns to add up.
    var hasColumns: Bool { !sums.isEmpty }

    func add(_ row: CellRow) {
        for (position, sum) in sums {
            let cell = Array(row.bytes[row.range(of: position)])
            guard
                case .value(let units, _) = NumberReading(cell.span, decimals: sum.decimals, limit: .max / 4)
            else { continue }
            sums[position] = (sum.units + units, sum.decimals)
        }
    }

    func text(of position: Int) -> String? {
        guard let sum = sums[position] else { return nil }
        return sum.decimals == 2
            ? FixedPoint.text(sum.units, decimals: 2) : FixedPoint.shortText(sum.units, decimals: sum.decimals)
    }
}
