import Core
import Postgres

/// The submissions that a group of plans becomes: their numbers, versions and what they supersede.
struct NewSubmissions {
    private struct Series: Hashable {
        var hospitalCode: String
        var period: Int
    }

    private struct Repeat {
        var plan: IntakePlan
        var of: SubmissionID
    }

    private let receivedAt: Timestamp
    private var institutions: [String: Int32] = [:]
    private var latest: [Series: (version: Int, id: SubmissionID)] = [:]
    private var nextID = 1
    private var repeats: [Repeat] = []
    private(set) var submissions: [Submission] = []

    init(receivedAt: Timestamp) { self.receivedAt = receivedAt }

    /// Learns numbers of institutions (new ones get theirs), the newest version of each series and the next number.
    mutating func prepare(_ plans: [IntakePlan], _ connection: isolated Connection) throws {
        let codes = Set(plans.map(\.hospitalCode)).sorted()
        try connection.query(
            """
            INSERT INTO yaoce.institution (hospital_code)
            SELECT code FROM unnest(\(codes)) AS code
            WHERE NOT EXISTS (SELECT FROM yaoce.institution WHERE hospital_code = code) ORDER BY code
            """)
        let rows = try connection.query(
            "SELECT hospital_code, id FROM yaoce.institution WHERE hospital_code = ANY (\(codes))")
        for row in 0..<rows.count { institutions[try rows.value(row, 0)] = try rows.value(row, 1) }
        let versions = try connection.query(
            """
            SELECT DISTINCT ON (s.institution_id, s.period_key) i.hospital_code, s.period_key, s.version, s.id
            FROM yaoce.submission s JOIN yaoce.institution i ON i.id = s.institution_id
            WHERE i.hospital_code = ANY (\(codes)) AND s.period_key = ANY (\(Set(plans.map(\.period.key)).sorted()))
            ORDER BY s.institution_id, s.period_key, s.version DESC
            """)
        for row in 0..<versions.count {
            let series = Series(hospitalCode: try versions.value(row, 0), period: try versions.value(row, 1))
            latest[series] = (try versions.value(row, 2), try versions.value(row, 3))
        }
        nextID = try connection.query("SELECT value + 1 FROM yaoce.counter WHERE name = 'submission' FOR UPDATE")
            .single()
    }

    /// A submission of a plan, or a repeat. Two plans of one group with the same bytes are one submission and a repeat.
    mutating func add(_ plan: IntakePlan) {
        let twin = submissions.last {
            $0.hospitalCode == plan.hospitalCode && $0.period == plan.period && $0.sha256 == plan.sha256
        }
        if let known = plan.identicalTo ?? twin?.id {
            repeats.append(Repeat(plan: plan, of: known))
            return
        }
        let series = Series(hospitalCode: plan.hospitalCode, period: plan.period.key)
        let previous = latest[series]
        let submission = Submission(
            id: SubmissionID(nextID), hospitalCode: plan.hospitalCode, period: plan.period,
            version: (previous?.version ?? 0) + 1, supersedes: previous?.id, receivedAt: receivedAt,
            sourceName: plan.sourceName, sha256: plan.sha256, files: plan.files)
        nextID += 1
        latest[series] = (submission.version, submission.id)
        submissions.append(submission)
    }

    func save(run: Int, _ connection: isolated Connection) throws {
        let new = submissions
        let owners = new.map { institutions[$0.hospitalCode] }
        let periods = new.map { Int32($0.period.key) }
        try connection.query(
            """
            INSERT INTO yaoce.submission (id, institution_id, period_key, version, supersedes, received_at, received_run,
                source_name, sha256, waiting_for)
            SELECT id, institution_id, period_key, version, supersedes, \(receivedAt), \(run), source_name, sha256, 2
            FROM unnest(\(new.map(\.id)), \(owners), \(periods), \(new.map { Int32($0.version) }),
                \(new.map(\.supersedes)), \(new.map(\.sourceName)), \(new.map(\.sha256)))
                AS t (id, institution_id, period_key, version, supersedes, source_name, sha256)
            """)
        let files = new.flatMap { submission in
            submission.files.enumerated().map { (submission, Int32($0.offset), $0.element) }
        }
        try connection.query(
            """
            INSERT INTO yaoce.archived_file SELECT * FROM unnest(
                \(files.map(\.0.id)), \(files.map { institutions[$0.0.hospitalCode] }), \(files.map(\.1)),
                \(files.map(\.2.name)), \(files.map(\.2.sha256)), \(files.map(\.2.size)))
            """)
        try saveIntake(run: run, connection)
        try Steps.record(.receive, of: new.map(\.id), run: run, connection)
        try connection.query("UPDATE yaoce.counter SET value = \(nextID - 1) WHERE name = 'submission'")
        try connection.query("SELECT yaoce.choose_current(\(owners), \(periods))")
    }

