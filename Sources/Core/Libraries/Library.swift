/// The kinds of reference library.
public enum LibraryKind: String, CaseIterable, Sendable, Codable {
    case drugs, institutions, divisions
}

/// What a library file holds.
public enum LibraryImportKind: String, Sendable, Hashable, Codable {
    /// All rows.
    case full
    /// New rows and rows that differ from the version in force; all others stay as they are.
    case incremental
}

/// One row of a library file after reading: values by column name, and its line.
public struct LibraryRow: Sendable, Hashable {
    /// The physical line in the file.
    public var line: Int
    /// Values by English column name; blank values are absent. Columns the contract does not know are kept.
    public var values: [String: String]

    /// A row.
    public init(line: Int, values: [String: String]) {
        self.line = line
        self.values = values
    }
}

/// A version of a library as the store lists it.
public struct LibraryVersion: Sendable, Hashable, Codable {
    /// What it lists.
    public var kind: LibraryKind
    /// Its name, `v2025.1`.
    public var version: String
    /// When it was imported.
    public var importedAt: Timestamp
    /// When it was published; `nil` where it was not.
    public var publishedAt: Timestamp?
    /// Whether it is the one in force.
    public var isCurrent: Bool
    /// How many rows.
    public var rows: Int
    /// The SHA-256 of the imported file.
    public var sha256: SHA256Digest
    /// Whether the file held all of it or what differs from `base`.
    public var importKind: LibraryImportKind
    /// The version that was in force when it was imported; `nil` for the first.
    public var base: String?
    /// Rows that `base` has not; `nil` without a base.
    public var added: Int?
    /// Rows that say something else than in `base`.
    public var changed: Int?
    /// Rows of `base` that are gone or no longer in use.
    public var retired: Int?

    /// A version.
    public init(
        kind: LibraryKind, version: String, importedAt: Timestamp, publishedAt: Timestamp?, isCurrent: Bool,
        rows: Int, sha256: SHA256Digest, importKind: LibraryImportKind = .full, base: String? = nil,
        added: Int? = nil, changed: Int? = nil, retired: Int? = nil
    ) {
        self.kind = kind
        self.version = version
        self.importedAt = importedAt
        self.publishedAt = publishedAt
        self.isCurrent = isCurrent
        self.rows = rows
        self.sha256 = sha256
        self.importKind = importKind
        self.base = base
        self.added = added
        self.changed = changed
        self.retired = retired
    }
}

/// What differs between two versions of a library.
public struct LibraryDifference: Sendable, Hashable, Codable {
    /// Keys only in the newer.
    public var added: [String]
    /// Keys only in the older.
    public var removed: [String]
    /// Keys in both, with the columns that differ.
    public var changed: [String: [String]]

    /// A difference.
    public init(added: [String], removed: [String], changed: [String: [String]]) {
        self.added = added
        self.removed = removed
        self.changed = changed
    }
}
