import Core
import Postgres
import Store
import TestDatabase
import Testing

@Suite struct `Workers that share a database` {
    /// Two stores on one database, and some submissions that wait for the comparison.
    private func withTwo(
        _ count: Int, _ body: @Sendable (PostgresStore, PostgresStore, TestDatabase, Int) async throws -> Void
    ) async throws {
        try await withStore { one, database in
            let night = try await Night(one)
            _ = try await night.receive(try (1...count).map { try plan(hospital: $0) })
            let other = try await database.store()
            do {
                try await one.join(name: "one", patience: 1_000)
                try await other.join(name: "other", patience: 1_000)
                try await body(one, other, database, night.run)
                await other.close()
            } catch {
                await other.close()
                throw error
            }
        }
    }

    private func compare(_ store: PostgresStore, _ submissions: [Submission], _ run: Int) async throws {
        try await store.completeCompare(
            submissions.map { SubmissionItems(submission: $0.id) }, staged: 0, libraryVersion: nil,
            at: timestamp(2), run: run)
    }

    @Test func `never get the same submission`() async throws {
        try await withTwo(5) { one, other, _, run in
            let first = try await one.claim(for: .compare, limit: 3, leavingOut: [])
            let second = try await other.claim(for: .compare, limit: 3, leavingOut: [])
            #expect(first.map(\.id.rawValue) == [1, 2, 3])
            #expect(second.map(\.id.rawValue) == [4, 5])
            #expect(try await one.othersAreWorking())
            try await compare(one, first, run)
            try await compare(other, second, run)
            #expect(try await !one.othersAreWorking())
            #expect(try await one.claim(for: .compare, limit: 3, leavingOut: []).isEmpty)
        }
    }

    @Test func `take over what a dead one was at`() async throws {
        try await withTwo(2) { one, other, _, run in
            #expect(try await one.claim(for: .compare, limit: 9, leavingOut: []).count == 2)
            #expect(try await other.claim(for: .compare, limit: 9, leavingOut: []).isEmpty)
            await one.close()
            let rescued = try await other.claim(for: .compare, limit: 9, leavingOut: [])
            #expect(rescued.count == 2)
            try await compare(other, rescued, run)
        }
    }

    /// A worker that stopped and goes on later must change nothing: its sessions are ended, and its claims are void.
    @Test func `refuse what a worker writes late that was silent for too long`() async throws {
        try await withTwo(2) { one, other, database, run in
            let stale = try await one.claim(for: .compare, limit: 9, leavingOut: [])
            let connection = try await database.connect()
            try await connection.perform {
                _ = try $0.query(
                    "UPDATE yaoce.worker SET heartbeat_at = heartbeat_at - interval '1 day' WHERE name = 'one'")
            }
            await connection.close()
            let rescued = try await other.claim(for: .compare, limit: 9, leavingOut: [])
            #expect(rescued.map(\.id) == stale.map(\.id))
            // Its first statement finds the session ended, its next one the claims void.
            var errors: [any Error] = []
            for _ in 0..<2 {
                do { try await compare(one, stale, run) } catch { errors.append(error) }
            }
            #expect(errors.count == 2)
            #expect(errors.last is ClaimLost, "\(errors)")
            let waiting: Int = try await StoreTests.one(
                "SELECT count(*) FROM yaoce.submission WHERE waiting_for = 2", database)
            #expect(waiting == 2)
            try await compare(other, rescued, run)
        }
    }

    @Test func `do every night of the timetable once, and make up for missed ones`() async throws {
        try await withStore { store, _ in
            let night = try await Night(store)
            let day: Int64 = 86_400
            let earlier: @Sendable (Timestamp) -> Timestamp = {
                Timestamp(microseconds: $0.microseconds - 86_400_000_000)
            }
            func begin(_ number: Int64) async throws -> SlotDecision {
                try await store.begin(slot: timestamp(number * day), earlier: earlier, at: timestamp(number * day + 5))
            }
            #expect(try await begin(0) == .due(missed: 0))
            // It died: it is done again.
            #expect(try await begin(0) == .due(missed: 0))
            try await store.finish(slot: timestamp(0), run: night.run, at: timestamp(9))
            #expect(try await begin(0) == .done)
            #expect(try await begin(4) == .due(missed: 3))
            try await store.finish(slot: timestamp(4 * day), run: night.run, at: timestamp(4 * day + 9))
            #expect(try await begin(4) == .done)
            #expect(try await begin(3) == .done)
        }
    }

    @Test func `bring the first submissions of a period at the same time`() async throws {
        try await withDatabase { database in
            let first = try await database.connect()
            let second = try await database.connect()
            try await first.perform { connection in
                try connection.script("BEGIN")
                try connection.query("SELECT yaoce.make_partitions(209900)")
            }
            async let making: Void = second.perform { connection in
                _ = try connection.query("SELECT yaoce.make_partitions(209900)")
            }
            let third = try await database.connect()
            try await third.perform { connection in
                while try !connection.query(
                    """
                    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
                    """
                ).single(Bool.self) {}
                // Who reads or writes other periods meanwhile does not wait.
                try connection.script("SET lock_timeout = '60s'")
                #expect(try connection.query("SELECT count(*) FROM yaoce.usage").single(Int.self) == 0)
                _ = try connection.query("DELETE FROM yaoce.usage WHERE period_key = 209800")
            }
            try await first.perform { try $0.script("COMMIT") }
            try await making
            let partitions: Int = try await third.perform { connection in
                try connection.query("SELECT count(*) FROM pg_inherits WHERE inhparent = 'yaoce.stock_in'::regclass")
                    .single()
            }
            #expect(partitions == 1)
            for connection in [first, second, third] { await connection.close() }
        }
    }

    /// Whoever waits for a lock cannot look for silent workers; its heartbeat can.
    @Test func `are not held up by one that stopped in the middle of a transaction`() async throws {
        try await withStore { store, database in
            let stopped = try await database.connect()
            try await stopped.perform { connection in
                let id: Int = try connection.query(
                    """
                    INSERT INTO yaoce.worker (name, patience, heartbeat_at)
                    VALUES ('stopped', 1, clock_timestamp() - interval '1 day') RETURNING worker_id
                    """
                ).single()
                try connection.query(SQL(unchecked: "SET application_name = 'yaoce worker \(id)'"))
                try connection.script("BEGIN; LOCK TABLE yaoce.slot IN ACCESS EXCLUSIVE MODE")
            }
            try await store.join(name: "other", patience: 2)
            let slot = try await store.begin(slot: timestamp(0), earlier: { $0 }, at: timestamp(1))
            #expect(slot == .due(missed: 0))
            await stopped.close()
        }
    }
}
