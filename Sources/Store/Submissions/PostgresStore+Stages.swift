public import Core
import Postgres

extension PostgresStore {
    /// Up to so many submissions that wait for a stage, by number.
    public func waiting(for stage: Stage, limit: Int) async throws -> [Submission] {
        try await read { connection in
            let condition: SQL = """
                s.waiting_for = \(stage.number) AND s.set_aside_reason IS NULL AND s.withdrawn_at IS NULL
                ORDER BY s.id LIMIT \(limit)
                """
            return try SubmissionRows.load(where: condition, connection).map(\.submission)
        }
    }

    /// Passes submissions through a stage that leaves no rows of its own.
    public func complete(_ stage: Stage, of submissions: [SubmissionID], run: Int) async throws {
        guard !submissions.isEmpty else { return }
        try await write(recording: { .passed(stage, submissions, run: run) }) { connection in
            let next: Int16? = stage.next?.number
            try connection.query(
                """
                UPDATE yaoce.submission SET waiting_for = \(next), failures = 0
                WHERE id = ANY (\(submissions)) AND waiting_for = \(stage.number)
                """)
            try Steps.record(stage, of: submissions, run: run, connection)
        }
    }

    /// Sends submissions back to an earlier stage. What they left in the database is replaced when they pass it again.
    public func sendBack(_ submissions: [SubmissionID], to stage: Stage) async throws {
        try await write(recording: { .sentBack(submissions, to: stage) }) { connection in
            try connection.query(
                "UPDATE yaoce.submission SET waiting_for = \(stage.number) WHERE id = ANY (\(submissions))")
        }
    }

    /// Writes down technical failures; those with the third one are set aside and given back.
    public func recordFailures(_ failures: [StageFailure], run: Int) async throws -> [SubmissionID] {
        try await write(recording: { _ in .failed(failures, run: run) }) { connection in
            let ids = failures.map(\.submission)
            let reasons = failures.map(\.reason)
            try connection.query(
                """
                INSERT INTO yaoce.stage_failure (run_id, submission_id, stage, reason)
                SELECT \(run), * FROM unnest(\(ids), \(failures.map(\.stage.number)), \(reasons))
                """)
            return try connection.query(
                """
                WITH failed AS (SELECT DISTINCT ON (id) id, reason, count(*) OVER (PARTITION BY id) AS times
                    FROM unnest(\(ids), \(reasons)) WITH ORDINALITY AS t (id, reason, n) ORDER BY id, n DESC
                ), counted AS (
                    UPDATE yaoce.submission s SET failures = s.failures + f.times,
                        set_aside_reason = CASE WHEN s.failures + f.times >= 3 THEN f.reason ELSE s.set_aside_reason END
                    FROM failed f WHERE s.id = f.id RETURNING s.id, s.failures
                )
                SELECT id FROM counted WHERE failures >= 3 ORDER BY id
                """
            ).column()
        }
    }

    /// Takes a submission that was set aside up again: its failures are forgotten.
    public func resume(_ submission: SubmissionID) async throws {
        try await write(recording: { .resumed(submission) }) { connection in
            let changed = try connection.query(
                "UPDATE yaoce.submission SET set_aside_reason = NULL, failures = 0 WHERE id = \(submission)"
            ).affectedRows
            guard changed == 1 else { throw StoreError(problem: .noSuchSubmission(submission)) }
        }
    }

    /// Takes one submission's rows out again; the accepted one before it becomes current. Its files, findings and
    /// quarantined rows stay as a record of what came.
    public func withdraw(_ submission: SubmissionID, reason: String, at time: Timestamp) async throws {
        try await write(recording: { .withdrawn(submission, reason: reason, at: time) }) { connection in
            let found = try connection.query(
                """
                SELECT institution_id, period_key, withdrawn_at IS NOT NULL FROM yaoce.submission
                WHERE id = \(submission) FOR UPDATE
                """)
            guard found.count == 1 else { throw StoreError(problem: .noSuchSubmission(submission)) }
            guard try !found.value(0, 2, as: Bool.self) else {
                throw StoreError(problem: .alreadyWithdrawn(submission))
            }
            let (institution, period): (Int32, Int32) = (try found.value(0, 0), try found.value(0, 1))
            try Facts.remove([submission], periods: [period], connection)
            try connection.query(
                """
                UPDATE yaoce.submission
                SET withdrawn_at = \(time), withdrawn_reason = \(reason), is_current = false, loaded_at = NULL
                WHERE id = \(submission)
                """)
            try connection.query("SELECT yaoce.choose_current(\([institution]), \([period]))")
        }
    }
}
