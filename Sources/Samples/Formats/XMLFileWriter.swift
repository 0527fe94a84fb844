import Core

/// Writes a table as XML in one of the three shapes.
final class XMLFileWriter: TableFileWriter {
    private let output: TextOutput
    private let format: FileFormat
    private let columns: [OutputColumn]
    private var line = 1
    private var buffer: [UInt8] = []

    let headerLine: Int? = nil
    private(set) var rowCount = 0

    init(
        _ output: TextOutput, _ format: FileFormat, dataSet: DataSet, hospitalCode: String, period: Period,
        columns: [OutputColumn], prologue: String
    ) throws {
        self.output = output
        self.format = format
        self.columns = columns
        text("<?xml version=\"1.0\" encoding=\"\(format.encoding.nameInXML)\"?>\n")
        text(prologue)
        text("<dataset table=\"\(dataSet.table.rawValue)\" hospital_code=\"\(hospitalCode)\" period=\"\(period)\">\n")
        try flush()
    }

    private func text(_ text: String) {
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n") { line += 1 }
            buffer.append(byte)
        }
    }

    private func flush() throws {
        try output.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func escape(_ cell: ArraySlice<UInt8>) {
        for byte in cell {
            switch byte {
            case UInt8(ascii: "&"): buffer.append("&amp;")
            case UInt8(ascii: "<"): buffer.append("&lt;")
            case UInt8(ascii: ">"): buffer.append("&gt;")
            case UInt8(ascii: "\""): buffer.append("&quot;")
            case UInt8(ascii: "\n"):
                buffer.append(byte)
                line += 1
            default: buffer.append(byte)
            }
        }
    }

    private func value(_ column: OutputColumn, _ row: CellRow, _ damage: RowDamage) throws {
        switch column {
        case .sequence: buffer.append(String(rowCount))
        case .unknown(_, let text): buffer.append(text)
        case .data(let position, _):
            escape(row.bytes[row.range(of: position)])
            if let raw = damage.rawTails[position] {
                try flush()
                try output.writeRaw(raw)
            }
        }
    }

    func write(_ row: CellRow, damage: RowDamage) throws -> Int {
        rowCount += 1
        let start = line
        switch format.kind {
        case .delimited, .elements:
            text("  <row>\n")
            for column in columns {
                buffer.append("    <\(column.header)>")
                try value(column, row, damage)
                text("</\(column.header)>\n")
            }
            text("  </row>\n")
        case .attributes:
            buffer.append("  <row")
            for column in columns {
                buffer.append(" \(column.header)=\"")
                try value(column, row, damage)
                buffer.append("\"")
            }
            text("/>\n")
        case .fields:
            text("  <row>\n")
            for column in columns {
                buffer.append("    <field name=\"\(column.header)\">")
                try value(column, row, damage)
                text("</field>\n")
            }
            text("  </row>\n")
        }
        try flush()
        return start
    }

    func writeTotal() -> Bool { false }

    func writeBare(_ bare: String) throws -> Int {
        let start = line
        text(bare)
        try flush()
        return start
    }

    func close() throws {
        text("</dataset>\n")
        try flush()
        try output.close()
    }
}
