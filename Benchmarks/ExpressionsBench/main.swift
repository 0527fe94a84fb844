// How many rows a second compiled expressions take: `swift run -c release ExpressionsBench`.
import Core
import Expressions

/// A number that is written out here.
func number(_ text: String) -> ExpressionValue {
    guard let number = ExactNumber(text) else { preconditionFailure("'\(text)' is a number") }
    return .number(number)
}

let thresholds = ["F01.share": number("0.005"), "C27.amount": number("200000000"), "D08.similarity": number("0.8")]
let schema = ExpressionSchema(
    .of(.usage), joined: [.of(.catalogue)], thresholds: thresholds.keys.sorted().map { .init($0) })
let conditions = [
    "amount > :C27.amount",
    "amount < 0 OR pack_quantity < 0 OR dose_quantity < 0",
    "abs(pack_quantity * catalogue.conversion_factor - dose_quantity) > greatest(1, :F01.share * dose_quantity)",
    "pack_quantity > 0 AND amount / pack_quantity NOT BETWEEN 0.01 AND 1000000",
    "ypid IS NULL AND product_name <> catalogue.product_name",
    "product_name LIKE '%胶囊%'",
    "org_code_check(org_code)",
    "similarity(product_name, catalogue.product_name) < :D08.similarity",
]

/// A batch as a reader gives it: plausible numbers, a few NULLs, Chinese names.
func sampleBatch(rows: Int) -> ColumnBatch {
    var batch = ColumnBatch(columnCount: schema.columns.count)
    let names = ["阿莫西林胶囊", "头孢呋辛酯片", "注射用奥美拉唑钠", "氯化钠注射液"].map { Array($0.utf8) }
    for row in 0..<rows {
        for (index, column) in schema.columns.enumerated() {
            switch column.type {
            case .text:
                if column.name == "ypid", row % 7 == 0 {
                    batch.append(text: nil, to: index)
                } else {
                    let name = names[row % 4]
                    batch.append(text: name.span, to: index)
                }
            case .number, .date, .boolean: batch.append(row % 50 == 0 ? nil : Int64(10_000 + row * 7), to: index)
            }
        }
    }
    batch.rowCount = rows
    return batch
}

var batch = sampleBatch(rows: 1_024)
let clock = ContinuousClock()
for condition in conditions {
    let expression = try TypedExpression(condition: condition, schema: schema)
    let program = try Program(expression, thresholds: thresholds)
    var evaluator = Evaluator(program)
    evaluator.evaluate(&batch)
    var best = Double.infinity
    for _ in 0..<5 {
        var rounds = 0
        let time = clock.measure {
            let start = clock.now
            while clock.now - start < .milliseconds(100) {
                evaluator.evaluate(&batch)
                rounds += 1
            }
        }
        best = min(best, (time / .seconds(1)) / Double(rounds * batch.rowCount))
    }
    let tenths = Int(10 / best / 1_000_000)
    print("\(tenths / 10).\(tenths % 10) million rows/s, \(program.instructionCount) instructions: \(condition)")
}
