import Core
import Postgres

extension Positions {
    /// Makes what several sessions that make positions would wait for each other for: partitions, and numbers of national
    /// codes that were never reported before.
    static func name(_ wanted: String, _ connection: isolated Connection) throws {
        guard let (ids, periods) = try missing(of: wanted, connection) else { return }
        try connection.script(hashing(true), named: "positions settings")
        try name(ids, periods, try Keys(of: ids, try Placement(connection), connection), connection)
        try connection.script(hashing(false), named: "positions settings")
    }

    /// The same of submissions whose positions are known to be missing.
    static func name(
        _ ids: [Int32], _ periods: [Int32], _ keys: Keys, _ connection: isolated Connection
    ) throws {
        try connection.script(
            """
            -- A table by itself is made by several processes, which an INSERT is not.
            DROP TABLE IF EXISTS reported;
            CREATE TABLE reported AS SELECT DISTINCT coalesce(n.matched_ypid, n.ypid) AS ypid
            FROM \(rows(of: "named_drug", try extent(of: ids, connection))) n JOIN building USING (submission_id);
            INSERT INTO yaoce.drug_key (ypid)
            SELECT ypid FROM reported d
            WHERE ypid IS NOT NULL AND \(keys.isMissing("d.ypid"))
            ORDER BY ypid;
            """, named: "positions dictionary")
        // What it names grows by leaps; the plan of a first night needs to know.
        if ids.count > 20 { try connection.script("ANALYZE yaoce.drug_key", named: "positions dictionary") }
        for period in periods { try connection.query("SELECT yaoce.make_position_partition(\(period))") }
    }

    /// How the numbers of national codes are found: of a few rows each by itself, in the index of all codes that were ever
    /// reported; of many by reading all codes once.
    struct Keys {
        private let areFew: Bool

        /// - Parameter ids: submissions whose positions are made.
        init(of ids: [Int32], _ placement: Placement, _ connection: isolated Connection) throws {
            guard ids.count <= 20, !placement.isDistributed else {
                areFew = false
                return
            }
            let rows: Int = try connection.query(
                "SELECT coalesce(sum(rows_loaded), 0)::bigint FROM yaoce.submission_file WHERE submission_id = ANY (\(ids))",
                named: "positions missing"
            ).single()
            areFew = rows <= 100_000
        }

        private let code = "coalesce(n.matched_ypid, n.ypid)"

        /// The number of the code of a row `n` of the dictionary.
        var number: String { areFew ? "(SELECT k.key_no FROM yaoce.drug_key k WHERE k.ypid = \(code))" : "k.key_no" }

        /// What `number` needs joined.
        var join: String { areFew ? "" : "LEFT JOIN yaoce.drug_key k ON k.ypid = \(code)" }

        /// A condition that a code has no number yet.
        func isMissing(_ code: String) -> String {
            areFew
                ? "(SELECT k.key_no FROM yaoce.drug_key k WHERE k.ypid = \(code)) IS NULL"
                : "NOT EXISTS (SELECT FROM yaoce.drug_key k WHERE k.ypid = \(code))"
        }
    }
}
