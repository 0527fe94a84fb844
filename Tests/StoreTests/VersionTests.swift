import Core
import Postgres
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `Which submission counts` {
    private func current(_ database: TestDatabase) async throws -> [Int] {
        try await one(
            "SELECT coalesce(array_agg(submission_id ORDER BY submission_id), '{}') FROM yaoce_api.submission WHERE is_current",
            database)
    }

    @Test func `a new submission supersedes the one before it once it is loaded`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            let first = try #require(try await night.receive([plan(bytes: 1)]).first)
            #expect(try await current(database) == [1])
            try await night.pass(first, rows(amount: 100))
            let second = try #require(try await night.receive([plan(bytes: 2)]).first)
            #expect(second.version == 2)
            #expect(second.supersedes == first.id)
            #expect(try await current(database) == [1])
            try await night.pass(second, rows(amount: 200))
            #expect(try await current(database) == [2])
            #expect(try await one("SELECT sum(amount)::text FROM yaoce_api.usage", database) == "4.00")
            #expect(try await one("SELECT count(*) FROM yaoce.usage", database, as: Int.self) == 4)
        }
    }

    @Test func `a returned resubmission never hides accepted rows`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            let first = try #require(try await night.receive([plan(bytes: 1)]).first)
            try await night.pass(first, rows())
            let second = try #require(try await night.receive([plan(bytes: 2)]).first)
            try await night.pass(second, rows(), .returned)
            #expect(try await current(database) == [1])
            #expect(try await one("SELECT count(*) FROM yaoce_api.usage", database, as: Int.self) == 2)
            let sums: String = try await one(
                "SELECT sum(rows_read) || ' ' || sum(rows_loaded) FROM yaoce_api.submission_file WHERE submission_id = 2",
                database)
            #expect(sums == "10 0")
        }
    }

    @Test func `where nothing was accepted the newest counts`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            for bytes in 1...2 {
                let submission = try #require(try await night.receive([plan(bytes: bytes)]).first)
                try await night.pass(submission, rows(), .returned)
            }
            #expect(try await current(database) == [2])
        }
    }

    @Test func `withdrawing takes one submission out and the accepted one before it counts again`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            for bytes in 1...2 {
                let submission = try #require(try await night.receive([plan(bytes: bytes)]).first)
                try await night.pass(submission, rows(amount: Int64(bytes) * 100))
            }
            let bystander = try #require(try await night.receive([plan(hospital: 2, bytes: 9)]).first)
            try await night.pass(bystander, rows(amount: 10_000))
            try await store.withdraw(SubmissionID(2), reason: "报错机构", at: timestamp(9))
            #expect(try await current(database) == [1, 3])
            #expect(try await one("SELECT sum(amount)::text FROM yaoce_api.usage", database) == "202.00")
            #expect(
                try await one("SELECT count(*) FROM yaoce.usage WHERE submission_id = 2", database, as: Int.self) == 0)
            #expect(try await store.report(on: SubmissionID(2))?.withdrawnAt == timestamp(9))
            let again = await #expect(throws: StoreError.self) {
                try await store.withdraw(SubmissionID(2), reason: "", at: timestamp(9))
            }
            #expect(again?.problem == .alreadyWithdrawn(SubmissionID(2)))
            await #expect(throws: StoreError.self) {
                try await store.withdraw(SubmissionID(77), reason: "", at: timestamp(9))
            }
        }
    }

    @Test func `the same bytes are the same submission until that is withdrawn`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            let plan = try plan()
            #expect(try await store.submission(equalTo: plan, ruleSetHash: "rules-1") == nil)
            let first = try #require(try await night.receive([plan]).first)
            #expect(try await store.submission(equalTo: plan, ruleSetHash: "rules-1") == first.id)
            var again = plan
            again.identicalTo = first.id
            #expect(try await night.receive([again]).isEmpty)
            #expect(try await store.report(on: first.id)?.repeats.map(\.sourceName) == [plan.sourceName])
            try await store.withdraw(first.id, reason: "", at: timestamp(1))
            #expect(try await store.submission(equalTo: plan, ruleSetHash: "rules-1") == nil)
        }
    }

    @Test func `returned bytes are judged again under other rules or libraries`() async throws {
        try await withStore { store, _ in
            let night = try await Night(store)
            let plan = try plan()
            let first = try #require(try await night.receive([plan]).first)
            try await night.pass(first, rows(), .returned)
            #expect(try await store.submission(equalTo: plan, ruleSetHash: "rules-1") == first.id)
            #expect(try await store.submission(equalTo: plan, ruleSetHash: "rules-2") == nil)
            _ = try await store.importLibrary(
                .divisions, version: "v2025.1", sha256: digest(5), at: timestamp(0), publishing: true
            ) { each in try each(LibraryRow(line: 2, values: ["division_code": "330102", "name": "上城区"])) }
            #expect(try await store.submission(equalTo: plan, ruleSetHash: "rules-1") == nil)
        }
    }

    @Test func `two plans with the same bytes in one group are one submission and a repeat`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            #expect(try await night.receive([plan(), plan()]).count == 1)
            #expect(
                try await one(
                    "SELECT string_agg(outcome, ',' ORDER BY intake_id) FROM yaoce_api.intake", database)
                    == "taken,identical")
        }
    }

    @Test func `a plan that was written down is found again with everything in it`() async throws {
        try await withStore { store, _ in
            let plans = try [plan(bytes: 1), plan(hospital: 2, period: "2025-07", bytes: 2)]
            let numbers = try await store.journal(plans)
            let found = try await store.unfinishedIntake()
            #expect(found.map(\.journal) == numbers)
            #expect(found.map(\.plan) == plans)
        }
    }

    @Test func `what still lies in the inbox is one sighting with the newest time`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            let sighting = IntakeSighting(
                sourceName: "half", sha256: nil, outcome: .notReady, reason: Phrase("未稳定", "not settled"))
            let refused = IntakeSighting(
                sourceName: "bad", sha256: digest(3), outcome: .refused, reason: Phrase("拒收", "refused"))
            try await store.record([sighting, refused, sighting], run: night.run, seenAt: timestamp(1))
            try await store.record([refused, sighting], run: night.run, seenAt: timestamp(2))
            let text: String = try await one(
                """
                SELECT string_agg(concat_ws(' ', intake_id, source_name, outcome, reason, reason_en, seen_at > first_seen_at),
                    ', ' ORDER BY intake_id) FROM yaoce_api.intake
                """, database)
            #expect(text == "1 half not_ready 未稳定 not settled t, 2 bad refused 拒收 refused t")
            #expect(try await store.report(onRun: night.run)?.sightings == [sighting, refused])
        }
    }
}
