import Postgres

/// What is another on several servers: keys, triggers, functions and views. Their texts are made from those of one server,
/// so that a migration that changes one of them need not know of the other.
extension Distribution {
    /// Keys hold the institution, no table has triggers, and everything is logged: a server that crashes alone must not
    /// empty what another keeps a record of.
    static func adaptTables(_ names: [String], _ connection: isolated Connection) throws {
        let triggers = try connection.query(
            """
            SELECT c.relname::text, t.tgname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE c.relnamespace = 'yaoce'::regnamespace AND c.relname = ANY (\(names)) AND NOT t.tgisinternal
                AND p.proname = 'forget_positions'
            """)
        for row in 0..<triggers.count {
            try connection.query(
                """
                DROP TRIGGER \(identifier: try triggers.value(row, 1))
                ON yaoce.\(identifier: try triggers.value(row, 0))
                """)
        }
        let keys = try connection.query(
            """
            SELECT c.relname::text, k.conname::text, pg_get_constraintdef(k.oid)
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            WHERE c.relnamespace = 'yaoce'::regnamespace AND c.relname = ANY (\(names)) AND k.contype IN ('p', 'u')
                AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'institution_id'
                    AND a.attnum = ANY (k.conkey))
            """)
        for row in 0..<keys.count {
            let definition: String = try keys.value(row, 2)
            let wider = SQL(unchecked: definition.dropLast() + ", institution_id)")
            let name: String = try keys.value(row, 1)
            try connection.query(
                """
                ALTER TABLE yaoce.\(identifier: try keys.value(row, 0)) DROP CONSTRAINT \(identifier: name),
                    ADD CONSTRAINT \(identifier: name) \(wider)
                """)
        }
        let unlogged = try connection.query(
            """
            SELECT c.relname::text FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
            WHERE c.relnamespace = 'yaoce'::regnamespace AND c.relkind = 'r' AND c.relpersistence = 'u'
                AND (c.relname = 'submission_total'
                    OR i.inhparent IN (SELECT oid FROM pg_class WHERE relnamespace = 'yaoce'::regnamespace
                        AND relname = ANY (\(names))))
            """
        ).column(0, as: String.self)
        for name in unlogged { try connection.query("ALTER TABLE yaoce.\(identifier: name) SET LOGGED") }
    }

    /// Functions and views, after migrations too: what is adapted already stays as it is.
    static func adapt(_ connection: isolated Connection) throws {
        try adaptFunctions(connection)
        try adaptViews(connection)
        // What is calculated of a row is calculated where the row is.
        try connection.query(
            """
            SELECT create_distributed_function(p.oid::regprocedure) FROM pg_proc p
            WHERE p.pronamespace = 'yaoce'::regnamespace AND p.provolatile = 'i'
                AND NOT EXISTS (SELECT FROM pg_dist_object d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid)
            """, named: "functions for all servers")
    }

    /// SQL functions with parameters cannot ask distributed tables, PL/pgSQL functions can; and partitions are logged.
    private static func adaptFunctions(_ connection: isolated Connection) throws {
        let pattern = "yaoce\\.(\(tables.joined(separator: "|")))\\M"
        let functions = try connection.query(
            """
            SELECT p.proname::text, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.prosrc,
                l.lanname::text
            FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
            WHERE p.pronamespace = 'yaoce'::regnamespace AND (l.lanname = 'sql' AND p.prosrc ~ \(pattern)
                OR l.lanname = 'plpgsql' AND p.prosrc LIKE '%CREATE UNLOGGED TABLE%')
            ORDER BY 1
            """)
        for row in 0..<functions.count {
            let name: String = try functions.value(row, 0)
            let source: String = try functions.value(row, 3)
            var body = source.replacing("CREATE UNLOGGED TABLE", with: "CREATE TABLE")
            if try functions.value(row, 4, as: String.self) == "sql" {
                let query = together(body)
                // No trigger tells that named drugs have changed.
                let forgetting =
                    name == "resolve_named_drugs"
                    ? """
                    PERFORM yaoce.forget_positions_of(ARRAY(SELECT c.submission_id FROM yaoce.submission_comparison c
                        WHERE c.map_ids && maps));
                    """ : ""
                body = "#variable_conflict use_column\nBEGIN RETURN QUERY \(query); \(forgetting) END"
            }
            try connection.query(
                SQL(
                    unchecked: """
                        CREATE OR REPLACE FUNCTION yaoce.\(SQL.quoted(name))(\(try functions.value(row, 1, as: String.self)))
                        RETURNS \(try functions.value(row, 2, as: String.self)) LANGUAGE plpgsql AS $distributed$\(body)$distributed$
                        """), named: "function \(name)")
        }
    }

    /// Views that set rows beside their dictionaries.
    private static func adaptViews(_ connection: isolated Connection) throws {
        let views = try connection.query(
            """
            SELECT c.relname::text, pg_get_viewdef(c.oid, true) FROM pg_class c
            WHERE c.relnamespace = 'yaoce_api'::regnamespace AND c.relkind = 'v' ORDER BY 1
            """)
        for row in 0..<views.count {
            let text: String = try views.value(row, 1)
            let adapted = together(text)
            guard adapted != text else { continue }
            let name: String = try views.value(row, 0)
            try connection.query(
                SQL(unchecked: "CREATE OR REPLACE VIEW yaoce_api.\(SQL.quoted(name)) AS \(adapted)"),
                named: "view \(name)")
        }
    }

    /// Joins by the submission between a table of rows (`r`) and its dictionaries (`h`, `d`, `n`) say the institution too.
    private static func together(_ text: String) -> String {
        var text = text
        for alias in ["h", "d", "n"] {
            let same = "\(alias).institution_id = r.institution_id"
            if !text.contains(same) {
                text = text.replacing(
                    "\(alias).submission_id = r.submission_id",
                    with: "\(alias).submission_id = r.submission_id AND \(same)")
            }
        }
        return text
    }
}
