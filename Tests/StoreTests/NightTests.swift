import Core
import Dispatch
import Postgres
import Store
import Synchronization
import TestDatabase
import Testing

/// Said by one task, seen by another.
private final class Flag: Sendable {
    let isSet = Atomic(false)
}

/// What a run does with the store, shortened.
struct Night {
    let store: PostgresStore
    let run: Int

    /// A run that has begun.
    init(store: PostgresStore, run: Int) {
        self.store = store
        self.run = run
    }

    init(_ store: PostgresStore, day: Int32 = 9_344) async throws {
        self.store = store
        run = try await store.beginRun(businessDate: CalendarDay(daysSince2000: day), startedAt: timestamp(0))
    }

    func receive(_ plans: [IntakePlan]) async throws -> [Submission] {
        let numbers = try await store.journal(plans)
        return try await store.finishIntake(
            zip(numbers, plans).map { (journal: $0, plan: $1) }, run: run, receivedAt: timestamp(1))
    }

    /// Takes a submission through all stages.
    func pass(_ submission: Submission, _ rows: FixtureRows, _ verdict: Verdict = .passed) async throws {
        try await store.complete(.compare, of: [submission.id], run: run)
        var loaded = rows
        var given = files(rows)
        if verdict == .returned {
            loaded = FixtureRows(findings: rows.findings, quarantined: rows.quarantined)
            for index in given.indices {
                given[index].rowsSkipped["submission_returned"] = given[index].rowsLoaded
                given[index].rowsLoaded = 0
            }
        }
        try await store.completePrecheck([judged(submission, loaded, verdict, files: given)], run: run)
        try await store.completeLoad([(submission, loaded)], run: run)
        try await store.complete(.postcheck, of: [submission.id], run: run)
        try await store.complete(.report, of: [submission.id], run: run)
    }
}

func one<Value: SQLValue>(_ sql: SQL, _ database: TestDatabase, as type: Value.Type = Value.self) async throws -> Value
{
    let connection = try await database.connect()
    let value: Value = try await connection.perform { try $0.query(sql).single() }
    await connection.close()
    return value
}

