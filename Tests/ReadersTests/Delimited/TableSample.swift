import Core

@testable import Readers

/// A table that was read to its end.
struct ReadTable: Equatable {
    struct Row: Equatable {
        var number: Int
        var line: Int
        var byteOffset: Int
        var raw: [UInt8]
        var cells: [String]
        var isTotal: Bool
        var isBroken: Bool
    }

    var rows: [Row] = []
    var observations: [Observation] = []
    var fileObservations: [Observation] = []
    var facts = FileFacts()

    /// Reads a file.
    init(
        _ bytes: [UInt8], as table: DataTable = .stockOut, limits: ReadingLimits = ReadingLimits(), sizes: [Int] = [],
        encoding: TextEncoding? = nil, sampleBytes: Int = EncodingSniffer.sampleBytes
    ) throws {
        let set = DataSet.of(table)
        let reader = DelimitedTableReader(
            TestSource(bytes, sizes: sizes), dataSet: set, limits: limits, encoding: encoding,
            sampleBytes: sampleBytes)
        var batch = RowBatch(set)
        while try reader.next(into: &batch) {
            for (index, row) in batch.rows.enumerated() {
                rows.append(
                    Row(
                        number: row.number, line: row.line, byteOffset: row.byteOffset,
                        raw: Array(batch.bytes[row.raw.range]),
                        cells: (0..<set.columns.count).map { batch.string(row: index, column: $0) },
                        isTotal: row.isTotal, isBroken: row.isBroken))
            }
            observations += batch.observations
        }
        fileObservations = reader.fileObservations
        facts = reader.facts
    }

    init(_ text: String, as table: DataTable = .stockOut, limits: ReadingLimits = ReadingLimits()) throws {
        try self.init(Array(text.utf8), as: table, limits: limits)
    }

    /// The cells of a column.
    func column(_ name: String, of table: DataTable = .stockOut) -> [String] {
        let position = DataSet.of(table).position(of: name) ?? 0
        return rows.map { $0.cells[position] }
    }

    /// Rules seen, with their columns.
    var rules: [String] { observations.map { "\($0.rule) \($0.details["reason"] ?? $0.place.column ?? "")" } }
    var fileRules: [String] { fileObservations.map { "\($0.rule) \($0.place.column ?? "")" } }
}

/// Tables made by tests.
enum TableSample {
    /// A short table: the headers that the tests of rows use.
    static let headers = ["医疗机构代码", "YPID", "院内药品唯一码", "产品名称", "出库数量（最小制剂单位）"]
    static let columns = ["hospital_code", "ypid", "hospital_drug_code", "product_name", "dose_quantity"]

    static func random(_ count: Int, using random: inout SeededGenerator) -> [[String]] {
        (0..<count).map { row in
            var cells = headers.indices.map { _ in
                SampleText.random(Int.random(in: 0...6, using: &random), using: &random)
            }
            // Never a blank line, a total or a guarded number.
            cells[0] = "H\(row)"
            cells[2] = "D\(cells[2])"
            return cells.map { $0.filter { $0 != "=" } }
        }
    }

    /// RFC 4180 text.
    static func print(_ rows: [[String]], delimiter: String = ",", lineEnd: String = "\r\n") -> String {
        rows.map { row in
            row.map { cell in
                let needsQuotes =
                    cell.unicodeScalars.contains { "\"\r\n".unicodeScalars.contains($0) }
                    || cell.contains(delimiter) || cell.hasPrefix("'")
                return needsQuotes ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
            }.joined(separator: delimiter) + lineEnd
        }.joined()
    }
}
