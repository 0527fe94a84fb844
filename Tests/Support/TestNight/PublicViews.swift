public import Postgres

/// What the public views show, without what a run counts and without times: the same content gives the same value.
public enum PublicViews {
    /// All views of the contract that hold content.
    public static let names = [
        "submission", "submission_file", "finding", "quarantined_row", "intake", "institution", "catalogue", "stock_in",
        "stock_out", "usage", "price_benchmark", "rule_result",
    ]

    /// Numbers given in the order of events, and times.
    private static let incidental = [
        "submission_id", "supersedes", "finding_id", "intake_id", "run_id", "received_at", "seen_at", "first_seen_at",
        "loaded_at", "withdrawn_at", "seconds",
    ]

    /// Each view's rows as JSON, sorted; a submission is named by institution, period and version.
    public static func content(_ connection: Connection, leavingOut columns: [String] = []) async throws -> [String:
        [String]]
    {
        var content: [String: [String]] = [:]
        let dropped = incidental + columns
        for name in names {
            content[name] = try await connection.perform { connection in
                let hasSubmission = try connection.query(
                    """
                    SELECT count(*) > 0 FROM information_schema.columns
                    WHERE table_schema = 'yaoce_api' AND table_name = \(name) AND column_name = 'submission_id'
                    """
                ).single(Bool.self)
                let view: SQL = "yaoce_api.\(identifier: name)"
                // How long something has been waiting changes from one look to the next.
                let row: SQL =
                    name == "intake"
                    ? "CASE WHEN v.outcome = 'not_ready' THEN to_jsonb(v) - '{reason,reason_en}'::text[] ELSE to_jsonb(v) END"
                    : "to_jsonb(v)"
                let sql: SQL =
                    hasSubmission
                    ? """
                    SELECT ((\(row)) - \(dropped)::text[] || jsonb_build_object('submission',
                        s.hospital_code || ' ' || s.period || ' v' || s.version))::text COLLATE "C" AS line
                    FROM \(view) v LEFT JOIN yaoce_api.submission s USING (submission_id) ORDER BY line
                    """
                    : "SELECT (to_jsonb(v) - \(dropped)::text[])::text COLLATE \"C\" AS line FROM \(view) v ORDER BY line"
                return try connection.query(sql).column(0, as: String.self)
            }
        }
        return content
    }

    /// The first differences, for a message a person can read.
    public static func differences(_ found: [String: [String]], _ expected: [String: [String]]) -> [String] {
        var lines: [String] = []
        for name in names {
            let (left, right) = (found[name] ?? [], expected[name] ?? [])
            guard left != right else { continue }
            lines.append("\(name): \(left.count) rows, expected \(right.count)")
            lines += left.filter { !Set(right).contains($0) }.prefix(3).map { "  more: \($0)" }
            lines += right.filter { !Set(left).contains($0) }.prefix(3).map { "  missing: \($0)" }
        }
        return lines
    }
}
