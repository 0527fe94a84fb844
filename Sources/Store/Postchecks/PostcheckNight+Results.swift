import Core
import Postgres

extension PostcheckNight {
    /// Makes findings of the violations and writes them with the results of all rules.
    func writeResults(_ connection: isolated Connection) throws {
        try connection.script(
            "SET LOCAL statement_timeout TO DEFAULT; ANALYZE violation; ANALYZE result", named: "postcheck settings")
        let first: Int = try connection.query("SELECT value + 1 FROM yaoce.counter WHERE name = 'finding' FOR UPDATE")
            .single()
        // The same as before the load: institution, period, rule, table and drug name a violation; its figures do not.
        let written = try connection.query(
            """
            INSERT INTO yaoce.finding (finding_id, submission_id, institution_id, file_no, line, row_number, stage,
                severity, table_no, fingerprint, rule_id, column_name, value, expected, details)
            SELECT \(first) - 1 + row_number() OVER (ORDER BY submission_id, rule_id, table_no, file_no, row_number,
                    occurrence), submission_id, institution_id, file_no, line, row_number, 2, severity, table_no,
                encode(substr(sha256(convert_to(concat_ws(E'\\x01', hospital_code, \(period.description), rule_id,
                    coalesce(table_no, 0), coalesce(hospital_drug_code, ''), occurrence), 'UTF8')), 1, 16), 'hex')::uuid,
                rule_id, column_name, value, expected,
                coalesce(details, '{}') || CASE WHEN hospital_drug_code IS NOT NULL THEN ARRAY[
                    'drug', hospital_drug_code, 'ypid', coalesce(ypid, '—'), 'product', product_name]
                    ELSE '{}' END
            FROM (
                SELECT v.*, c.institution_id, c.hospital_code, n.hospital_drug_code,
                    coalesce(n.matched_ypid, n.ypid) AS ypid, n.product_name,
                    row_number() OVER (PARTITION BY v.submission_id, v.rule_id, v.table_no, v.code_no
                        ORDER BY v.file_no, v.row_number, v.details, v.value) - 1 AS occurrence
                FROM violation v
                JOIN checked c USING (submission_id)
                LEFT JOIN yaoce.named_drug n ON n.submission_id = v.submission_id AND n.drug_no = v.code_no) v
            """
        ).affectedRows
        try connection.query("UPDATE yaoce.counter SET value = \(first + written - 1) WHERE name = 'finding'")
        try nameRoots(connection)
        try connection.query(
            """
            INSERT INTO yaoce.finding_count (submission_id, institution_id, rule_id, severity, count)
            SELECT submission_id, c.institution_id, rule_id, severity, count(*)
            FROM violation JOIN checked c USING (submission_id) GROUP BY 1, 2, 3, 4
            """)
        try connection.query(
            """
            INSERT INTO yaoce.rule_result (run_id, submission_id, institution_id, rule_id, rule_hash, status, reason,
                evaluated, violated, seconds)
            SELECT \(run), submission_id, c.institution_id, rule_id, h.hash, status, reason, evaluated, violated, seconds
            FROM result JOIN checked c USING (submission_id)
            JOIN unnest(\(rules.rules.map(\.id.rawValue)), \(rules.rules.map(\.hash))) AS h (rule_id, hash) USING (rule_id)
            ORDER BY submission_id, rule_id
            """)
        try countByFile(connection)
        try connection.query(
            """
            UPDATE yaoce.submission s SET postcheck_rule_set_hash = \(rules.ruleSetHash) FROM scope
            WHERE scope.submission_id = s.id
            """)
    }

    /// A finding on a movement that only follows from what keeps the catalogue row of its drug aside names that. The
    /// movement's G01 knows it already.
    private func nameRoots(_ connection: isolated Connection) throws {
        let pairs = rules.explained.sorted { $0.key < $1.key }.flatMap { cause, effects in
            effects.sorted().map { (cause.rawValue, $0.rawValue) }
        }
        guard !pairs.isEmpty else { return }
        let placement = try Placement(connection)
        let together = SQL(unchecked: placement.sameInstitution("f", "g") + placement.sameInstitution("g", "c"))
        // Nobody has counted the findings yet: without this a plan goes through all of them for each of a few thousand.
        try connection.query("SET LOCAL enable_nestloop = off")
        try connection.query(
            """
            UPDATE yaoce.finding f SET root_fingerprint = g.root_fingerprint
            FROM (
                SELECT DISTINCT v.submission_id, v.file_no, v.row_number, v.rule_id, e.cause
                FROM violation v
                JOIN (SELECT unnest(\(pairs.map(\.0))) AS cause, unnest(\(pairs.map(\.1))) AS effect) e ON e.effect = v.rule_id
                WHERE v.row_number IS NOT NULL) v
            JOIN yaoce.finding g ON g.submission_id = v.submission_id AND g.file_no = v.file_no
                AND g.row_number = v.row_number AND g.rule_id = 'G01' AND g.stage = 1
            JOIN yaoce.finding c ON c.submission_id = g.submission_id AND c.fingerprint = g.root_fingerprint
                AND c.rule_id = v.cause AND c.stage = 1
            WHERE f.submission_id = ANY (\(waiting)) AND g.submission_id = ANY (\(waiting))
                AND c.submission_id = ANY (\(waiting)) AND f.submission_id = v.submission_id AND f.file_no = v.file_no AND f.row_number = v.row_number
                AND f.rule_id = v.rule_id AND f.stage = 2\(together)
            """)
        try connection.query("SET LOCAL enable_nestloop = on")
    }

    /// Files say how many findings of each severity stand in them; those of this stage are added.
    private func countByFile(_ connection: isolated Connection) throws {
        try connection.query(
            """
            UPDATE yaoce.submission_file f SET findings = n.pairs
            FROM (
                SELECT o.submission_id, o.file_no,
                    string_to_array(string_agg(v.severity || ',' || k.count, ',' ORDER BY v.severity), ',') AS pairs
                FROM yaoce.submission_file o
                JOIN scope s USING (submission_id)
                LEFT JOIN (SELECT submission_id, file_no, severity, count(*) FROM yaoce.finding
                    WHERE submission_id = ANY (\(waiting)) AND file_no IS NOT NULL GROUP BY 1, 2, 3) k
                    ON k.submission_id = o.submission_id AND k.file_no = o.file_no
                LEFT JOIN yaoce.severity v ON v.rank = k.severity
                WHERE o.submission_id = ANY (\(waiting))
                GROUP BY 1, 2) n
            WHERE f.submission_id = ANY (\(waiting)) AND f.submission_id = n.submission_id AND f.file_no = n.file_no AND f.findings IS DISTINCT FROM n.pairs
            """)
    }

    /// Everything that waited goes on to its papers; what was returned goes without a grade.
    func passOn(_ connection: isolated Connection) throws {
        let next: Int16? = Stage.postcheck.next?.number
        try connection.query(
            """
            UPDATE yaoce.submission SET waiting_for = \(next), failures = 0
            WHERE id = ANY (\(waiting)) AND waiting_for = \(Stage.postcheck.number)
            """)
        try Steps.record(.postcheck, of: waiting, run: run, connection)
    }
}
