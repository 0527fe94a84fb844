public import Core
import Foundation
import Postgres

extension PostgresStore {
    /// Plans that were written down and not finished.
    public func unfinishedIntake() async throws -> [(journal: Int, plan: IntakePlan)] {
        try await read { connection in
            let rows = try connection.query(
                "SELECT journal_id, plan::text FROM yaoce.intake_journal ORDER BY journal_id")
            return try (0..<rows.count).map { row in
                let text: String = try rows.value(row, 1)
                return (try rows.value(row, 0), try JSONDecoder().decode(IntakePlan.self, from: Data(text.utf8)))
            }
        }
    }

    /// For each plan the submission with the same hospital, period and bytes whose result still stands.
    public func submissions(equalTo plans: [IntakePlan], ruleSetHash: String) async throws -> [SubmissionID?] {
        try await read { connection in
            let found = try connection.query(
                """
                SELECT p.place, max(s.id)
                FROM unnest(\(plans.map(\.hospitalCode)), \(plans.map(\.period.key)), \(plans.map(\.sha256)))
                    WITH ORDINALITY AS p (hospital_code, period_key, sha256, place)
                JOIN yaoce.institution i ON i.hospital_code = p.hospital_code
                JOIN yaoce.submission s ON s.institution_id = i.id AND s.period_key = p.period_key
                WHERE s.sha256 = p.sha256 AND s.withdrawn_at IS NULL
                    AND (s.verdict IS DISTINCT FROM 'returned'
                        OR (s.rule_set_hash = \(ruleSetHash) AND s.libraries = yaoce.current_libraries()))
                GROUP BY 1
                """)
            var equal = [SubmissionID?](repeating: nil, count: plans.count)
            for row in 0..<found.count { equal[try found.value(row, 0, as: Int.self) - 1] = try found.value(row, 1) }
            return equal
        }
    }

    /// Writes plans down before the first file moves.
    public func journal(_ plans: [IntakePlan]) async throws -> [Int] {
        let texts = try plans.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        return try await write(recording: { .planned(plans, journals: $0) }) { connection in
            try connection.query(
                """
                INSERT INTO yaoce.intake_journal (plan)
                SELECT t.plan::jsonb FROM unnest(\(texts)) WITH ORDINALITY AS t (plan, n) ORDER BY n RETURNING journal_id
                """
            ).column()
        }
    }

    /// Forgets plans whose files had gone before they could be taken.
    public func forget(_ journals: [Int]) async throws {
        try await write(recording: { .unplanned(journals: journals) }) { connection in
            try connection.query("DELETE FROM yaoce.intake_journal WHERE journal_id = ANY (\(journals))")
        }
    }

    /// Makes the submissions of plans whose files are in the archive, or records the repeat, and forgets the plans.
    public func finishIntake(
        _ plans: [(journal: Int, plan: IntakePlan)], run: Int, receivedAt: Timestamp
    ) async throws -> [Submission] {
        try await write(
            recording: {
                .taken(
                    plans.map(\.plan), journals: plans.map(\.journal), run: run, receivedAt: receivedAt,
                    submissions: $0.map(\.id))
            }
        ) { connection in
            var intake = NewSubmissions(receivedAt: receivedAt)
            try intake.prepare(plans.map(\.plan), connection)
            for (_, plan) in plans { intake.add(plan) }
            try intake.save(run: run, connection)
            try connection.query("DELETE FROM yaoce.intake_journal WHERE journal_id = ANY (\(plans.map(\.journal)))")
            return intake.submissions
        }
    }

    /// Records what was seen and not taken. The same sighting in the next run is the same row with a newer time.
    public func record(_ sightings: [IntakeSighting], run: Int, seenAt: Timestamp) async throws {
        guard !sightings.isEmpty else { return }
        try await write(recording: { .seen(sightings, run: run, seenAt: seenAt) }) { connection in
            let next = try Counter.intake.reserve(sightings.count, connection)
            let inserted = try connection.query(
                """
                WITH seen AS (
                    SELECT DISTINCT ON (source_name, outcome, coalesce(sha256, ''),
                        CASE WHEN outcome IN ('taken', 'identical') THEN n END) *
                    FROM unnest(
                        \(sightings.map(\.sourceName)), \(sightings.map(\.sha256)), \(sightings.map(\.outcome.rawValue)),
                        \(sightings.map { $0.reason?.chinese }), \(sightings.map { $0.reason?.english }),
                        \(sightings.map(\.submission)))
                        WITH ORDINALITY AS t (source_name, sha256, outcome, reason_zh, reason_en, submission_id, n)
                ), again AS (
                    UPDATE yaoce.intake i
                    SET seen_at = \(seenAt), run_id = \(run), reason_zh = s.reason_zh, reason_en = s.reason_en,
                        submission_id = s.submission_id
                    FROM seen s
                    WHERE i.source_name = s.source_name AND i.outcome = s.outcome
                        AND coalesce(i.sha256, '') = coalesce(s.sha256, '') AND i.outcome IN ('not_ready', 'refused')
                    RETURNING s.n
                )
                INSERT INTO yaoce.intake (intake_id, run_id, source_name, sha256, seen_at, first_seen_at, outcome,
                    reason_zh, reason_en, submission_id)
                SELECT \(next) - 1 + row_number() OVER (ORDER BY n), \(run), source_name, sha256, \(seenAt), \(seenAt),
                    outcome, reason_zh, reason_en, submission_id
                FROM seen WHERE n NOT IN (SELECT n FROM again)
                """
            ).affectedRows
            try Counter.intake.giveBack(sightings.count - inserted, connection)
        }
    }
}

/// Numbers without gaps: what a rolled back transaction took is free again, so a run that died leaves no trace in them.
enum Counter: String {
    case submission, intake, finding

    /// Takes so many numbers; gives the first.
    func reserve(_ count: Int, _ connection: isolated Connection) throws -> Int {
        try connection.query(
            """
            UPDATE yaoce.counter SET value = value + \(count) WHERE name = \(rawValue) RETURNING value - \(count) + 1
            """
        ).single()
    }

    func giveBack(_ count: Int, _ connection: isolated Connection) throws {
        guard count > 0 else { return }
        try connection.query("UPDATE yaoce.counter SET value = value - \(count) WHERE name = \(rawValue)")
    }
}
