-- Fills a database that holds a night with :wanted rows or more: earlier years get the same rows under submissions of
-- their own. For measuring only: what it writes no run has judged.
SELECT set_config('fill.wanted', :'wanted', false) \g /dev/null
SET client_min_messages TO warning;
DO $$
DECLARE
    wanted bigint := current_setting('fill.wanted')::bigint;
    base_period integer := (SELECT max(period_key) FROM yaoce.submission);
    step integer := (SELECT max(id) FROM yaoce.submission);
    held bigint;
    copy integer := 0;
    columns text;
    name text;
BEGIN
    SELECT (SELECT count(*) FROM yaoce.stock_in) + (SELECT count(*) FROM yaoce.stock_out)
        + (SELECT count(*) FROM yaoce.usage) + (SELECT count(*) FROM yaoce.catalogue_row) INTO held;
    WHILE held * (copy + 1) < wanted LOOP
        copy := copy + 1;
        INSERT INTO yaoce.submission (id, institution_id, period_key, version, received_at, received_run, source_name,
            sha256, waiting_for, verdict, grade, is_current, is_settled, loaded_at, rule_set_hash, libraries)
        SELECT id + copy * step, institution_id, base_period - copy * 100, version, received_at, received_run, source_name,
            sha256, NULL, verdict, grade, is_current, is_settled, loaded_at, rule_set_hash, libraries
        FROM yaoce.submission WHERE period_key = base_period AND id <= step;
        INSERT INTO yaoce.row_header SELECT submission_id + copy * step, institution_id, header_no, report_date,
            province_code, org_code, hospital_code, hospital_name FROM yaoce.row_header WHERE submission_id <= step;
        INSERT INTO yaoce.named_drug SELECT submission_id + copy * step, institution_id, drug_no, ypid,
            hospital_drug_code, procurement_code, product_name, matched_ypid, match_method, match_score
            FROM yaoce.named_drug WHERE submission_id <= step;
        PERFORM yaoce.make_partitions(base_period - copy * 100);
        FOREACH name IN ARRAY ARRAY['institution_row', 'catalogue_row', 'stock_in', 'stock_out', 'usage'] LOOP
            SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
            WHERE attrelid = ('yaoce.' || name)::regclass AND attnum > 0 AND NOT attisdropped
                AND attname NOT IN ('submission_id', 'period_key');
            EXECUTE format('INSERT INTO yaoce.%I (%s, submission_id, period_key) SELECT %s, submission_id + %s, %s FROM yaoce.%I',
                name || '_' || base_period - copy * 100, columns, columns, copy * step, base_period - copy * 100,
                name || '_' || base_period);
        END LOOP;
    END LOOP;
    UPDATE yaoce.counter SET value = greatest(value, (SELECT max(id) FROM yaoce.submission)) WHERE counter.name = 'submission';
END
$$;
VACUUM ANALYZE;
