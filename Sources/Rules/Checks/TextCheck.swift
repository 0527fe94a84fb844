internal import Core

/// Lengths and forms of texts: C12, C14, C18, C33, C34, C36.
struct TextCheck: Sendable {
    private let approvalNumber: Int?
    private let drugCode: Int?
    private let unitColumns: [Int]
    private let units: Set<String>
    /// The units that fit into a word, which are all that anybody writes.
    private let shortUnits: Set<UInt64>

    init(_ dataSet: DataSet, parameters: RuleParameters) {
        approvalNumber = dataSet.position(of: "approval_number")
        drugCode = dataSet.position(of: "hospital_drug_code")
        unitColumns = ["dosage_unit", "pack_unit"].compactMap { dataSet.position(of: $0) }
        units = parameters.units
        shortUnits = Set(units.compactMap { TextCheck.word(of: Array($0.utf8).span) })
    }

    func check(_ batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ sink: inout ObservationSink) {
        for (position, column) in batch.dataSet.columns.enumerated() {
            guard let limit = column.maximumLength, Int(typed.summaries[position].longest) > limit else { continue }
            for row in batch.rows.indices where batch.rows[row].isData {
                // Bytes are never fewer than characters, so most cells are done without counting.
                let extent = batch.extent(row: row, column: position)
                guard Int(extent.count) > limit else { continue }
                let length = UTF8Scan.scalarCount(of: batch.bytes.span.extracting(extent.range))
                guard length > limit else { continue }
                for rule in rulesForLength(column) {
                    sink.add(
                        rule, batch, row: row, column: position, expected: "\(limit)", details: ["count": "\(length)"])
                }
            }
        }
        if let approvalNumber { checkApprovalNumbers(batch, approvalNumber, &sink) }
        if let drugCode { checkDrugCodes(batch, drugCode, &sink) }
        guard !units.isEmpty else { return }
        for position in unitColumns {
            for row in batch.rows.indices
            where batch.rows[row].isData && typed.state(row: row, column: position) == .valid {
                let cell = batch.bytes.span.extracting(batch.extent(row: row, column: position).range)
                if let word = TextCheck.word(of: cell), shortUnits.contains(word) { continue }
                if !units.contains(batch.string(row: row, column: position)) {
                    sink.add("C36", batch, row: row, column: position)
                }
            }
        }
    }

    /// A text of up to seven bytes as one number, its length in the highest byte.
    private static func word(of cell: Span<UInt8>) -> UInt64? {
        cell.count > 7 ? nil : ByteWords.short(cell) | UInt64(cell.count) << 56
    }

    /// The two codes with a rule of their own break the general one too.
    private func rulesForLength(_ column: Column) -> [RuleID] {
        switch column.name {
        case "ypid": ["C12", "C33"]
        case "procurement_code": ["C12", "C34"]
        default: ["C12"]
        }
    }

    private func checkApprovalNumbers(_ batch: borrowing RowBatch, _ position: Int, _ sink: inout ObservationSink) {
        for row in batch.rows.indices where batch.rows[row].isData {
            let cell = batch.bytes.span.extracting(batch.extent(row: row, column: position).range)
            guard !cell.isEmpty, !ApprovalNumber.isWellFormed(cell) else { continue }
            sink.add("C14", batch, row: row, column: position, expected: "国药准字H20053710")
        }
    }

    private func checkDrugCodes(_ batch: borrowing RowBatch, _ position: Int, _ sink: inout ObservationSink) {
        for row in batch.rows.indices where batch.rows[row].isData {
            let cell = batch.bytes.span.extracting(batch.extent(row: row, column: position).range)
            guard SpreadsheetDamage.shows(in: cell) else { continue }
            sink.add("C18", batch, row: row, column: position)
        }
    }
}

/// What Excel leaves of a long code that it took for a number.
enum SpreadsheetDamage {
    /// `1.2E+10`, or 15 and more digits of which the last three are zeros.
    static func shows(in cell: Span<UInt8>) -> Bool {
        guard cell.count >= 4 else { return false }
        var digits = 0
        while digits < cell.count, cell[digits] &- UInt8(ascii: "0") <= 9 { digits += 1 }
        if digits == cell.count {
            return digits >= 15 && (1...3).allSatisfy { cell[cell.count - $0] == UInt8(ascii: "0") }
        }
        guard digits == 1 else { return false }
        var index = 1
        if cell[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            while index < cell.count, cell[index] &- UInt8(ascii: "0") <= 9 { index += 1 }
            guard index > start else { return false }
        }
        guard index + 2 < cell.count, cell[index] == UInt8(ascii: "E") || cell[index] == UInt8(ascii: "e"),
            cell[index + 1] == UInt8(ascii: "+")
        else { return false }
        for rest in index + 2..<cell.count where cell[rest] &- UInt8(ascii: "0") > 9 { return false }
        return true
    }
}
