extension Migration {
    /// What reporting tools may rely on: schema `yaoce_api`, contract section 4. Columns are only ever added at the end.
    static let views = Migration(
        5, "views",
        """
        CREATE SCHEMA yaoce_api;

        CREATE VIEW yaoce_api.submission AS
        SELECT s.id AS submission_id, i.hospital_code, yaoce.period(s.period_key) AS period, s.version, s.supersedes,
            s.received_at, s.source_name, encode(s.sha256, 'hex') AS sha256, s.verdict, s.grade, s.is_current,
            (ARRAY['receive', 'compare', 'precheck', 'load', 'postcheck', 'report'])[s.waiting_for] AS waiting_for,
            s.loaded_at, s.withdrawn_at, s.withdrawn_reason, s.set_aside_reason
        FROM yaoce.submission s JOIN yaoce.institution i ON i.id = s.institution_id;

        -- Counts stand here once they are true: when the rows are loaded, or the submission was returned.
        CREATE VIEW yaoce_api.submission_file AS
        SELECT f.submission_id, f.file_name, f.member, t.table_name, f.encoding, f.delimiter, f.sha256,
            CASE WHEN s.is_settled THEN f.rows_read END AS rows_read,
            CASE WHEN s.is_settled THEN f.rows_loaded END AS rows_loaded,
            CASE WHEN s.is_settled THEN f.rows_quarantined END AS rows_quarantined,
            CASE WHEN s.is_settled THEN f.rows_skipped END AS rows_skipped,
            f.file_no, f.size, CASE WHEN s.is_settled THEN jsonb_object(f.skip_reasons) END AS skip_reasons
        FROM yaoce.submission_file f
        JOIN yaoce.submission s ON s.id = f.submission_id
        LEFT JOIN yaoce.table_name t USING (table_no);

        -- Messages name column and table in their own language. Cells of columns about a person are masked.
        CREATE VIEW yaoce_api.finding AS
        SELECT f.finding_id, f.submission_id, i.hospital_code, yaoce.period(s.period_key) AS period,
            CASE f.stage WHEN 1 THEN 'pre' ELSE 'post' END AS stage, f.rule_id, v.severity, t.table_name,
            coalesce(o.file_name, yaoce.detail(f.details, 'file')) AS file_name,
            CASE WHEN o.file_no IS NULL THEN yaoce.detail(f.details, 'member') ELSE o.member END AS member,
            f.line, f.row_number, f.column_name, p.value, f.expected,
            yaoce.filled(r.message_zh, p.names,
                ARRAY[coalesce(c.header, f.column_name), t.chinese_name, p.value] || p.vals || '{—,—,—,—,—,—,—,（空）}') AS message_zh,
            yaoce.filled(r.message_en, p.names,
                ARRAY[f.column_name, t.table_name, p.value] || p.vals || '{—,—,—,—,—,—,—,(blank)}') AS message_en,
            replace(f.fingerprint::text, '-', '') AS fingerprint,
            f.byte_offset, f.file_no, f.details
        FROM yaoce.finding f
        JOIN yaoce.submission s ON s.id = f.submission_id
        JOIN yaoce.institution i ON i.id = f.institution_id
        JOIN yaoce.severity v ON v.rank = f.severity
        LEFT JOIN yaoce.table_name t USING (table_no)
        LEFT JOIN yaoce.submission_file o ON o.submission_id = f.submission_id AND o.file_no = f.file_no
        LEFT JOIN yaoce.column_name c ON c.table_no = f.table_no AND c.column_name = f.column_name
        LEFT JOIN yaoce.rule_set m ON m.rule_set_hash = s.rule_set_hash AND m.rule_id = f.rule_id
        LEFT JOIN yaoce.rule_text r ON r.rule_id = m.rule_id AND r.rule_hash = m.rule_hash
        CROSS JOIN LATERAL (SELECT
            CASE WHEN c.is_personal AND f.value <> '' THEN '‹***›' ELSE f.value END AS value,
            '{column,table,value,column_zh,expected,line,row,file}' || yaoce.half(f.details, 1)
                || '{column,table,column_zh,expected,line,row,file,value}' AS names,
            ARRAY[coalesce(c.header, f.column_name), f.expected, f.line::text, f.row_number::text,
                coalesce(o.file_name || '!' || o.member, o.file_name,
                    yaoce.detail(f.details, 'file') || '!' || yaoce.detail(f.details, 'member'))] || yaoce.half(f.details, 2) AS vals) p;

        CREATE VIEW yaoce_api.quarantined_row AS
        SELECT q.submission_id, t.table_name, o.file_name, o.member, q.line, q.row_number, q.text AS raw, q.rule_ids,
            q.raw AS raw_bytes, q.file_no
        FROM yaoce.quarantined_row q
        LEFT JOIN yaoce.table_name t USING (table_no)
        LEFT JOIN yaoce.submission_file o ON o.submission_id = q.submission_id AND o.file_no = q.file_no;

        CREATE VIEW yaoce_api.intake AS
        SELECT intake_id, source_name, encode(sha256, 'hex') AS sha256, seen_at, outcome, reason_zh AS reason,
            submission_id, reason_en, first_seen_at, run_id
        FROM yaoce.intake;

        CREATE VIEW yaoce.current_submission AS
        SELECT id, institution_id, period_key, yaoce.period(period_key) AS period FROM yaoce.submission
        WHERE is_current AND loaded_at IS NOT NULL AND withdrawn_at IS NULL;

        -- Dictionaries are joined from the left although every row has its entry: the planner then knows that no row is
        -- lost, and leaves out what a query does not ask for. `period_key` lets it leave out whole periods.

        CREATE VIEW yaoce_api.institution AS
        SELECT h.report_date, h.province_code, h.org_code, h.hospital_code, h.hospital_name,
            r.annual_drug_income * 0.01 AS annual_drug_income, r.bed_count, r.unit_head, r.stats_head,
            r.submission_id, f.file_name, r.line, f.member, r.row_number, s.period, r.period_key
        FROM yaoce.institution_row r
        JOIN yaoce.current_submission s ON s.id = r.submission_id
        LEFT JOIN yaoce.row_header h ON h.submission_id = r.submission_id AND h.header_no = r.header_no
        LEFT JOIN yaoce.submission_file f ON f.submission_id = r.submission_id AND f.file_no = r.file_no;

        CREATE VIEW yaoce_api.catalogue AS
        SELECT h.report_date, h.province_code, h.org_code, h.hospital_code, h.hospital_name,
            d.ypid, d.hospital_drug_code, d.procurement_code, r.generic_name, d.product_name, r.trade_name,
            r.trade_name_en, r.approval_number, r.manufacturer, r.dosage_form, r.strength, r.dosage_unit, r.pack_unit,
            r.conversion_factor * 0.0001 AS conversion_factor, r.is_essential, r.is_central_procurement,
            r.is_consistency_evaluated, r.submission_id, f.file_name, r.line,
            d.matched_ypid, d.match_method, d.match_score * 0.0001 AS match_score,
            f.member, r.row_number, s.period, r.period_key
        FROM yaoce.catalogue_row r
        JOIN yaoce.current_submission s ON s.id = r.submission_id
        LEFT JOIN yaoce.row_header h ON h.submission_id = r.submission_id AND h.header_no = r.header_no
        LEFT JOIN yaoce.named_drug d ON d.submission_id = r.submission_id AND d.drug_no = r.drug_no
        LEFT JOIN yaoce.submission_file f ON f.submission_id = r.submission_id AND f.file_no = r.file_no;

        CREATE VIEW yaoce_api.stock_in AS
        SELECT h.report_date, h.province_code, h.org_code, h.hospital_code, h.hospital_name,
            d.ypid, d.hospital_drug_code, d.procurement_code, d.product_name, r.amount * 0.01 AS amount,
            r.pack_quantity * 0.0001 AS pack_quantity, r.dose_quantity * 0.0001 AS dose_quantity,
            r.submission_id, f.file_name, r.line,
            d.matched_ypid, d.match_method, d.match_score * 0.0001 AS match_score,
            f.member, r.row_number, s.period, r.period_key
        FROM yaoce.stock_in r
        JOIN yaoce.current_submission s ON s.id = r.submission_id
        LEFT JOIN yaoce.row_header h ON h.submission_id = r.submission_id AND h.header_no = r.header_no
        LEFT JOIN yaoce.named_drug d ON d.submission_id = r.submission_id AND d.drug_no = r.drug_no
        LEFT JOIN yaoce.submission_file f ON f.submission_id = r.submission_id AND f.file_no = r.file_no;

        CREATE VIEW yaoce_api.stock_out AS
        SELECT h.report_date, h.province_code, h.org_code, h.hospital_code, h.hospital_name,
            d.ypid, d.hospital_drug_code, d.procurement_code, d.product_name,
            r.pack_quantity * 0.0001 AS pack_quantity, r.dose_quantity * 0.0001 AS dose_quantity,
            r.submission_id, f.file_name, r.line,
            d.matched_ypid, d.match_method, d.match_score * 0.0001 AS match_score,
            f.member, r.row_number, s.period, r.period_key
        FROM yaoce.stock_out r
        JOIN yaoce.current_submission s ON s.id = r.submission_id
        LEFT JOIN yaoce.row_header h ON h.submission_id = r.submission_id AND h.header_no = r.header_no
        LEFT JOIN yaoce.named_drug d ON d.submission_id = r.submission_id AND d.drug_no = r.drug_no
        LEFT JOIN yaoce.submission_file f ON f.submission_id = r.submission_id AND f.file_no = r.file_no;

        CREATE VIEW yaoce_api.usage AS
        SELECT h.report_date, h.province_code, h.org_code, h.hospital_code, h.hospital_name,
            d.ypid, d.hospital_drug_code, d.procurement_code, d.product_name, r.amount * 0.01 AS amount,
            r.pack_quantity * 0.0001 AS pack_quantity, r.dose_quantity * 0.0001 AS dose_quantity,
            r.submission_id, f.file_name, r.line,
            d.matched_ypid, d.match_method, d.match_score * 0.0001 AS match_score,
            f.member, r.row_number, s.period, r.period_key
        FROM yaoce.usage r
        JOIN yaoce.current_submission s ON s.id = r.submission_id
        LEFT JOIN yaoce.row_header h ON h.submission_id = r.submission_id AND h.header_no = r.header_no
        LEFT JOIN yaoce.named_drug d ON d.submission_id = r.submission_id AND d.drug_no = r.drug_no
        LEFT JOIN yaoce.submission_file f ON f.submission_id = r.submission_id AND f.file_no = r.file_no;

        CREATE VIEW yaoce_api.price_benchmark AS
        SELECT yaoce.period(period_key) AS period, ypid, benchmark_version, institutions, rows, median, mode, mean, sd,
            mad_log, p5, p95
        FROM yaoce.price_benchmark;

        CREATE VIEW yaoce_api.rule_result AS
        SELECT run_id, submission_id, rule_id, rule_hash, status, evaluated, violated, seconds, reason
        FROM yaoce.rule_result;

        CREATE VIEW yaoce_api.run AS
        SELECT run_id, started_at, finished_at, exit_code, business_date FROM yaoce.run;

        CREATE VIEW yaoce_api.stage_run AS
        SELECT run_id, stage, started_at, seconds, items FROM yaoce.stage_run;
        """)
}