    private func saveIntake(run: Int, _ connection: isolated Connection) throws {
        let taken = submissions.map { ($0.sourceName, $0.sha256, "taken", $0.id) }
        let all = taken + repeats.map { ($0.plan.sourceName, $0.plan.sha256, "identical", $0.of) }
        let first = try Counter.intake.reserve(all.count, connection)
        try connection.query(
            """
            INSERT INTO yaoce.intake (intake_id, run_id, source_name, sha256, seen_at, first_seen_at, outcome, submission_id,
                reason_zh, reason_en)
            SELECT \(first) - 1 + n, \(run), source_name, sha256, \(receivedAt), \(receivedAt), outcome, submission_id,
                CASE outcome WHEN 'identical' THEN '与第 ' || submission_id || ' 号报送完全相同，未再次处理' END,
                CASE outcome WHEN 'identical' THEN 'identical to submission ' || submission_id || '; not processed again' END
            FROM unnest(\(all.map(\.0)), \(all.map(\.1)), \(all.map(\.2)), \(all.map(\.3)))
                WITH ORDINALITY AS t (source_name, sha256, outcome, submission_id, n)
            """)
        if !repeats.isEmpty { try sayRepeats(connection) }
    }

    /// A17: the finding stands on the submission that the copy equals, and that one gets a new receipt.
    private func sayRepeats(_ connection: isolated Connection) throws {
        let known = repeats.map(\.of)
        let names = repeats.map(\.plan.sourceName)
        let first = try Counter.finding.reserve(repeats.count, connection)
        let inserted = try connection.query(
            """
            WITH said AS (
                SELECT s.id, s.institution_id, t.source_name, t.n,
                    md5('A17' || s.institution_id || ' ' || s.period_key || ' ' || t.source_name)::uuid AS fingerprint
                FROM unnest(\(known), \(names)) WITH ORDINALITY AS t (id, source_name, n)
                JOIN yaoce.submission s ON s.id = t.id
            ), new AS (
                SELECT DISTINCT ON (id, fingerprint) * FROM said
                WHERE (id, fingerprint) NOT IN (SELECT f.submission_id, f.fingerprint FROM yaoce.finding f
                    WHERE f.submission_id = ANY (\(known)) AND f.rule_id = 'A17')
                ORDER BY id, fingerprint, n
            )
            INSERT INTO yaoce.finding (finding_id, submission_id, institution_id, stage, severity, fingerprint, rule_id,
                value, details)
            SELECT \(first) - 1 + row_number() OVER (ORDER BY n), id, institution_id, 1, 0, fingerprint, 'A17',
                source_name, ARRAY['file', source_name, 'submission', id::text]
            FROM new
            """
        ).affectedRows
        try Counter.finding.giveBack(repeats.count - inserted, connection)
        try connection.query(
            "UPDATE yaoce.submission SET waiting_for = 6 WHERE id = ANY (\(known)) AND waiting_for IS NULL")
    }
}

/// The ledger: which run took which submission through which stage. A receipt that is written again is no step.
enum Steps {
    static func record(_ stage: Stage, of ids: [SubmissionID], run: Int, _ connection: isolated Connection) throws {
        try connection.query(
            """
            INSERT INTO yaoce.submission_step (run_id, submission_id, institution_id, stage)
            SELECT \(run), id, institution_id, \(stage.number) FROM yaoce.submission s WHERE id = ANY (\(ids))
                AND NOT EXISTS (SELECT FROM yaoce.submission_step e WHERE e.submission_id = s.id AND e.stage = 6)
            ON CONFLICT DO NOTHING
            """)
    }
}
