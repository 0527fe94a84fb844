import TestDatabase
import Testing

extension Tag {
    /// Tests that talk to a PostgreSQL server.
    @Tag static var database: Self
}

extension Trait where Self == ConditionTrait {
    /// Runs where a server is installed, and always on CI.
    static var needsDatabase: Self { .enabled(if: TestCluster.isWanted, "PostgreSQL is not installed") }
}
