/// What a submission changed against the one it supersedes, table by table.
public struct VersionDifference: Sendable, Hashable {
    /// One table.
    public struct Table: Sendable, Hashable {
        /// Which.
        public var table: DataTable
        /// Rows whose key is only in the newer version.
        public var added: Int
        /// Rows whose key is only in the older version.
        public var removed: Int
        /// Rows with the same key and other values.
        public var changed: Int
        /// Rows that are the same.
        public var unchanged: Int

        /// Counts of a table.
        public init(table: DataTable, added: Int, removed: Int, changed: Int, unchanged: Int) {
            self.table = table
            self.added = added
            self.removed = removed
            self.changed = changed
            self.unchanged = unchanged
        }
    }

    /// What happened to a row.
    public enum Kind: String, Sendable, Hashable, Codable {
        case added, removed, changed
    }

    /// One row, or one cell of a changed row.
    public struct Sample: Sendable, Hashable {
        /// Where.
        public var table: DataTable
        /// The row's key as people know it: 院内药品唯一码, or the institution's code.
        public var key: String
        /// What the row is about, the product's name.
        public var name: String?
        /// What happened.
        public var kind: Kind
        /// The English name of the changed column; `nil` for a whole row.
        public var column: String?
        /// The older value.
        public var before: String?
        /// The newer value.
        public var after: String?

        /// A sample.
        public init(
            table: DataTable, key: String, name: String? = nil, kind: Kind, column: String? = nil,
            before: String? = nil, after: String? = nil
        ) {
            self.table = table
            self.key = key
            self.name = name
            self.kind = kind
            self.column = column
            self.before = before
            self.after = after
        }
    }

    /// The submission compared with.
    public var against: SubmissionID
    /// Its version.
    public var version: Int
    /// Counts by table, in the order of processing.
    public var tables: [Table]
    /// The first differences; the receipt shows at most 50 of them.
    public var samples: [Sample]

    /// A difference.
    public init(against: SubmissionID, version: Int, tables: [Table], samples: [Sample]) {
        self.against = against
        self.version = version
        self.tables = tables
        self.samples = samples
    }
}
