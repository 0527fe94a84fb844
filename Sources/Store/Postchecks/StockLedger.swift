import Core
import Postgres

/// The stock ledger: opening + received − issued = closing, for each institution and drug, from period to period.
///
/// What lay there before the first period is unknown: the least that explains what was issued is its opening. A closing
/// below nought (P20) is carried on as nought, so that one missing receipt is said once.
enum StockLedger {
    /// Writes the ledgers of all judged submissions that are in force, of periods before them that have none or a
    /// superseded one, and of later periods whose opening changes by it. Gives the later submissions whose opening changed.
    static func carry(_ period: Int32, _ connection: isolated Connection) throws -> [SubmissionID] {
        let months = try connection.query("SELECT yaoce.period_months(\(period))").single(Int32.self)
        try connection.script(
            """
            CREATE TABLE ledger_task AS
            SELECT s.institution_id, s.period_key, s.id AS submission_id, p.id AS previous_id,
                s.id IN (SELECT submission_id FROM checked WHERE is_judged)
                    OR s.period_key < \(period) AND e.submission_id IS DISTINCT FROM s.id AS is_due,
                e.submission_id AS entered_id, e.previous_id AS entered_previous
            FROM yaoce.submission s
            JOIN (SELECT DISTINCT institution_id FROM checked WHERE is_judged) j USING (institution_id)
            LEFT JOIN yaoce.submission p ON p.institution_id = s.institution_id AND p.is_current
                AND p.period_key = yaoce.period_before(s.period_key) AND p.loaded_at IS NOT NULL AND p.withdrawn_at IS NULL
            LEFT JOIN yaoce.ledger_entry e ON e.institution_id = s.institution_id AND e.period_key = s.period_key
            WHERE s.is_current AND s.loaded_at IS NOT NULL AND s.withdrawn_at IS NULL
                AND yaoce.period_months(s.period_key) = \(months)
                -- A later period that was never judged gets its ledger when it is.
                AND (s.period_key <= \(period) OR e.submission_id = s.id);
            ANALYZE ledger_task;
            CREATE TABLE ledger_changed (
                institution_id integer, period_key integer, submission_id integer
            );
            """, named: "stock ledger")
        let periods: [Int32] = try connection.query("SELECT DISTINCT period_key FROM ledger_task ORDER BY 1").column()
        for one in periods {
            // Due by itself, or because the period before was written anew.
            let due: Int = try connection.query(
                """
                UPDATE ledger_task t SET is_due = true WHERE period_key = \(one) AND NOT is_due
                    AND (entered_previous IS DISTINCT FROM previous_id OR EXISTS (SELECT FROM ledger_task b
                        WHERE b.institution_id = t.institution_id AND b.is_due
                            AND b.period_key = yaoce.period_before(t.period_key)))
                """
            ).affectedRows
            let count: Int = try connection.query(
                "SELECT count(*) FROM ledger_task WHERE is_due AND period_key = \(one)"
            ).single()
            guard count > 0 || due > 0 else { continue }
            try write(one, connection)
        }
        return try connection.query(
            """
            SELECT DISTINCT submission_id FROM ledger_changed WHERE period_key > \(period) ORDER BY 1
            """
        ).column()
    }

