import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `Migrations` {
    private static let first = Migration(1, "one", "CREATE TABLE yaoce.one (n integer)")
    private static let second = Migration(2, "two", "CREATE TABLE yaoce.two (n integer)")

    private func withConnection(
        _ schema: TestSchema = .empty, _ body: @Sendable (Connection) async throws -> Void
    ) async throws {
        try await withDatabase(schema) { database in
            let connection = try await database.connect()
            try await body(connection)
            await connection.close()
        }
    }

    @Test func `all of the program's migrations apply, once`() async throws {
        try await withConnection { connection in
            let all = Migration.all.map(\.number)
            #expect(try await Migrator().status(connection).allSatisfy { $0.appliedAt == nil })
            let pending = await #expect(throws: MigrationError.self) { try await Migrator().require(connection) }
            #expect(pending?.problem == .pending(all))
            #expect(try await Migrator().migrate(connection) == all)
            #expect(try await Migrator().migrate(connection) == [])
            try await Migrator().require(connection)
            #expect(try await Migrator().status(connection).allSatisfy { $0.appliedAt != nil })
        }
    }

    @Test func `their numbers only grow`() {
        let numbers = Migration.all.map(\.number)
        #expect(numbers == Array(Set(numbers)).sorted())
    }

    @Test func `two at once do the work of one`() async throws {
        try await withDatabase(.empty) { database in
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let connection = try await database.connect()
                        let applied = try await Migrator().migrate(connection).count
                        await connection.close()
                        return applied
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.sorted() == [0, 0, Migration.all.count])
        }
    }

    @Test func `an applied migration with another text is an error that names it`() async throws {
        try await withConnection { connection in
            try await Migrator([Self.first]).migrate(connection)
            let edited = Migrator([Migration(1, "one", "CREATE TABLE yaoce.one (n bigint)"), Self.second])
            let error = await #expect(throws: MigrationError.self) { try await edited.migrate(connection) }
            #expect(error?.problem == .edited(number: 1, name: "one"))
            let exists: Bool = try await connection.perform {
                try $0.query("SELECT to_regclass('yaoce.two') IS NOT NULL").single()
            }
            #expect(!exists)
        }
    }

    @Test func `a database of a newer program is an error`() async throws {
        try await withConnection { connection in
            try await Migrator([Self.first, Self.second]).migrate(connection)
            let error = await #expect(throws: MigrationError.self) {
                try await Migrator([Self.first]).migrate(connection)
            }
            #expect(error?.problem == .newerDatabase(number: 2, name: "two"))
        }
    }

    @Test func `a migration that fails leaves nothing of those before it`() async throws {
        try await withConnection { connection in
            let broken = Migrator([Self.first, Migration(2, "broken", "SELECT 1 / 0")])
            let error = await #expect(throws: PostgresError.self) { try await broken.migrate(connection) }
            #expect(error?.statement == "migration 2 (broken)")
            let applied = try await Migrator([Self.first]).migrate(connection)
            #expect(applied == [1])
        }
    }

    /// Contract section 4: the first columns of each view, in order.
    @Test(arguments: [
        (
            "submission",
            "submission_id,hospital_code,period,version,supersedes,received_at,source_name,sha256,verdict,grade,is_current"
        ),
        (
            "submission_file",
            "submission_id,file_name,member,table_name,encoding,delimiter,sha256,rows_read,rows_loaded,rows_quarantined,rows_skipped"
        ),
        (
            "finding",
            "finding_id,submission_id,hospital_code,period,stage,rule_id,severity,table_name,file_name,member,line,row_number,column_name,value,expected,message_zh,message_en,fingerprint"
        ),
        ("quarantined_row", "submission_id,table_name,file_name,member,line,row_number,raw,rule_ids"),
        ("intake", "intake_id,source_name,sha256,seen_at,outcome,reason,submission_id"),
        ("price_benchmark", "period,ypid,benchmark_version,institutions,rows,median,mode,mean,sd,mad_log,p5,p95"),
        ("rule_result", "run_id,submission_id,rule_id,rule_hash,status,evaluated,violated,seconds"),
        ("run", "run_id,started_at,finished_at,exit_code"), ("stage_run", "run_id,stage,started_at,seconds,items"),
    ])
    func `a public view has the contract's columns`(view: String, columns: String) async throws {
        try await withConnection(.migrated) { connection in
            let found = try await connection.perform { connection in
                let result = try connection.query("TABLE yaoce_api.\(identifier: view)")
                return (0..<result.columnCount).compactMap { result.columnName($0) }
            }
            let expected = columns.split(separator: ",").map(String.init)
            #expect(Array(found.prefix(expected.count)) == expected)
        }
    }

    @Test(arguments: DataTable.allCases)
    func `a table's view has its columns, then where a row came from`(table: DataTable) async throws {
        try await withConnection(.migrated) { connection in
            let found = try await connection.perform { connection in
                let result = try connection.query("TABLE yaoce_api.\(identifier: table.rawValue)")
                return (0..<result.columnCount).compactMap { result.columnName($0) }
            }
            var expected = DataSet.of(table).columns.map(\.name) + ["submission_id", "file_name", "line"]
            if table != .institution { expected += ["matched_ypid", "match_method", "match_score"] }
            #expect(Array(found.prefix(expected.count)) == expected)
        }
    }

    @Test func `periods are written as Core writes them`() async throws {
        try await withConnection(.migrated) { connection in
            for text in ["2025", "2025Q1", "2025Q4", "2025-01", "2025-12", "1999-09"] {
                let key = try #require(Period(text)).key
                let shown: String = try await connection.perform {
                    try $0.query("SELECT yaoce.period(\(Int32(key)))").single()
                }
                #expect(shown == text)
            }
        }
    }
}
