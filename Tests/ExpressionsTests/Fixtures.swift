import Core
import Testing

@testable import Expressions

/// The columns that the tests speak of: every type, several scales, numbers at the edge of 64 bits.
let schema = ExpressionSchema(
    columns: [
        .init("amount", .number(scale: 2, integerDigits: 14)),
        .init("pack_quantity", .number(scale: 4, integerDigits: 14)),
        .init("dose_quantity", .number(scale: 4, integerDigits: 14)),
        .init("catalogue.conversion_factor", .number(scale: 4, integerDigits: 8)),
        .init("bed_count", .number(scale: 0, integerDigits: 10)),
        .init("huge", .number(scale: 0, integerDigits: 19)),
        .init("tiny", .number(scale: 12, integerDigits: 7)),
        .init("product_name", .text),
        .init("strength", .text),
        .init("code", .text),
        .init("report_date", .date),
        .init("valid_to", .date),
        .init("is_open", .boolean),
        .init("is_known", .boolean),
    ],
    thresholds: [
        .init("C27.amount"), .init("F01.share"), .init("big", .number(scale: 0)), .init("Z.zero"),
        .init("B04.text", .text), .init("C02.day", .date), .init("X.flag", .boolean),
    ])

let thresholds: [String: ExpressionValue] = [
    "C27.amount": .number(number("200000000")), "F01.share": .number(number("0.005")),
    "big": .number(number("999999999999999999999999")), "Z.zero": .number(number("0")), "B04.text": .text("it's 无\\"),
    "C02.day": .date(CalendarDay(daysSince2000: 9_000)), "X.flag": .boolean(true),
]

func number(_ text: String) -> ExactNumber { ExactNumber(text) ?? ExactNumber(unchecked: -1, scale: 0) }

/// One row: a value or NULL for each column.
typealias TestRow = [ExpressionValue?]

/// A row in which only some columns have values, written as text.
func row(_ values: [String: String] = [:]) throws -> TestRow {
    try schema.columns.map { column in
        guard let text = values[column.name] else { return nil }
        switch column.type {
        case .text: return .text(text)
        case .date: return .date(try #require(CalendarDay(text)))
        case .boolean: return .boolean(text == "true")
        case .number: return .number(try #require(ExactNumber(text)))
        }
    }
}

/// A batch with these rows.
func batch(_ rows: [TestRow]) -> ColumnBatch {
    var batch = ColumnBatch(columnCount: schema.columns.count)
    for row in rows {
        for (index, column) in schema.columns.enumerated() {
            switch row[index] {
            case .number(let number)?:
                batch.append(Int64(number.units(atScale: column.type.number?.scale ?? 0)), to: index)
            case .date(let day)?: batch.append(Int64(day.daysSince2000), to: index)
            case .boolean(let value)?: batch.append(value ? 1 : 0, to: index)
            case .text(let text)?:
                let bytes = Array(text.utf8)
                batch.append(text: bytes.span, to: index)
            case nil:
                if column.type == .text { batch.append(text: nil, to: index) } else { batch.append(nil, to: index) }
            }
        }
        batch.rowCount += 1
    }
    return batch
}

func typed(_ source: String) throws -> TypedExpression {
    try TypedExpression(SyntaxTree(source), schema: schema)
}

/// What an expression is on one row, as text: the value, `NULL` or the reason.
func evaluated(_ source: String, _ row: TestRow) throws -> String {
    var evaluator = Evaluator(try Program(typed(source), thresholds: thresholds))
    var batch = batch([row])
    evaluator.evaluate(&batch)
    return shown(evaluator.value(row: 0, in: batch))
}

func shown(_ outcome: Outcome<ExpressionValue>) -> String {
    switch outcome {
    case .value(.number(let number)): number.description
    case .value(.text(let text)): text
    case .value(.date(let day)): day.description
    case .value(.boolean(let value)): value ? "TRUE" : "FALSE"
    case .unknown: "NULL"
    case .notEvaluable(let reason): reason.rawValue
    }
}
