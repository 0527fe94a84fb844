import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `A few submissions among those of many years` {
    /// What 600 submissions of earlier years left in the dictionary, which is not partitioned by period; nobody has looked
    /// at the table since.
    private static let fill = """
        ALTER TABLE yaoce.named_drug SET (autovacuum_enabled = off);
        INSERT INTO yaoce.institution (id, hospital_code) OVERRIDING SYSTEM VALUE
        SELECT 1000 + s, 'other' || s FROM generate_series(1, 600) s;
        INSERT INTO yaoce.submission (id, institution_id, period_key, version, received_at, received_run, source_name, sha256,
            is_current, is_settled)
        SELECT 1000 + s, 1000 + s, 202300, 1, now(), 1, 's' || s, sha256('s'), true, true FROM generate_series(1, 600) s;
        INSERT INTO yaoce.named_drug (submission_id, institution_id, drug_no, ypid, hospital_drug_code, product_name)
        SELECT 1000 + s, 1000 + s, d, 'D' || d, 'H' || d, 'drug' FROM generate_series(1, 600) s, generate_series(1, 40) d;
        """

    /// How many rows statements of this transaction read that went through a table as a whole.
    private static let readAsAWhole: SQL = """
        SELECT coalesce(sum(seq_tup_read), 0)::bigint FROM pg_stat_xact_user_tables
        WHERE schemaname = 'yaoce' AND relname = 'named_drug'
        """

    @Test func `judging them and summing up their period reads no dictionary of the others`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish((1...3).map { Province.institution($0) })
            try await province.load((1...3).map { Clinic($0) })
            let (rules, run) = (province.rules, province.run)
            let (judging, summing) = try await store.read { connection in
                try connection.withTransaction { connection in
                    try connection.script(Self.fill, named: "fill")
                    let before = try connection.query(Self.readAsAWhole).single(Int.self)
                    let night = try #require(try PostcheckNight(rules, run: run, connection))
                    try night.prepare(connection)
                    #expect(try night.makeTables(connection))
                    for rule in rules.rules where rule.stage == .post && rule.id != "P50" {
                        let check = PostCheck.all.first { $0.rule == rule.id }
                        #expect(try night.judge(rule, check, connection) == nil)
                    }
                    #expect(try night.grade(connection) == nil)
                    try night.writeResults(connection)
                    let judged = try connection.query(Self.readAsAWhole).single(Int.self)
                    try connection.query("SET LOCAL enable_nestloop = off")
                    #expect(try !RegionRows.load(202_500, connection).isEmpty)
                    let summed = try connection.query(Self.readAsAWhole).single(Int.self)
                    return (judged - before, summed - judged)
                }
            }
            #expect(judging == 0)
            #expect(summing == 0)
        }
    }

    /// Each of the submissions gets so many more drugs, with a row in every table; nobody has looked at the tables since.
    private static let many: SQL = """
        DO $$
        DECLARE name text; own text;
        BEGIN
            ALTER TABLE yaoce.named_drug SET (autovacuum_enabled = off);
            INSERT INTO yaoce.named_drug SELECT (jsonb_populate_record(n, jsonb_build_object('drug_no', 1000 + d,
                    'hospital_drug_code', 'M' || d))).*
                FROM yaoce.named_drug n, generate_series(1, 1500) d WHERE n.drug_no = (SELECT min(drug_no)
                    FROM yaoce.named_drug m WHERE m.submission_id = n.submission_id);
            FOREACH name IN ARRAY ARRAY['catalogue_row', 'stock_in', 'stock_out', 'usage'] LOOP
                own := name || '_202500';
                EXECUTE format('ALTER TABLE yaoce.%I SET (autovacuum_enabled = off)', own);
                EXECUTE format('INSERT INTO yaoce.%I SELECT (jsonb_populate_record(NULL::yaoce.%I, to_jsonb(r)
                        || jsonb_build_object(''drug_no'', 1000 + d, ''row_number'', 1000 + d))).*
                    FROM (SELECT DISTINCT ON (submission_id) * FROM yaoce.%I ORDER BY submission_id, row_number) r,
                        generate_series(1, 1500) d', own, own, own);
            END LOOP;
            UPDATE yaoce.submission_file SET rows_read = rows_read + 1500, rows_loaded = rows_loaded + 1500 WHERE table_no > 1;
        END
        $$
        """

    /// How many rows of dictionary and facts statements of this transaction read.
    private static let read: SQL = """
        SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint FROM pg_stat_xact_user_tables
        WHERE schemaname = 'yaoce' AND relname ~ '^(named_drug|catalogue_row|stock_in|stock_out|usage|drug_position)'
        """

    @Test func `with many rows, in tables that look empty, do not meet each row with every other`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish((1...3).map { Province.institution($0) })
            try await province.load((1...3).map { Clinic($0) })
            try await store.read { connection in
                try connection.query(Self.many)
                let rows = try connection.query("SELECT count(*) FROM yaoce.named_drug").single(Int.self)
                #expect(rows > 4500)
                try connection.withTransaction { connection in
                    try Positions.make(of: "SELECT id, institution_id, period_key FROM yaoce.submission", connection)
                    #expect(try connection.query("SELECT count(*) FROM yaoce.drug_position").single(Int.self) == rows)
                    #expect(try connection.query(Self.read).single(Int.self) < rows * 40)
                }
                try connection.withTransaction { connection in
                    try connection.readWholeTables(named: "regions")
                    #expect(try !RegionRows.load(202_500, connection).isEmpty)
                    #expect(try connection.query(Self.read).single(Int.self) < rows * 40)
                }
            }
        }
    }
}
