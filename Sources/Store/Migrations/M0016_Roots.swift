extension Migration {
    /// A finding that is only the consequence of another names it.
    static let roots = Migration(
        16, "roots",
        """
        -- The fingerprint of the finding that this one follows from; NULL where it stands for itself.
        ALTER TABLE yaoce.finding ADD COLUMN root_fingerprint uuid;

        CREATE OR REPLACE VIEW yaoce_api.finding AS
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
            f.byte_offset, f.file_no, f.details,
            replace(f.root_fingerprint::text, '-', '') AS root
        FROM yaoce.finding f
        JOIN yaoce.submission s ON s.id = f.submission_id
        JOIN yaoce.institution i ON i.id = f.institution_id
        JOIN yaoce.severity v ON v.rank = f.severity
        LEFT JOIN yaoce.table_name t USING (table_no)
        LEFT JOIN yaoce.submission_file o ON o.submission_id = f.submission_id AND o.file_no = f.file_no
        LEFT JOIN yaoce.column_name c ON c.table_no = f.table_no AND c.column_name = f.column_name
        LEFT JOIN yaoce.rule_set m ON m.rule_set_hash =
            CASE f.stage WHEN 1 THEN s.rule_set_hash ELSE coalesce(s.postcheck_rule_set_hash, s.rule_set_hash) END AND m.rule_id = f.rule_id
        LEFT JOIN yaoce.rule_text r ON r.rule_id = m.rule_id AND r.rule_hash = m.rule_hash
        CROSS JOIN LATERAL (SELECT
            CASE WHEN c.is_personal AND f.value <> '' THEN '‹***›' ELSE f.value END AS value,
            '{column,table,value,column_zh,expected,line,row,file}' || yaoce.half(f.details, 1)
                || '{column,table,column_zh,expected,line,row,file,value}' AS names,
            ARRAY[coalesce(c.header, f.column_name), f.expected, f.line::text, f.row_number::text,
                coalesce(o.file_name || '!' || o.member, o.file_name,
                    yaoce.detail(f.details, 'file') || '!' || yaoce.detail(f.details, 'member'))] || yaoce.half(f.details, 2) AS vals) p;
        """)
}
