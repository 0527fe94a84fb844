import Core
import Postgres
import Store
import TestDatabase
import Testing

/// Drugs of an institution without items go straight into the map, others by way of a table: both give the same.
@Suite(.tags(.database), .needsDatabase) struct `Proposals on their way into the map` {
    private func items(_ database: TestDatabase) async throws -> String {
        try await one(
            """
            SELECT string_agg(hospital_code || ' ' || hospital_drug_code || ' ' || coalesce(matched_ypid, '-'), ', '
                ORDER BY hospital_code, hospital_drug_code, item) FROM yaoce_api.drug_code_map
            """, database)
    }

    private func complete(
        _ comparison: ComparisonNight, _ parts: [(submission: Submission, drugs: [KeyedDrug])], staged: Int
    ) async throws {
        var number = 0
        let members = parts.map { part in
            SubmissionItems(
                submission: part.submission.id,
                items: part.drugs.map { _ in
                    number += 1
                    return -number
                })
        }
        try await comparison.store.completeCompare(
            members, staged: staged, libraryVersion: "v1", at: timestamp(5), run: comparison.night.run)
    }

    private func compared(_ submission: Submission, _ drugs: [KeyedDrug]) -> [(
        drug: SubmissionDrug, proposal: MatchProposal
    )] {
        drugs.map { (SubmissionDrug(submission: submission.id, drug: $0), approved("Y1")) }
    }

    @Test func `two catalogues of one institution in one group share their items`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            let received = try await comparison.night.receive([
                plan(hospital: 1, bytes: 1), plan(hospital: 1, bytes: 2), plan(hospital: 2, bytes: 3),
            ])
            let drugs = [[drug("A", 1), drug("B", 2)], [drug("A", 1), drug("C", 3)], [drug("A", 1)]]
            let parts = zip(received, drugs).map { (submission: $0, drugs: $1) }
            var staged = 0
            for part in parts {
                try await store.stage(compared(part.submission, part.drugs), after: staged)
                staged += part.drugs.count
            }
            try await complete(comparison, parts, staged: staged)
            let codes = try await one(
                """
                SELECT string_agg(m.hospital_drug_code, ' ' ORDER BY c.submission_id, u.n)
                FROM yaoce.submission_comparison c, unnest(c.map_ids) WITH ORDINALITY AS u (id, n)
                JOIN yaoce.drug_code_map m ON m.id = u.id
                """, database, as: String.self)
            #expect(codes == "A B A C A")
            #expect(
                try await one("SELECT count(*) FROM yaoce.drug_code_map", database, as: Int.self) == 4)
        }
    }

    @Test func `of institutions with items something may be known, of others not`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            let received = try await comparison.night.receive([
                plan(hospital: 1, bytes: 1), plan(hospital: 1, bytes: 2), plan(hospital: 2, bytes: 3),
            ])
            let ids = received.map(\.id)
            #expect(try await store.withoutItems(ids) == Set(ids))
            try await store.stage(compared(received[0], [drug("A", 1)]), after: 0)
            #expect(try await store.withoutItems(ids) == Set(ids))
            try await complete(comparison, [(received[0], [drug("A", 1)])], staged: 1)
            #expect(try await store.withoutItems(ids) == [ids[2]])
        }
    }

    @Test func `local codes that become the same text in the database are one item`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            let submission = try #require(try await comparison.night.receive([plan()]).first)
            let drugs = ["A\0", "A\\x00", "B\u{FFFD}", "B\u{FFFD}", "\"C\"\t"].map { drug($0, 1) }
            try await store.stage(compared(submission, drugs), after: 0)
            try await complete(comparison, [(submission, drugs)], staged: drugs.count)
            #expect(try await one("SELECT count(*) FROM yaoce.drug_code_map", database, as: Int.self) == 3)
            #expect(
                try await one(
                    "SELECT string_agg(description ->> 'hospital_drug_code', ' ' ORDER BY item) FROM yaoce_api.drug_code_map",
                    database, as: String.self
                ).contains("\"C\"\t"))
        }
    }

    @Test func `somebody who was quicker with the same institution is respected`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            let submission = try #require(try await comparison.night.receive([plan()]).first)
            let drugs = [drug("A", 1), drug("B", 2)]
            try await store.stage(compared(submission, drugs), after: 0)
            let task = try await store.addMatchTask(
                source: "file.csv", hospitalCode: submission.hospitalCode, libraryVersion: "v1",
                drugs: [drug("B", 2)], compared: [(0, approved("Y2"))], by: "officer", at: timestamp(4))
            #expect(task.total == 1)
            try await complete(comparison, [(submission, drugs)], staged: 2)
            #expect(try await items(database).hasSuffix("A Y1, \(submission.hospitalCode) B Y2"))
        }
    }
}