    private static func write(_ period: Int32, _ connection: isolated Connection) throws {
        let before: Int32 = try connection.query("SELECT yaoce.period_before(\(period))").single()
        try connection.query("SELECT yaoce.make_ledger_partition(\(period))")
        let hasBefore: Bool = try connection.query(
            "SELECT to_regclass('yaoce.stock_ledger_' || \(before)) IS NOT NULL"
        ).single()
        try Positions.make(
            of:
                "SELECT submission_id, institution_id, period_key FROM ledger_task WHERE is_due AND period_key = \(period)",
            connection)
        let carried =
            hasBefore
            ? "SELECT submission_id, code_hash, closing, hospital_drug_code FROM yaoce.stock_ledger_\(before)"
            : "SELECT NULL::integer AS submission_id, NULL::bigint AS code_hash, NULL::bigint AS closing, NULL::text AS hospital_drug_code"
        try connection.script(
            """
            DROP TABLE IF EXISTS ledger_old;
            CREATE TABLE ledger_old AS
            SELECT l.submission_id, l.code_hash, l.opening, coalesce(l.opening_before, l.opening) AS first,
                l.hospital_drug_code, l.institution_id
            FROM yaoce.stock_ledger_\(period) l JOIN ledger_task t USING (submission_id)
            WHERE t.is_due AND t.period_key = \(period) AND t.entered_id = t.submission_id;
            ANALYZE ledger_old;
            DROP TABLE IF EXISTS ledger_row;
            CREATE TABLE ledger_row AS
            WITH due AS MATERIALIZED (
                SELECT * FROM ledger_task WHERE is_due AND period_key = \(period)
            ), now AS MATERIALIZED (
                SELECT p.institution_id, p.code_hash, p.code_no, p.submission_id, t.previous_id,
                    least(coalesce(p.in_doses, 0), 4000000000000000000) AS received,
                    least(coalesce(p.out_doses, 0), 4000000000000000000) AS issued
                FROM due t JOIN yaoce.drug_position_\(period) p USING (submission_id)
                WHERE p.in_doses <> 0 OR p.out_doses <> 0
            ), carried AS MATERIALIZED (
                SELECT t.institution_id, t.submission_id, l.code_hash, l.hospital_drug_code,
                    least(greatest(l.closing, 0), 4000000000000000000) AS opening
                FROM due t JOIN (\(carried)) l ON l.submission_id = t.previous_id
            )
            SELECT coalesce(n.institution_id, c.institution_id, o.institution_id) AS institution_id, submission_id,
                code_hash, n.code_no, coalesce(c.hospital_drug_code, o.hospital_drug_code) AS hospital_drug_code,
                CASE WHEN n.code_no IS NOT NULL AND n.previous_id IS NULL THEN greatest(n.issued - n.received, 0)
                    ELSE coalesce(c.opening, 0) END AS opening,
                coalesce(n.received, 0) AS received, coalesce(n.issued, 0) AS issued
            FROM now n FULL JOIN (SELECT * FROM carried WHERE opening > 0) c USING (submission_id, code_hash)
            FULL JOIN (SELECT * FROM ledger_old WHERE first > 0) o USING (submission_id, code_hash);
            ANALYZE ledger_row;
            INSERT INTO ledger_changed
            SELECT DISTINCT t.institution_id, t.period_key, t.submission_id
            FROM (SELECT submission_id, code_hash, opening FROM ledger_old WHERE opening > 0) o
            FULL JOIN (SELECT submission_id, code_hash, opening FROM ledger_row WHERE opening > 0) n
                USING (submission_id, code_hash)
            JOIN ledger_task t USING (submission_id)
            WHERE n.opening IS DISTINCT FROM o.opening AND t.entered_id = t.submission_id;
            DELETE FROM yaoce.stock_ledger_\(period) l USING ledger_task t
            WHERE t.is_due AND t.period_key = \(period) AND (l.submission_id = t.entered_id OR l.submission_id = t.submission_id);
            INSERT INTO yaoce.stock_ledger_\(period) (opening, received, issued, closing, opening_before, code_hash,
                institution_id, period_key, submission_id, hospital_drug_code)
            SELECT r.opening, r.received, r.issued, r.opening + r.received - r.issued,
                CASE WHEN o.first <> r.opening THEN o.first END, r.code_hash, r.institution_id, \(period), r.submission_id,
                coalesce(r.hospital_drug_code, d.hospital_drug_code)
            FROM ledger_row r
            LEFT JOIN ledger_old o USING (submission_id, code_hash)
            LEFT JOIN yaoce.named_drug d ON d.submission_id = r.submission_id AND d.drug_no = r.code_no;
            INSERT INTO yaoce.ledger_entry (institution_id, period_key, submission_id, previous_id)
            SELECT institution_id, period_key, submission_id, previous_id FROM ledger_task
            WHERE is_due AND period_key = \(period)
            ON CONFLICT (institution_id, period_key)
            DO UPDATE SET submission_id = EXCLUDED.submission_id, previous_id = EXCLUDED.previous_id;
            """, named: "stock ledger of a period")
    }

    /// The ledger of the judged submissions for the rules; with nothing in it for a first period.
    static func stock(_ period: Int32) -> String {
        """
        CREATE TABLE stock AS
        SELECT l.* FROM yaoce.stock_ledger_\(period) l JOIN checked c USING (submission_id)
        JOIN yaoce.ledger_entry e ON e.institution_id = l.institution_id AND e.period_key = l.period_key
            AND e.submission_id = l.submission_id
        WHERE c.is_judged AND e.previous_id IS NOT NULL;
        ANALYZE stock;
        """
    }
}
