import Postgres
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `Copying rows in and out` {
    private struct Row: Equatable {
        var small: Int16?
        var middle: Int32?
        var large: Int64?
        var text: String?
        var bytes: [UInt8]
        var day: SQLDate
        var bits: SQLUUID
        var list: [String?]
        var flag: Bool

        static func random(_ random: inout SeededGenerator) -> Row {
            let words = [
                "", "药", "𠮷💊", "a\tb\\N\n",
                String(repeating: "长", count: Int.random(in: 0...90_000, using: &random) % 90_000 / 30),
            ]
            return Row(
                small: Bool.random(using: &random) ? nil : .random(in: .min ... .max, using: &random),
                middle: Bool.random(using: &random) ? nil : .random(in: .min ... .max, using: &random),
                large: Bool.random(using: &random) ? nil : .random(in: .min ... .max, using: &random),
                text: Bool.random(using: &random) ? nil : words.randomElement(using: &random),
                bytes: (0..<Int.random(in: 0...40, using: &random)).map { _ in .random(in: 0...255, using: &random) },
                day: SQLDate(daysSince2000: .random(in: -36_524...365_000, using: &random)),
                bits: SQLUUID(high: random.next(), low: random.next()),
                list: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    Bool.random(using: &random) ? nil : words.randomElement(using: &random)
                }, flag: .random(using: &random))
        }
    }

    private static let table: SQL = """
        CREATE TABLE t (n integer, small smallint, middle integer, large bigint, text text, bytes bytea, day date,
            bits uuid, list text[], flag boolean)
        """
    private static let columns = ["n", "small", "middle", "large", "text", "bytes", "day", "bits", "list", "flag"]

    @Test(arguments: UInt64(0)..<5) func `rows come back as they went in`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let rows = (0..<700).map { _ in Row.random(&random) }
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query(Self.table)
                let taken = try connection.copyIn(into: "t", columns: Self.columns) { writer in
                    for (number, row) in rows.enumerated() {
                        writer.beginRow(fields: 10)
                        writer.append(Int32(number))
                        writer.append(row.small)
                        writer.append(row.middle)
                        writer.append(row.large)
                        writer.append(row.text)
                        writer.append(bytes: row.bytes)
                        writer.append(row.day)
                        writer.append(row.bits)
                        writer.appendEncoded(row.list)
                        writer.append(row.flag)
                    }
                }
                #expect(taken == rows.count)
                let result = try connection.query("SELECT * FROM t ORDER BY n")
                for (number, row) in rows.enumerated() {
                    let found = Row(
                        small: try result.value(number, 1), middle: try result.value(number, 2),
                        large: try result.value(number, 3), text: try result.value(number, 4),
                        bytes: try result.value(number, 5, as: Bytes.self).array, day: try result.value(number, 6),
                        bits: try result.value(number, 7), list: try result.value(number, 8),
                        flag: try result.value(number, 9))
                    #expect(found == row)
                }
            }
            await connection.close()
        }
    }

    @Test func `parts of bytes go in as the texts that they are`() async throws {
        let texts = ["", "药", "a\u{0}b", String(repeating: "长", count: 100_000), "\\N"]
        var bytes = Array("before".utf8)
        let ranges = texts.map { text in
            bytes += text.utf8
            return bytes.count - text.utf8.count..<bytes.count
        }
        let (all, lists) = (bytes, [[], Array(ranges.prefix(2)), ranges, Array(ranges.suffix(2))])
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query("CREATE TABLE t (text text, list text[])")
                try connection.copyIn(into: "t", columns: ["text", "list"]) { writer in
                    for (range, list) in zip([nil] + ranges, lists + [[], []]) {
                        writer.beginRow(fields: 2)
                        writer.append(text: range, of: all)
                        writer.append(texts: list, of: all)
                    }
                }
                let rows = try connection.query("SELECT text, list FROM t")
                let shown = texts.map { $0.replacing("\u{0}", with: "\\x00") }
                #expect(try rows.column(0, as: String?.self) == [nil] + shown)
                let expected = [[], Array(shown.prefix(2)), shown, Array(shown.suffix(2)), [], []]
                #expect(try rows.column(1, as: [String].self) == expected)
            }
            await connection.close()
        }
    }

    @Test func `a field larger than the buffer goes through`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query("CREATE TABLE t (text text)")
                try connection.copyIn(into: "t", columns: ["text"]) { writer in
                    for size in [1 << 20, 3, 300_000] {
                        writer.beginRow(fields: 1)
                        writer.append(String(repeating: "x", count: size))
                    }
                }
                let sizes = try connection.query("SELECT length(text) FROM t").column(0, as: Int.self)
                #expect(sizes == [1 << 20, 3, 300_000])
            }
            await connection.close()
        }
    }

    private struct Stop: Error {}

    @Test func `a body that throws leaves nothing, and the connection goes on`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query("CREATE TABLE t (n integer)")
                #expect(throws: Stop.self) {
                    try connection.copyIn(into: "t", columns: ["n"]) { writer in
                        for n in 0..<100_000 {
                            writer.beginRow(fields: 1)
                            writer.append(Int32(n))
                        }
                        throw Stop()
                    }
                }
                #expect(try connection.query("SELECT count(*) FROM t").single(Int.self) == 0)
            }
            await connection.close()
        }
    }

    @Test func `rows the server refuses are an error with its SQLSTATE`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query("CREATE TABLE t (n integer CHECK (n < 5))")
                let error = #expect(throws: PostgresError.self) {
                    try connection.copyIn(into: "t", columns: ["n"], named: "filling t") { writer in
                        for n in 0..<10 {
                            writer.beginRow(fields: 1)
                            writer.append(Int32(n))
                        }
                    }
                }
                #expect(error?.sqlState == "23514")
                #expect(error?.statement == "filling t")
                #expect(error?.description.contains("Failing row") == false)
                #expect(try connection.query("SELECT count(*) FROM t").single(Int.self) == 0)
            }
            await connection.close()
        }
    }

    @Test func `copying out gives every line, and stops where the body does`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                var lines: [String] = []
                let copy: SQL = "COPY (SELECT n, '药' FROM generate_series(1, 3) AS n) TO STDOUT"
                try connection.copyOut(copy) { line in
                    lines.append(String(decoding: (0..<line.count).map { line[$0] }, as: UTF8.self))
                }
                #expect(lines == ["1\t药\n", "2\t药\n", "3\t药\n"])
                #expect(throws: Stop.self) {
                    try connection.copyOut("COPY (SELECT generate_series(1, 1000000)) TO STDOUT") { _ in throw Stop() }
                }
                #expect(try connection.query("SELECT 1").single(Int.self) == 1)
            }
            await connection.close()
        }
    }

    @Test func `text goes in as PostgreSQL's own CSV`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                try connection.query("CREATE TABLE t (n integer, text text)")
                let text = Array("1,药\n2,\"a,b\"\n".utf8)
                #expect(try connection.copyIn("COPY t FROM STDIN (FORMAT csv)", text: text) == 2)
            }
            await connection.close()
        }
    }
}
