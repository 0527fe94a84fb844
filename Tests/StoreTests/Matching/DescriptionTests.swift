import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `Descriptions that many drugs share` {
    private static let view = """
        SELECT coalesce(string_agg((to_jsonb(v) - 'hospital_code')::text, E'\\n' ORDER BY item), '')
        FROM yaoce_api.drug_code_map v
        """

    private func received(_ comparison: ComparisonNight, _ hospitals: Range<Int>) async throws -> [Submission] {
        try await comparison.night.receive(try hospitals.map { try plan(hospital: $0, bytes: $0) })
    }

    private func compared(_ submission: Submission, _ count: Int) -> [(drug: SubmissionDrug, proposal: MatchProposal)] {
        (0..<count).map { number in
            (
                SubmissionDrug(
                    submission: submission.id, drug: drug("H\(number)", number % 7, name: "药 \(number % 5)")),
                number % 3 == 0 ? proposed(["Y1", "Y2"]) : approved("Y\(number % 5)")
            )
        }
    }

    @Test func `the words of a drug stand once, however many institutions use them`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            for submission in try await received(comparison, 1..<4) {
                try await comparison.compare(
                    submission, [drug("A", 1), drug("B", 1), drug("C", 2, name: "阿莫西林颗粒")],
                    ["A": approved("Y1"), "B": approved("Y1"), "C": proposed(["Y2"])])
            }
            #expect(try await one("SELECT count(*) FROM yaoce.drug_code_map", database, as: Int.self) == 9)
            #expect(try await one("SELECT count(*) FROM yaoce.drug_description", database, as: Int.self) == 2)
            #expect(try await one("SELECT count(*) FROM yaoce.match_evidence", database, as: Int.self) == 2)
            let items = try await store.matchItems(in: .proposed, hospitalCode: nil, limit: 10)
            #expect(items.map(\.drug.productName) == ["阿莫西林颗粒", "阿莫西林颗粒", "阿莫西林颗粒"])
            #expect(
                items.allSatisfy { $0.candidates == proposed(["Y2"]).candidates && $0.drug.hospitalDrugCode == "C" })
        }
    }

    /// What a group of two new institutions and one with items comes to, with so many bytes held.
    private func night(memory: Int, remembering: Bool = true) async throws -> String {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            let group = try await received(comparison, 1..<5)
            try await comparison.compare(group[0], [drug("H1", 1), drug("H2", 99)], ["H1": approved("Y9")])
            var members: [SubmissionItems] = []
            var staged = 0
            for submission in group {
                for chunk in stride(from: 0, to: 40, by: 10) {
                    let part = Array(compared(submission, 40)[chunk..<chunk + 10])
                    try await store.stage(part, after: staged, remembering: remembering, memory: memory)
                    staged += part.count
                }
                members.append(SubmissionItems(submission: submission.id, items: (1...40).map { -(staged - 40 + $0) }))
            }
            try await store.completeCompare(
                members, staged: staged, libraryVersion: "v1", at: timestamp(5), run: comparison.night.run)
            let lists: String = try await one(
                "SELECT string_agg(map_ids::text, ' ' ORDER BY submission_id) FROM yaoce.submission_comparison",
                database)
            return try await one(SQL(unchecked: Self.view), database) + lists
        }
    }

    @Test func `how much is held while a group is compared changes nothing`() async throws {
        let held = try await night(memory: 1 << 20)
        #expect(held.contains("H39"))
        for memory in [0, 2_000] { #expect(try await night(memory: memory) == held, "\(memory) bytes") }
    }

    @Test func `words that are not remembered and written while the next are made ready come to the same`() async throws
    {
        let remembered = try await night(memory: 1 << 20)
        for memory in [1 << 20, 2_000] {
            #expect(try await night(memory: memory, remembering: false) == remembered, "\(memory) bytes")
        }
    }

    @Test func `items of a database from before are carried over as they were`() async throws {
        try await withDatabase(.empty) { database in
            let connection = try await database.connect()
            try await Migrator(Migration.all.filter { $0.number < 17 }).migrate(connection)
            let before: String = try await connection.perform { connection in
                try connection.script(
                    """
                    INSERT INTO yaoce.institution (hospital_code) VALUES ('A'), ('B');
                    INSERT INTO yaoce.drug_code_map (institution_id, hospital_drug_code, description_hash, description,
                        state, ypid, method, score, candidates, evidence, decided_by, decided_at, valid_from)
                    SELECT i, 'H' || n, gen_random_uuid(), jsonb_build_object('hospital_drug_code', 'H' || n,
                            'product_name', '药' || n % 3, CASE n % 4 WHEN 0 THEN 'strength' ELSE 'ypid' END, 'x' || n % 4),
                        'approved', 'Y1', 'ranked', 9000,
                        CASE n % 6 WHEN 0 THEN '[]' WHEN 1 THEN '[{"ypid": "Y1", "score": 9000, "vetoes": []}]'
                            WHEN 2 THEN '[{"ypid": "Y1", "score": 9000, "vetoes": ["strength"]}]'
                            WHEN 3 THEN '[{"ypid": "Y1", "score": 99999, "vetoes": []}]'
                            ELSE '[{"ypid": "Y1", "score": 9, "vetoes": []}, {"ypid": "Y2", "score": 8, "vetoes": []}]'
                            END::jsonb,
                        CASE n % 2 WHEN 0 THEN '{}' ELSE '{"name": "equal"}' END::jsonb, 'auto', now(), now()
                    FROM generate_series(1, 2) i, generate_series(1, 60) n;
                    """)
                return try connection.query(SQL(unchecked: Self.view)).single()
            }
            #expect(try await Migrator().migrate(connection) == Migration.all.map(\.number).filter { $0 >= 17 })
            let (after, rows): (String, Int) = try await connection.perform { connection in
                (
                    try connection.query(SQL(unchecked: Self.view)).single(),
                    try connection.query("SELECT count(*) FROM yaoce.drug_description").single()
                )
            }
            #expect(after == before)
            #expect(rows == 12)
            await connection.close()
        }
    }
}
