public import Core
import Postgres

extension PostgresStore: RebuildStore {
    /// The last entry the database has.
    public func ledgerHead() async throws -> LedgerMark {
        try await read { connection in
            let rows = try connection.query("SELECT number, hash FROM yaoce.ledger_head")
            return LedgerMark(number: try rows.value(0, 0), hash: try rows.value(0, 1))
        }
    }

    /// The line of an entry; `nil` where there is none with this number.
    public func ledgerLine(_ number: Int) async throws -> String? {
        try await read { connection in
            try connection.query("SELECT line FROM yaoce.ledger WHERE number = \(number)").column(0, as: String.self)
                .first
        }
    }

    /// Whether nothing was ever received, imported or run.
    public func isEmpty() async throws -> Bool {
        try await read { connection in
            try connection.query(
                """
                SELECT NOT (EXISTS (SELECT FROM yaoce.run) OR EXISTS (SELECT FROM yaoce.library_version)
                    OR EXISTS (SELECT FROM yaoce.submission) OR EXISTS (SELECT FROM yaoce.ledger))
                """
            ).single()
        }
    }

    /// From now on the next transaction is this entry, done again.
    public func repeatNext(_ entry: LedgerEntry, mark: LedgerMark, text: String) {
        recorder.repeating(entry, mark: mark, text: text)
    }

    /// Whether the entry that was to be done again has been.
    public var hasRepeated: Bool { recorder.isDone }

    /// Submissions by number, in the order asked for.
    public func submissions(numbered ids: [SubmissionID]) async throws -> [Submission] {
        try await read { connection in
            let found = try SubmissionRows.load(where: "s.id = ANY (\(ids))", connection)
            let byID = Dictionary(uniqueKeysWithValues: found.map { ($0.submission.id, $0.submission) })
            return try ids.map { id in
                guard let submission = byID[id] else { throw StoreError(problem: .noSuchSubmission(id)) }
                return submission
            }
        }
    }
}

/// What a public view shows, as one number.
public struct ViewChecksum: Sendable, Hashable, Codable {
    /// The view.
    public var view: String
    /// How many rows.
    public var rows: Int
    /// Changes when any value of any row does; does not depend on their order.
    public var checksum: String
}

extension PostgresStore {
    /// Columns that say how long something took: doing it again takes another time.
    public static let measuredColumns = ["rule_result": ["seconds"], "period_result": ["seconds"]]

    /// Views of who is at work and which nights of the timetable were done: they say nothing of what came or was decided.
    public static let passingViews = ["slot", "worker"]

    /// A checksum of every public view but `passingViews`, over all of its columns but `measuredColumns`.
    public func checksums() async throws -> [ViewChecksum] {
        try await read { connection in
            let views = try connection.query(
                """
                SELECT viewname::text FROM pg_views WHERE schemaname = 'yaoce_api'
                UNION SELECT matviewname::text FROM pg_matviews WHERE schemaname = 'yaoce_api' ORDER BY 1
                """
            ).column(0, as: String.self).filter { !PostgresStore.passingViews.contains($0) }
            return try views.map { view in
                // Column by column: of a whole row a distributed table does not give the names.
                let columns = try connection.query(
                    """
                    SELECT a.attname::text FROM pg_attribute a
                    WHERE a.attrelid = \("yaoce_api." + SQL.quoted(view))::text::regclass AND a.attnum > 0
                        AND NOT a.attisdropped AND a.attname <> ALL (\(PostgresStore.measuredColumns[view] ?? []))
                    ORDER BY a.attnum
                    """
                ).column(0, as: String.self)
                let object = columns.map { "'\($0)', v.\(SQL.quoted($0))" }.joined(separator: ", ")
                let rows = try connection.query(
                    """
                    SELECT count(*), coalesce(md5(sum(('x' || left(h, 15))::bit(60)::bigint)::text
                        || sum(('x' || right(h, 15))::bit(60)::bigint)::text), '')
                    FROM (SELECT md5(jsonb_build_object(\(SQL(unchecked: object)))::text) AS h
                        FROM yaoce_api.\(identifier: view) v) hashed
                    """, named: "checksum of \(view)")
                return ViewChecksum(view: view, rows: try rows.value(0, 0), checksum: try rows.value(0, 1))
            }
        }
    }
}
