import Postgres

/// Where the large tables are: in this database, or distributed over several servers by institution.
///
/// The one place where statements differ by it. Servers join what each of them has: two distributed tables are joined by
/// the institution as well, where on one server the submission says it all and one more column to compare would cost.
struct Placement: Sendable {
    /// Whether the tables are distributed.
    let isDistributed: Bool

    /// Asks the database.
    init(_ connection: isolated Connection) throws {
        isDistributed = try connection.query("SELECT EXISTS (SELECT FROM yaoce.distribution)", named: "placement")
            .single()
    }

    /// That rows of two tables are of one institution: a condition that follows another.
    func sameInstitution(_ first: String, _ second: String) -> String {
        isDistributed ? " AND \(first).institution_id = \(second).institution_id" : ""
    }

    /// A text that stands only where tables are distributed.
    func distributed(_ text: String) -> String { isDistributed ? text : "" }

    /// A table that cannot have triggers says itself what they would have done: the positions of submissions whose rows go,
    /// or whose drugs are matched anew, are made again.
    func forgetPositions(of submissions: SQL, _ connection: isolated Connection) throws {
        guard isDistributed else { return }
        try connection.query("SELECT yaoce.forget_positions_of(\(submissions))", named: "positions forgotten")
    }

    /// Finishes on all servers what was committed here when a session died: what another server was only told to prepare is
    /// seen from then on.
    static func recover(_ connection: isolated Connection) throws {
        guard try Placement(connection).isDistributed else { return }
        let isAllowed: Bool = try connection.query(
            "SELECT has_function_privilege('pg_catalog.recover_prepared_transactions()', 'execute')", named: "placement"
        ).single()
        if isAllowed { try connection.query("SELECT recover_prepared_transactions()", named: "placement") }
    }
}
