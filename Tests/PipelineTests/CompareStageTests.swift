import Core
import Logging
import Postgres
import Store
import TestDatabase
import TestNight
import Testing

@testable import Pipeline

/// The stage writes one group while it compares the next, by turns on two sessions.
@Suite struct `The compare stage` {
    private func compared(groupsOf size: Int) async throws -> [String] {
        try await withNight { night in
            try night.addSampleNight()
            try await night.publishLibraries()
            #expect(try await night.run([.receive]).isClean)
            let store = try await night.database.store()
            do {
                let context = StageContext(
                    store: store, settings: night.settings, rules: try TestRules.book.get(), run: 1,
                    businessDate: Night.businessDate, now: Night.now,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, progress: { _, _ in })
                let result = try await CompareStage(groupSize: size).run(context)
                #expect(result.failures.isEmpty)
                #expect(try await CompareStage(groupSize: size).run(context).items == 0)
                let count = try await store.waiting(for: .precheck, limit: 1_000).count
                #expect(result.items == count)
                await store.close()
            } catch {
                await store.close()
                throw error
            }
            // Within a group new institutions get their numbers before the others, so numbers are left out.
            return try await night.rows(
                """
                SELECT c.submission_id, u.place, m.hospital_code, m.hospital_drug_code, m.state, m.matched_ypid, m.method,
                    m.score, m.reason, m.valid_to IS NULL AS counts, m.description, m.candidates, m.evidence
                FROM yaoce.submission_comparison c CROSS JOIN unnest(c.map_ids) WITH ORDINALITY AS u (item, place)
                JOIN yaoce_api.drug_code_map m USING (item) ORDER BY 1, 2
                """)
        }
    }

    @Test(.timeLimit(.minutes(10))) func `comes to the same in groups of any size`() async throws {
        let together = try await compared(groupsOf: 64)
        #expect(together.count > 200)
        for size in [1, 3, 7] {
            let apart = try await compared(groupsOf: size)
            #expect(apart == together, "groups of \(size)")
        }
    }
}
