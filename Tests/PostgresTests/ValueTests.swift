import Postgres
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `Values on their way to PostgreSQL and back` {
    /// Sends a value, lets the server say what it got as text, and reads it back.
    private func roundTrip<Value: SQLValue & Equatable>(_ values: [(Value, String?)]) async throws {
        let cases = values
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            for (value, text) in cases {
                try await connection.perform { connection in
                    let result = try connection.query("SELECT \(value), (\(value))::text")
                    #expect(try result.value(0, 0, as: Value.self) == value)
                    #expect(try result.value(0, 1, as: String?.self) == text)
                }
            }
            await connection.close()
        }
    }

    @Test func `whole numbers keep their value`() async throws {
        try await roundTrip([(Int64.min, "-9223372036854775808"), (0, "0"), (.max, "9223372036854775807")])
        try await roundTrip([(Int32.min, "-2147483648"), (-1, "-1"), (.max, "2147483647")])
        try await roundTrip([(Int16.min, "-32768"), (.max, "32767")])
        try await roundTrip([(Int.min, "-9223372036854775808"), (Int(7), "7")])
    }

    @Test func `truth, binary floating point and bytes keep their value`() async throws {
        try await roundTrip([(true, "true"), (false, "false")])
        try await roundTrip([(0.1, "0.1"), (-1e300, "-1e+300"), (Double.infinity, "Infinity")])
        try await roundTrip([(Bytes([0, 1, 255]), "\\x0001ff"), (Bytes([]), "\\x")])
    }

    @Test func `text keeps every scalar`() async throws {
        let texts = ["", "药品", "𠮷野家 💊", "it's \"quoted\" \\ $1", "e\u{301}", "a\tb\r\nc"]
        try await roundTrip(texts.map { ($0, $0) })
    }

    @Test func `U+0000 becomes visible text, because PostgreSQL has none`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            let text: String = try await connection.perform { try $0.query("SELECT \("a\0b")").single() }
            #expect(text == "a\\x00b")
            await connection.close()
        }
    }

    @Test func `days and moments keep their value`() async throws {
        try await roundTrip([
            (SQLDate(daysSince2000: 0), "2000-01-01"), (SQLDate(daysSince2000: -36_524), "1900-01-01"),
            (SQLDate(daysSince2000: 9_343), "2025-07-31"),
        ])
        try await roundTrip([
            (SQLTimestamp(microseconds: 0), "1970-01-01 08:00:00+08"),
            (SQLTimestamp(microseconds: 1_753_930_805_123_456), "2025-07-31 11:00:05.123456+08"),
        ])
    }

    @Test func `128 bits keep their value`() async throws {
        try await roundTrip([
            (SQLUUID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF), "00112233-4455-6677-8899-aabbccddeeff")
        ])
    }

    @Test func `NULL is nil and nothing else`() async throws {
        try await roundTrip([(Int64?.none, nil), (Int64?(5), "5")])
        try await roundTrip([(String?.none, nil), (String?(""), "")])
        try await roundTrip([(Bytes?.none, nil), (Bytes?(Bytes([])), "\\x")])
    }

    @Test func `arrays keep their elements and their NULLs`() async throws {
        try await roundTrip([([Int64](), "{}"), ([1, -2], "{1,-2}")])
        try await roundTrip([(["a", nil, "", "x,y"] as [String?], "{a,NULL,\"\",\"x,y\"}")])
        try await roundTrip([([SQLUUID(high: 0, low: 1)], "{00000000-0000-0000-0000-000000000001}")])
        try await roundTrip([([true, false], "{t,f}"), ([], "{}")])
        try await roundTrip([([Int16(3)], "{3}")])
        try await roundTrip([([SQLDate(daysSince2000: 1)], "{2000-01-02}")])
    }

    @Test func `another type, a NULL and a missing cell are errors`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                let result = try connection.query("SELECT 'x'::text, NULL::bigint, 5::bigint")
                for attempt in [
                    { _ = try result.value(0, 0, as: Int64.self) }, { _ = try result.value(0, 1, as: Int64.self) },
                    { _ = try result.value(0, 2, as: Int32.self) }, { _ = try result.value(1, 0, as: String.self) },
                    { _ = try result.value(0, 9, as: String.self) },
                ] {
                    let error = #expect(throws: PostgresError.self) { try attempt() }
                    #expect(error?.problem == .mismatch)
                }
            }
            await connection.close()
        }
    }

    @Test func `parts of statements keep their parameters in order`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                let inner: SQL = "\(2) + \(3)"
                let sum: Int = try connection.query("SELECT \(1) + (\(inner)) * \(10)").single()
                #expect(sum == 51)
                let name = "odd \"name\""
                try connection.query("CREATE TABLE \(identifier: name) (n integer)")
                #expect(try connection.query("TABLE \(identifier: name)").columnName(0) == "n")
            }
            await connection.close()
        }
    }
}
