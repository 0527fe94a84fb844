import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `What is kept between nights` {
    private static let figures: SQL = """
        SELECT concat_ws(' ', ypid, table_name, institutions, rows, median, mode, mean, sd, mad_log, p5, p95)
        FROM yaoce_api.price_benchmark WHERE is_current AND period = '2025' AND institutions > 0 ORDER BY 1
        """

    @Test func `night after night the benchmark is that of one night with everything`() async throws {
        var clinics = (1...12).map { Clinic($0) }
        clinics[3].lines.removeLast(4)
        clinics[7].lines[2].multiply(by: 40)
        var corrected = Clinic(4)
        corrected.lines.removeFirst(6)
        let (reports, again) = (clinics, corrected)
        let atOnce = try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.load(reports.filter { ![4, 11].contains($0.number) } + [again])
            try await province.judge()
            return try await province.strings(Self.figures)
        }
        #expect(atOnce.count > 20)
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.load(Array(reports[0..<7]))
            try await province.judge()
            let late = try await province.load(Array(reports[7...]))
            try await province.judge()
            try await store.withdraw(late[3], reason: "not theirs", at: timestamp(9))
            try await province.load([again], version: 2)
            try await province.judge()
            #expect(try await province.strings(Self.figures) == atOnce)
        }
    }

    @Test func `made on two sessions ahead of a judgement they are those that a judgement makes`() async throws {
        let positions: SQL = """
            SELECT (to_jsonb(p) - 'key_no' || jsonb_build_object('ypid', ypid))::text FROM yaoce.drug_position p
            LEFT JOIN yaoce.drug_key USING (key_no) ORDER BY p.submission_id, p.code_no
            """
        let totals: SQL = """
            SELECT (to_jsonb(t) - 'build_no' - 'sketch')::text FROM yaoce.submission_total t ORDER BY submission_id
            """
        var clinics = (1...9).map { Clinic($0) }
        clinics[2].lines.append(Clinic.Line(0, price: 3_000, used: 60, code: "second"))
        clinics[6].lines.removeLast(5)
        let reports = clinics
        let inJudgement = try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.load(reports)
            try await province.judge()
            return try await province.strings(positions) + province.strings(totals)
        }
        #expect(inJudgement.count > 100)
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.load(reports)
            try await store.makePositionsAhead(fewest: 4)
            #expect(try await province.strings(positions) + province.strings(totals) == inJudgement)
            let built = try await province.strings("SELECT build_no::text FROM yaoce.submission_total ORDER BY 1")
            try await province.judge()
            #expect(try await province.strings("SELECT build_no::text FROM yaoce.submission_total ORDER BY 1") == built)
            #expect(try await province.strings(positions) + province.strings(totals) == inJudgement)
        }
    }

    @Test func `a generic's prices stand in for a drug that few institutions have`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish((1...8).map { Province.institution($0) }) { drug in
                drug < 2 ? ["generic_name": "阿莫西林", "dosage_form": "片剂", "strength": "0.5g"] : [:]
            }
            // Three have the one and five the other, at the same price.
            let clinics = (1...8).map { number in
                var clinic = Clinic(number)
                clinic.lines[0] = Clinic.Line(number < 4 ? 0 : 1, price: 2_000, used: Int64(200 + number))
                clinic.lines[1] = Clinic.Line(2, price: 4_000, used: Int64(300 + number), code: "spare")
                return clinic
            }
            var odd = clinics[0]
            odd.lines[0].multiply([.usage], by: 400)
            let ids = try await province.load([odd] + clinics.dropFirst())
            try await province.judge()
            #expect(
                try await province.strings(
                    """
                    SELECT concat_ws(' ', generic, table_name, institutions, median::float8)
                    FROM yaoce_api.generic_benchmark WHERE is_current ORDER BY 1
                    """) == ["阿莫西林|片剂|0.5g stock_in 8 2", "阿莫西林|片剂|0.5g usage 7 2"])
            #expect(
                try await province.strings(
                    """
                    SELECT DISTINCT concat_ws(' ', yaoce.detail(details, 'basis'), yaoce.detail(details, 'n'))
                    FROM yaoce_api.finding WHERE rule_id = 'P01' AND submission_id = \(ids[0])
                    """) == ["generic 7"])
            #expect(try await !province.found(ids[0]).contains("P04 anomaly usage H0"))
        }
    }

    @Test func `a code under two names is one position, and rows that share a code are added`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            var rows = Clinic(1).rows
            let renamed = rows.drugs[0]
            rows.drugs.append(
                NamedDrug(
                    ypid: renamed.ypid, hospitalDrugCode: renamed.hospitalDrugCode, procurementCode: nil,
                    productName: "另一个名称"))
            rows.movements[.usage]?[0].drug = 12
            var repeated = try #require(rows.movements[.stockIn]?[1])
            repeated.origin.row = 99
            repeated.origin.line = 100
            rows.movements[.stockIn]?.append(repeated)
            let night = Night(store: store, run: province.run)
            let submission = try #require(try await night.receive([plan()]).first)
            try await store.completePrecheck([judged(submission, rows)], run: province.run)
            try await store.completeLoad([(submission, rows)], run: province.run)
            try await province.judge()
            let whole = rows
            let used = try #require(whole.movements[.usage]?[0].doseQuantity)
            let received = try #require(whole.movements[.stockIn]?[1].doseQuantity)
            #expect(
                try await province.strings(
                    """
                    SELECT concat_ws(' ', code_no, use_doses, in_doses, in_row) FROM yaoce.drug_position
                    WHERE code_no IN (0, 1, 12) ORDER BY code_no
                    """) == [
                        "0 \(used) \(try #require(whole.movements[.stockIn]?[0].doseQuantity)) 1",
                        "1 \(try #require(whole.movements[.usage]?[1].doseQuantity)) \(received * 2) 2",
                    ])
        }
    }

    @Test func `drugs that are matched anew are judged by their new codes`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let ids = try await province.load((1...6).map { Clinic($0) })
            try await province.judge()
            let connection = try await database.connect()
            try await connection.perform { connection in
                _ = try connection.query(
                    "UPDATE yaoce.named_drug SET matched_ypid = 'D11' WHERE submission_id = \(ids[0]) AND ypid = 'D0'")
            }
            await connection.close()
            try await store.sendBack([ids[0]], to: .postcheck)
            try await province.judge()
            #expect(
                try await province.strings(
                    """
                    SELECT ypid || ' ' || institutions FROM yaoce_api.price_benchmark
                    WHERE is_current AND table_name = 'usage' AND ypid IN ('D0', 'D11') ORDER BY 1
                    """) == ["D0 5", "D11 6"])
            #expect(try await province.found(ids[0]).contains { $0.hasPrefix("P09") })
        }
    }

    @Test func `what is beyond a rule fails it alone, in its time and in its figures`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            var odd = Clinic(1)
            odd.lines[0].multiply([.usage], by: 300)
            let ids = try await province.load([odd] + (2...9).map { Clinic($0) })
            // Would count for years.
            var endless = PostCheck("P08", evaluated: "1") { _ in
                """
                SELECT count(*)::integer, NULL::smallint, NULL::smallint, NULL::integer, NULL::integer, NULL::integer,
                    NULL::integer, NULL::text, NULL::text, NULL::text, NULL::text[]
                FROM generate_series(1, 1000000000000)
                """
            }
            endless.timeLimit = .milliseconds(50)
            let checks =
                PostCheck.all.filter { !["P08", "P12"].contains($0.rule) } + [
                    endless,
                    // Fails on some figure of some row, where all rules look at once.
                    PostCheck("P12", evaluated: "1") { _ in
                        "1 / (p.submission_id - \(ids[2].rawValue)) > 5"
                    } violations: { _ in
                        """
                        SELECT m.submission_id / (m.submission_id - m.submission_id), NULL::smallint, NULL::smallint,
                            NULL::integer, NULL::integer, NULL::integer, NULL::integer, NULL::text, NULL::text, NULL::text,
                            NULL::text[]
                        FROM moved m
                        """
                    },
                ]
            let outcomes = try await province.judge(checks: checks)
            #expect(outcomes.map { $0.errors.keys.sorted() } == [["P08", "P12"]])
            #expect(outcomes.first?.errors["P08"] == "SQLSTATE 57014")
            #expect(outcomes.first?.errors["P12"] == "SQLSTATE 22012")
            #expect(try await province.found(ids[0]).contains("P01 anomaly usage H0"))
            #expect(try await province.grade(ids[0]) != nil)
        }
    }
}
