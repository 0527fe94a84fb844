internal import Core

/// Numbers that cannot be: C19 … C27, C29 … C32.
struct RangeCheck: Sendable {
    private let table: DataTable
    private let amount: Int?
    private let quantities: [Int]
    private let factor: Int?
    private let income: Int?
    private let beds: Int?
    private let largestAmount: Int64
    private let largestFactor: Int64
    private let smallestIncome: Int64

    init(_ dataSet: DataSet, context: CheckContext, parameters: RuleParameters) {
        let day = context.businessDate.description
        table = dataSet.table
        amount = dataSet.position(of: "amount")
        quantities = ["pack_quantity", "dose_quantity"].compactMap { dataSet.position(of: $0) }
        factor = dataSet.position(of: "conversion_factor")
        income = dataSet.position(of: "annual_drug_income")
        beds = dataSet.position(of: "bed_count")
        largestAmount = parameters.threshold("C27.amount", on: day, decimals: 2, default: 200_000_000_00)
        largestFactor = parameters.threshold("C21.factor", on: day, decimals: 4, default: 10_000_0000)
        smallestIncome = parameters.threshold("C31.income", on: day, decimals: 2, default: 10_000_00)
    }

    func check(_ batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ sink: inout ObservationSink) {
        for row in batch.rows.indices where batch.rows[row].isData {
            if let amount, let value = typed.value(row: row, column: amount) {
                checkAmount(value, batch, row, amount, &sink)
            }
            for position in quantities {
                guard let value = typed.value(row: row, column: position) else { continue }
                checkQuantity(value, batch, row, position, &sink)
            }
            if let factor, let value = typed.value(row: row, column: factor) {
                checkFactor(value, batch, row, factor, &sink)
            }
            if let income, let beds { checkInstitution(batch, typed, row, income: income, beds: beds, &sink) }
        }
    }

    private func checkAmount(
        _ value: Int64, _ batch: borrowing RowBatch, _ row: Int, _ position: Int, _ sink: inout ObservationSink
    ) {
        if value < 0 {
            sink.add(table == .stockIn ? "C23" : "C26", batch, row: row, column: position, expected: "≥ 0")
        } else if value > largestAmount {
            sink.add(
                "C27", batch, row: row, column: position,
                expected: "≤ \(FixedPoint.shortText(largestAmount, decimals: 2))")
        }
    }

    private func checkQuantity(
        _ value: Int64, _ batch: borrowing RowBatch, _ row: Int, _ position: Int, _ sink: inout ObservationSink
    ) {
        switch table {
        case .stockIn where value <= 0: sink.add("C22", batch, row: row, column: position, expected: "> 0")
        case .stockOut where value <= 0: sink.add("C24", batch, row: row, column: position, expected: "> 0")
        case .usage where value < 0: sink.add("C25", batch, row: row, column: position, expected: "≥ 0")
        default: break
        }
    }

    private func checkFactor(
        _ value: Int64, _ batch: borrowing RowBatch, _ row: Int, _ position: Int, _ sink: inout ObservationSink
    ) {
        if value <= 0 {
            sink.add("C19", batch, row: row, column: position, expected: "> 0")
        }
        if value < 10_000 || value % 10_000 != 0 {
            sink.add("C20", batch, row: row, column: position, expected: "1, 2, 3 …")
        }
        if value > largestFactor {
            sink.add(
                "C21", batch, row: row, column: position,
                expected: "≤ \(FixedPoint.shortText(largestFactor, decimals: 4))")
        }
    }

    private func checkInstitution(
        _ batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ row: Int, income: Int, beds: Int,
        _ sink: inout ObservationSink
    ) {
        let incomeValue = typed.value(row: row, column: income)
        let bedValue = typed.value(row: row, column: beds)
        if let bedValue, !(0...99_999).contains(bedValue) {
            sink.add("C29", batch, row: row, column: beds, expected: "0…99999")
        }
        if let incomeValue, incomeValue < 0 {
            sink.add("C30", batch, row: row, column: income, expected: "≥ 0")
        }
        if let incomeValue, let bedValue, incomeValue > 0, incomeValue < smallestIncome, bedValue > 0 {
            sink.add(
                "C31", batch, row: row, column: income,
                expected: "≥ \(FixedPoint.shortText(smallestIncome, decimals: 2))")
        }
        if bedValue == 0 {
            let code = batch.extent(row: row, column: SharedColumn.hospitalCode)
            let category = Int(code.start) + HospitalCode.category.lowerBound
            if Int(code.count) == HospitalCode.length, batch.bytes[category] == UInt8(ascii: "A") {
                sink.add("C32", batch, row: row, column: beds, expected: "> 0")
            }
        }
    }
}
