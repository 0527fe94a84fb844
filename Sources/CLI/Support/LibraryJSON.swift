import Core
import Reports

extension LibraryVersion {
    /// A version as `library list --json` and `library import --json` give it.
    var json: JSON {
        .object([
            .init("kind", .string(kind.rawValue)), .init("version", .string(version)), .init("rows", .integer(rows)),
            .init("is_current", .boolean(isCurrent)), .init("imported_at", .string(importedAt.description)),
            .init("published_at", publishedAt.map { .string($0.description) } ?? .null),
            .init("sha256", .string(sha256.hex)), .init("import_kind", .string(importKind.rawValue)),
            .init("base", base.map(JSON.string) ?? .null), .init("added", added.map(JSON.integer) ?? .null),
            .init("changed", changed.map(JSON.integer) ?? .null), .init("retired", retired.map(JSON.integer) ?? .null),
        ])
    }
}
