import Core
import Postgres
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `Findings in the store` {
    private static let findings: [Finding] = [
        Finding(
            Observation(
                "C19", at: Place(table: .usage, file: 4, line: 7, row: 6, column: "amount", byteOffset: 99),
                value: "１２,3\u{0}x💊", expected: "≤ 50", details: ["limit": "50", "other_file": "a.csv"]),
            severity: .error,
            fingerprint: Fingerprint(high: 1, low: .max)),
        Finding(
            Observation("A07", details: ["tables": "usage"]), severity: .interrupt,
            fingerprint: Fingerprint(high: 0, low: 7)),
        Finding(
            Observation("A12", at: Place(table: .catalogue, file: 1, column: "备注"), value: "备注"), severity: .info,
            fingerprint: Fingerprint(high: 5, low: 5), stage: .post),
        Finding(
            Observation(
                "B01", at: Place(table: .institution, file: 0, line: 2, row: 1, column: "unit_head"), value: "张三"),
            severity: .warning, fingerprint: Fingerprint(high: 6, low: 6)),
    ]

    private static let message = Phrase(
        "${table}${file}第${line}行${row}：${column}（${column_zh}）${value}应${expected}，${limit}${other_file}${nothing}${",
        "${file}:${line}: ${column} ${value} is not ${expected}; ${limit} ${tables} ${nothing} $ {x} ${value}")

    private static func rule(_ id: RuleID) -> StoredRule {
        StoredRule(
            id: id, hash: "h-\(id)", stage: .pre, severity: .error, title: Phrase("标题", "title"), message: message,
            remedy: Phrase("改", "mend"))
    }

    private static let quarantined = [
        QuarantinedRow(
            table: .usage, origin: RowOrigin(file: 4, line: 7, row: 6), raw: [0xB0, 0xFF, 0], text: "啊\\xFF\u{0}",
            rules: ["A15", "C19"])
    ]

    private func fill(_ store: PostgresStore) async throws -> Submission {
        let night = try await Night(store)
        try await store.register(["C19", "A07", "A12", "B01"].map { Self.rule($0) }, ruleSetHash: "rules-1")
        try await store.register(["C19", "A07", "A12", "B01"].map { Self.rule($0) }, ruleSetHash: "rules-1")
        let submission = try #require(try await night.receive([plan()]).first)
        var staged = rows()
        staged.findings = Self.findings
        staged.quarantined = Self.quarantined
        try await night.pass(submission, staged, .partlyLoaded)
        return submission
    }

    @Test func `findings and quarantined rows come back as they went in`() async throws {
        try await withStore { store, _ in
            let submission = try await fill(store)
            let findings = Collected<Finding>()
            try await store.forEachFinding(of: submission.id) { findings.append($0) }
            var expected = Self.findings
            expected[0].observation.value = "１２,3\\x00x💊"
            #expect(findings.all == expected)
            let rows = Collected<QuarantinedRow>()
            try await store.forEachQuarantinedRow(of: submission.id) { rows.append($0) }
            var quarantined = Self.quarantined
            quarantined[0].text = "啊\\xFF\\x00"
            #expect(rows.all == quarantined)
            let report = try #require(try await store.report(on: submission.id))
            #expect(report.findingCounts.map(\.rule) == ["A07", "C19", "B01", "A12"])
            #expect(report.findingCounts.map(\.severity) == [.interrupt, .error, .warning, .info])
        }
    }

    @Test func `the view's sentences are those of Core`() async throws {
        try await withStore { store, database in
            _ = try await fill(store)
            let paths = ["institution.csv", "catalogue.csv", "stock_in.csv", "stock_out.csv", "usage.csv"]
            for (index, finding) in Self.findings.enumerated() {
                for language in Language.allCases {
                    let place = finding.place
                    let column = place.column.map { name in
                        place.table.flatMap { DataSet.of($0).columns.first { $0.name == name } }?.header ?? name
                    }
                    var values = finding.observation.details
                    let isPersonal = place.column == "unit_head"
                    let cell = isPersonal ? "‹***›" : finding.observation.value?.replacing("\0", with: "\\x00")
                    values["value"] = cell ?? Phrase("（空）", "(blank)")[language]
                    values["expected"] = finding.observation.expected ?? "—"
                    values["column"] = (language == .chinese ? column : place.column) ?? "—"
                    values["column_zh"] = column ?? "—"
                    values["table"] = (language == .chinese ? place.table?.chineseName : place.table?.rawValue) ?? "—"
                    values["file"] = place.file.map { paths[$0] } ?? "—"
                    values["line"] = place.line.map(String.init) ?? "—"
                    values["row"] = place.row.map(String.init) ?? "—"
                    let name = language == .chinese ? "message_zh" : "message_en"
                    let text: String = try await one(
                        "SELECT \(identifier: name) FROM yaoce_api.finding WHERE finding_id = \(index + 1)", database)
                    #expect(text == Self.message.filled(language, values))
                }
            }
            let shown: String = try await one(
                """
                SELECT concat_ws('|', hospital_code, period, stage, rule_id, severity, table_name, file_name, line,
                    row_number, column_name, fingerprint) FROM yaoce_api.finding WHERE finding_id = 1
                """, database)
            #expect(
                shown == "\(code(1))|2025|pre|C19|error|usage|usage.csv|7|6|amount|0000000000000001ffffffffffffffff")
        }
    }

    /// `yaoce.filled` and `Phrase.filled` on sentences that nobody would write.
    @Test func `filling in SQL equals filling in Core`() async throws {
        try await withStore { _, database in
            let connection = try await database.connect()
            try await connection.perform { connection in
                let pieces = ["${a}", "${b}", "${c}", "${", "}", "$", "{", "药", "${a", "${}", "${${a}}", " "]
                var random = SystemRandomNumberGenerator()
                let values = ["a": "${b}", "b": "", "药": "x"]
                for _ in 0..<300 {
                    let template = (0..<8).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
                    let expected = Phrase(template, template).filled(.chinese, values)
                    let filled: String = try connection.query(
                        "SELECT yaoce.filled(\(template), \(["a", "b", "药"]), \(["${b}", "", "x"]))"
                    ).single()
                    #expect(filled == expected, "\(template)")
                }
            }
            await connection.close()
        }
    }

    @Test func `quarantined rows that are missing are noticed`() async throws {
        try await withStore { store, _ in
            let night = try await Night(store)
            let submission = try #require(try await night.receive([plan()]).first)
            var staged = rows()
            staged.quarantined = Self.quarantined
            let given = files(staged)
            staged.quarantined = []
            let result = judged(submission, staged, files: given)
            await #expect(throws: StoreError.self) { try await store.completePrecheck([result], run: night.run) }
        }
    }
}