@Suite(.tags(.database), .needsDatabase) struct `A night in the store` {
    @Test func `a submission goes through all stages and its rows are in the views`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            #expect(try await store.acquireRunLock())
            let submission = try #require(try await night.receive([plan()]).first)
            #expect(submission.id == SubmissionID(1))
            #expect(submission.version == 1)
            #expect(try await store.waiting(for: .compare, limit: 10) == [submission])
            #expect(try await store.unfinishedIntake().isEmpty)

            let rows = rows(drugs: 3)
            try await store.complete(.compare, of: [submission.id], run: night.run)
            try await store.completePrecheck([judged(submission, rows)], run: night.run)
            #expect(
                try await one("SELECT count(rows_read) FROM yaoce_api.submission_file", database, as: Int.self) == 0)
            #expect(try await store.waiting(for: .load, limit: 10) == [submission])
            try await store.completeLoad([(submission, rows)], run: night.run)
            #expect(
                try await one("SELECT count(rows_read) FROM yaoce_api.submission_file", database, as: Int.self) == 5)

            let text: String = try await one(
                "SELECT row(u.*)::text FROM yaoce_api.usage u WHERE hospital_drug_code = 'H1'", database)
            #expect(
                text == "(2025-07-31,330000,470012345,\(code(1)),第一人民医院,,H1,,\"阿莫西林胶囊 1\",12.50,1.5000,"
                    + "-24.0001,1,usage.csv,3,YP1,code,0.9950,,2,2025,202500)")
            for view in ["institution", "catalogue", "stock_in", "stock_out", "usage"] {
                let count: Int = try await one("SELECT count(*) FROM yaoce_api.\(identifier: view)", database)
                #expect(count == (view == "institution" ? 1 : 3))
            }
            let report = try #require(try await store.report(on: submission.id))
            #expect(report.verdict == .passed)
            #expect(report.isCurrent)
            #expect(report.files == files(rows))
            #expect(try await store.waiting(for: .postcheck, limit: 10) == [submission])
        }
    }

    @Test func `several submissions of several periods load in one group`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            let plans = try (1...6).map { try plan(hospital: $0, period: $0 % 2 == 0 ? "2025" : "2025Q3", bytes: $0) }
            let submissions = try await night.receive(plans)
            #expect(submissions.map(\.id.rawValue) == Array(1...6))
            let rows = rows()
            try await store.completePrecheck(submissions.map { judged($0, rows) }, run: night.run)
            try await store.completeLoad(submissions.map { ($0, rows) }, run: night.run)
            #expect(
                try await one("SELECT count(*) FROM yaoce_api.usage WHERE period = '2025Q3'", database, as: Int.self)
                    == 6)
            #expect(try await store.submissions(hospitalCode: nil, period: Period("2025")).count == 3)
            #expect(
                try await store.submissions(hospitalCode: code(1), period: nil).map(\.submission) == [submissions[0]])
            #expect(try await store.stateCounts()["postcheck"] == 6)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `something is done beside what the store is at`() async throws {
        try await withStore { store, _ in
            let night = try await Night(store)
            let submission = try #require(try await night.receive([plan()]).first)
            var rows = rows()
            rows.findings = [Finding(Observation("C01"), severity: .warning, fingerprint: Fingerprint(high: 1, low: 1))]
            try await night.pass(submission, rows, .passedWithWarnings)
            let done = DispatchSemaphore(value: 0)
            let found = Flag()
            async let counts = store.beside { other in
                let counts = try await other.submissions(hospitalCode: nil, period: nil).count
                done.signal()
                return counts
            }
            // The session is in the middle of something until the other one has done all of its own.
            try await store.forEachFinding(of: submission.id) { _ in
                guard !found.isSet.exchange(true, ordering: .sequentiallyConsistent) else { return }
                done.wait()
            }
            let wasRead = found.isSet.load(ordering: .sequentiallyConsistent)
            #expect(wasRead)
            #expect(try await counts == 1)
        }
    }

    @Test func `counts that do not add up are refused by the database`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            let submission = try #require(try await night.receive([plan()]).first)
            let rows = rows()
            var wrong = files(rows)
            wrong[4].rowsRead += 1
            let error = await #expect(throws: PostgresError.self) {
                try await store.completePrecheck([judged(submission, rows, files: wrong)], run: night.run)
            }
            #expect(error?.sqlState == "23514")
            #expect(try await one("SELECT count(*) FROM yaoce_api.finding", database, as: Int.self) == 0)
            #expect(try await store.report(on: submission.id)?.verdict == nil)
        }
    }

    @Test func `rows that differ from their count are not loaded`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            let submission = try #require(try await night.receive([plan()]).first)
            let rows = rows(drugs: 4)
            try await store.completePrecheck([judged(submission, rows)], run: night.run)
            var fewer = rows
            fewer.movements[.usage]?.removeLast()
            let staged = fewer
            let error = await #expect(throws: StoreError.self) {
                try await store.completeLoad([(submission, staged)], run: night.run)
            }
            #expect(error?.problem == .countMismatch(submission.id, what: "usage", expected: 4, found: 3))
            #expect(try await one("SELECT count(*) FROM yaoce.stock_in", database, as: Int.self) == 0)
            try await store.completeLoad([(submission, rows)], run: night.run)
            #expect(try await one("SELECT count(*) FROM yaoce_api.usage", database, as: Int.self) == 4)
        }
    }

    @Test func `what is loaded or judged twice is there once`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            let submission = try #require(try await night.receive([plan()]).first)
            let rows = rows()
            for _ in 0..<2 {
                try await store.sendBack([submission.id], to: .precheck)
                try await store.completePrecheck([judged(submission, rows)], run: night.run)
                try await store.completeLoad([(submission, rows)], run: night.run)
            }
            #expect(try await one("SELECT count(*) FROM yaoce_api.usage", database, as: Int.self) == 2)
            #expect(try await one("SELECT count(*) FROM yaoce_api.catalogue", database, as: Int.self) == 2)
            #expect(try await one("SELECT count(*) FROM yaoce_api.submission_file", database, as: Int.self) == 5)
        }
    }

    @Test func `a connection that breaks during a copy leaves nothing, and the same work then succeeds`() async throws {
        try await withStore { store, database in
            let night = try await Night(store)
            #expect(try await store.acquireRunLock())
            let submission = try #require(try await night.receive([plan()]).first)
            let rows = rows(drugs: 4_000)
            try await store.completePrecheck([judged(submission, rows)], run: night.run)
            // In the middle of its copy the load waits for a lock that this session holds.
            let other = try await database.connect()
            try await other.perform { connection in
                try connection.script(
                    """
                    CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END';
                    CREATE TRIGGER wait_here BEFORE INSERT ON yaoce.usage FOR EACH ROW
                    WHEN (NEW.row_number = 2000) EXECUTE FUNCTION wait_here();
                    SELECT pg_advisory_lock(4711);
                    """)
            }
            let ended = Flag()
            let loading = Task {
                defer { ended.isSet.store(true, ordering: .relaxed) }
                try await store.completeLoad([(submission, rows)], run: night.run)
            }
            try await other.perform { connection in
                while try !ended.isSet.load(ordering: .relaxed)
                    && connection.query(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND query LIKE 'COPY yaoce.%' AND wait_event_type = 'Lock'
                        """
                    ).count == 0
                {}
            }
            await #expect(throws: PostgresError.self) { try await loading.value }
            await other.close()
            for table in ["usage", "named_drug", "stock_in", "catalogue_row"] {
                #expect(try await one("SELECT count(*) FROM yaoce.\(identifier: table)", database, as: Int.self) == 0)
            }
            #expect(try await store.waiting(for: .load, limit: 1) == [submission])
            try await store.completeLoad([(submission, rows)], run: night.run)
            #expect(try await one("SELECT count(*) FROM yaoce_api.usage", database, as: Int.self) == 4_000)
        }
    }

    @Test func `the third technical failure sets a submission aside until it is taken up again`() async throws {
        try await withStore { store, _ in
            let night = try await Night(store)
            let submissions = try await night.receive([plan(hospital: 1, bytes: 1), plan(hospital: 2, bytes: 2)])
            let failure = StageFailure(submission: submissions[0].id, stage: .compare, reason: "磁盘已满")
            #expect(try await store.recordFailures([failure], run: night.run).isEmpty)
            #expect(try await store.recordFailures([failure], run: night.run).isEmpty)
            #expect(try await store.recordFailures([failure], run: night.run) == [submissions[0].id])
            #expect(try await store.waiting(for: .compare, limit: 9) == [submissions[1]])
            #expect(try await store.report(on: submissions[0].id)?.setAsideReason == "磁盘已满")
            #expect(try await store.stateCounts()["set_aside"] == 1)
            #expect(try await store.report(onRun: night.run)?.failures.count == 3)
            try await store.resume(submissions[0].id)
            #expect(try await store.waiting(for: .compare, limit: 9) == submissions)
        }
    }

    @Test func `only one run holds the lock, and it is free when the store closes`() async throws {
        try await withStore { store, database in
            let other = try await database.store()
            #expect(try await store.acquireRunLock())
            #expect(try await store.acquireRunLock())
            #expect(try await !other.acquireRunLock())
            #expect(try await other.facts(now: timestamp(0)).isRunning)
            await store.close()
            // The server takes a moment to see that a session has ended.
            while try await !other.acquireRunLock() { try await Task.sleep(for: .milliseconds(20)) }
            await other.close()
        }
    }
}
