import Core
import Postgres
import TestDatabase
import Testing

@testable import Expressions

/// Both back ends against each other, on a real server.
@Suite(.tags(.database), .needsDatabase) struct `Expressions in PostgreSQL` {
    static let rowCount = 2_000

    /// At least a million evaluations in total; the first suites of arguments make conditions, the last other values.
    @Test(.timeLimit(.minutes(10)), arguments: UInt64(0)..<10)
    func `the compiled evaluator and PostgreSQL agree on every row`(seed: UInt64) async throws {
        var random = RandomExpressions(seed: 1_000 + seed)
        var rows: [TestRow] = []
        for _ in 0..<Self.rowCount { rows.append(random.row()) }
        var sources: [String] = []
        for index in 0..<80 {
            sources.append(
                index % 15 == 0
                    ? random.number(Int(seed % 6) + 1)
                    : index % 15 == 1 ? random.text(4) : random.boolean(Int(seed % 5) + 1))
        }
        let (table, expressions) = (rows, sources)
        let evaluated = try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            let count = try await connection.perform { connection in
                for definition in FunctionLibrary.sqlDefinitions(schema: "public") {
                    try connection.query(SQL(unchecked: definition))
                }
                try fill(connection, table)
                return try compare(connection, table, expressions)
            }
            await connection.close()
            return count
        }
        #expect(evaluated > 100_000)
    }

    @Test func `the functions can be defined again, in any schema`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query("CREATE SCHEMA \"rules \"\"x\"\"\"")
                for _ in 0..<2 {
                    for definition in FunctionLibrary.sqlDefinitions(schema: "rules \"x\"") {
                        try connection.query(SQL(unchecked: definition))
                    }
                }
                let sql = try ExpressionSQL(
                    typed("similarity('night', 'nacht') / :F01.share = 50 AND credit_code_check('11330282002977026G')"),
                    thresholds: thresholds, functionSchema: "rules \"x\"")
                #expect(sql.value.parameters == [.number(number("0.005"))])
                let share = "0.005"
                let parts = sql.value.text().split(separator: "$1", omittingEmptySubsequences: false).map(String.init)
                let whole: SQL = "SELECT \(SQL(unchecked: parts[0]))\(share)\(SQL(unchecked: parts[1]))"
                let holds: Bool? = try connection.query(whole).single()
                // A threshold could be zero, so the reason is asked for; this one is not.
                #expect(holds == true)
            }
            await connection.close()
        }
    }
}

private func fill(_ connection: isolated Connection, _ rows: [TestRow]) throws {
    let columns = schema.columns.map { column in
        let type =
            switch column.type {
            case .text: "text"
            case .date: "date"
            case .boolean: "boolean"
            case .number: column.name == "bed_count" ? "bigint" : "numeric"
            }
        return "\(column.sqlPath.last ?? "") \(type)"
    }
    try connection.query(SQL(unchecked: "CREATE TEMP TABLE sample (id integer, \(columns.joined(separator: ", ")))"))
    var text: [UInt8] = []
    for (index, row) in rows.enumerated() {
        text += Array("\(index)".utf8)
        for value in row {
            text.append(9)
            let cell = value.map { shown(.value($0)) } ?? "\\N"
            for byte in cell.utf8 {
                switch byte {
                case UInt8(ascii: "\\") where value != nil: text += [92, 92]
                case 9: text += [92, UInt8(ascii: "t")]
                case 10: text += [92, UInt8(ascii: "n")]
                default: text.append(byte)
                }
            }
        }
        text.append(10)
    }
    try connection.copyIn("COPY sample FROM STDIN", text: text)
}

/// Compares all expressions over all rows; gives how many evaluations that were.
private func compare(_ connection: isolated Connection, _ rows: [TestRow], _ sources: [String]) throws -> Int {
    var batch = batch(rows)
    var count = 0
    for source in sources {
        guard let expression = try allowingFailingChoices(source) else { continue }
        var evaluator = Evaluator(try Program(expression, thresholds: thresholds))
        evaluator.evaluate(&batch)
        let sql = try ExpressionSQL(expression, thresholds: thresholds, functionSchema: "public")
        let value = sql.value.inlined
        let shownValue =
            switch expression.type {
            case .boolean: "CASE \(value) WHEN TRUE THEN 'TRUE' WHEN FALSE THEN 'FALSE' ELSE 'NULL' END"
            case .number: "COALESCE(trim_scale(\(value))::text, 'NULL')"
            case .text, .date: "COALESCE((\(value))::text, 'NULL')"
            }
        let statement = """
            SELECT array_agg(COALESCE(\(sql.reason.inlined), \(shownValue)) ORDER BY id)
            FROM (
                SELECT *, id AS sample_id FROM sample
            ) AS given, LATERAL (SELECT given.conversion_factor) AS catalogue
            """
        let found: [String] = try connection.query(SQL(unchecked: statement)).single()
        for index in rows.indices {
            let mine = shown(evaluator.value(row: index, in: batch))
            if mine != found[index] {
                Issue.record("\(source)\n\(rows[index])\nSwift \(mine) ≠ PostgreSQL \(found[index])\n\(value)")
                return count
            }
        }
        count += rows.count
    }
    return count
}
