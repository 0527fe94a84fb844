public import Core
import Postgres

extension PostgresStore {
    /// Which of some submissions are of institutions that have no items yet.
    public func withoutItems(_ submissions: [SubmissionID]) async throws -> Set<SubmissionID> {
        try await read { connection in
            Set(
                try connection.query(
                    """
                    SELECT s.id FROM yaoce.submission s WHERE s.id = ANY (\(submissions))
                        AND NOT EXISTS (SELECT FROM yaoce.drug_code_map m WHERE m.institution_id = s.institution_id)
                    """
                ).column(0, as: SubmissionID.self))
        }
    }

    /// What is known of each drug. One query, however many there are.
    public func standings(of drugs: [SubmissionDrug], libraryVersion: String?) async throws -> [DrugStanding] {
        guard !drugs.isEmpty else { return [] }
        return try await read { connection in
            let keys = DrugArrays(drugs)
            let rows = try connection.query(
                """
                SELECT m.id, m.id IS NOT NULL AND NOT \(MatchRows.mayBeComparedAgain(libraryVersion)),
                    m.valid_to IS NOT NULL
                FROM \(keys.unnested)
                JOIN yaoce.submission s ON s.id = keys.submission_id
                LEFT JOIN yaoce.drug_code_map m ON m.institution_id = s.institution_id
                    AND m.hospital_drug_code = keys.code AND m.description_hash = keys.hash
                ORDER BY keys.n
                """)
            guard rows.count == drugs.count else {
                throw StoreError(problem: .noSuchSubmission(drugs[0].submission))
            }
            return try (0..<rows.count).map { row in
                DrugStanding(
                    item: try rows.value(row, 0), isDecided: try rows.value(row, 1), isPast: try rows.value(row, 2))
            }
        }
    }

    /// Holds what drugs came to until the group is complete.
    public func stage(
        _ compared: [(drug: SubmissionDrug, proposal: MatchProposal)], after staged: Int, remembering: Bool = true
    ) async throws {
        try await stage(compared, after: staged, remembering: remembering, memory: StagedProposals.memory)
    }

    /// - Parameter memory: bytes that may be held.
    func stage(
        _ compared: [(drug: SubmissionDrug, proposal: MatchProposal)], after staged: Int, remembering: Bool = true,
        memory: Int
    ) async throws {
        guard !compared.isEmpty else { return }
        var state = proposals.take()
        if staged == 0 { state = StagedProposals.State() }
        let unknown = Set(compared.map(\.drug.submission)).subtracting(state.institutions.keys)
        if !unknown.isEmpty {
            let found = try await read { connection in
                let rows = try connection.query(
                    """
                    SELECT s.id, s.institution_id, NOT EXISTS (SELECT FROM yaoce.drug_code_map m
                        WHERE m.institution_id = s.institution_id)
                    FROM yaoce.submission s WHERE s.id = ANY (\(unknown.sorted()))
                    """)
                return try (0..<rows.count).map { row in
                    (
                        submission: try rows.value(row, 0, as: SubmissionID.self),
                        institution: try rows.value(row, 1, as: Int32.self),
                        isNew: try rows.value(row, 2, as: Bool.self)
                    )
                }
            }
            for row in found { state.institutions[row.submission] = (row.institution, row.isNew) }
        }
        let drugs = compared.map { ($0.drug.drug.wording, $0.proposal) }
        if remembering {
            try await add(compared, try await descriptions(of: drugs), memory, to: &state)
        } else {
            // Made ready while the descriptions of the drugs before are written.
            var book = DescriptionBook()
            let (numbers, missing) = book.numbers(of: drugs)
            try await settle(&state)
            state.pending = StagedProposals.Pending(
                compared: compared, memory: memory,
                descriptions: Task {
                    DescriptionBook.resolved(numbers, first: try await write { try missing.write($0) })
                })
        }
        proposals.keep(state)
    }

    private func settled() async throws -> StagedProposals.State {
        var state = proposals.take()
        try await settle(&state)
        return state
    }

    /// Holds the drugs whose descriptions were being written.
    private func settle(_ state: inout StagedProposals.State) async throws {
        guard let pending = state.pending else { return }
        state.pending = nil
        try await add(pending.compared, try await pending.descriptions.value, pending.memory, to: &state)
    }

    private func add(
        _ compared: [(drug: SubmissionDrug, proposal: MatchProposal)], _ descriptions: [Int64], _ memory: Int,
        to state: inout StagedProposals.State
    ) async throws {
        let isFirst = state.inTable == 0
        let others = try state.add(compared, descriptions: descriptions, memory: memory)
        guard others.count > 0 else { return }
        try await write { connection in
            if isFirst { try ProposalRows.prepareTable(connection) }
            try others.stage(connection)
        }
    }

    /// The rows of what is said of drugs; those that are missing are added. Nothing but items says what they mean, so
    /// they need not wait for the group to be complete.
    private func descriptions(of drugs: [(wording: DrugWording, proposal: MatchProposal)]) async throws -> [Int64] {
        let (numbers, missing) = proposals.reading { $0.numbers(of: drugs) }
        guard !missing.isEmpty else { return numbers }
        let first = try await write { try missing.write($0) }
        proposals.reading { $0.learn(missing, first: first) }
        return DescriptionBook.resolved(numbers, first: first)
    }

    /// Keeps what was staged, notes which drugs the submissions have, and passes them to precheck.
    public func completeCompare(
        _ group: [SubmissionItems], staged: Int, libraryVersion: String?, at time: Timestamp, run: Int
    ) async throws {
        guard !group.isEmpty else { return }
        let ids = group.map(\.submission)
        let claims = claims
        // With nothing staged, what is held is of a group that failed.
        let held = staged == 0 ? StagedProposals.State() : try await settled()
        guard held.count == staged else {
            throw StoreError(problem: .copyMismatch(table: "drug_code_map", sent: staged, taken: held.count))
        }
        try await write(
            recording: { .compared(ids, libraryVersion: libraryVersion, at: time, run: run) }
        ) { connection in
            try claims.check(ids, connection)
            let items = try ProposalRows.takeOver(held, libraryVersion: libraryVersion, at: time, connection)
            try SubmissionComparisons.write(group, items, libraryVersion, at: time, connection)
            let next: Int16? = Stage.compare.next?.number
            try connection.query(
                """
                UPDATE yaoce.submission SET waiting_for = \(next), failures = 0
                WHERE id = ANY (\(ids)) AND waiting_for = \(Stage.compare.number)
                """)
            try Steps.record(.compare, of: ids, run: run, connection)
            try claims.close(ids, connection)
        }
    }
}

/// Which items a submission's drugs are.
enum SubmissionComparisons {
    /// - Parameter staged: the items of what was staged, by its number.
    static func write(
        _ group: [SubmissionItems], _ staged: [Int], _ libraryVersion: String?, at time: Timestamp,
        _ connection: isolated Connection
    ) throws {
        let members = group.filter { !$0.items.isEmpty }
        guard !members.isEmpty else { return }
        let lists = members.map { member in
            // An array of arrays of different lengths is none in PostgreSQL; as text it travels well.
            var text = "{"
            for item in member.items { text += "\(item < 0 ? staged[-1 - item] : item)," }
            text.removeLast()
            return text + "}"
        }
        let written = try connection.query(
            """
            INSERT INTO yaoce.submission_comparison (submission_id, institution_id, library_version, map_ids)
            SELECT s.id, s.institution_id, \(libraryVersion), member.items::bigint[]
            FROM unnest(\(members.map(\.submission)), \(lists)) AS member (submission_id, items)
            JOIN yaoce.submission s ON s.id = member.submission_id
            ON CONFLICT (submission_id) DO UPDATE
            SET library_version = excluded.library_version, map_ids = excluded.map_ids
            """
        ).affectedRows
        guard written == members.count else {
            throw StoreError(
                problem: .copyMismatch(table: "submission_comparison", sent: members.count, taken: written))
        }
        for member in members { try bringBack(member, at: time, connection) }
    }

    /// Items that count again: the hospital describes a code as it did before.
    private static func bringBack(
        _ member: SubmissionItems, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        guard !member.returning.isEmpty else { return }
        try connection.query(
            """
            WITH back AS (
                UPDATE yaoce.drug_code_map SET valid_to = NULL
                WHERE id = ANY (\(member.returning)) AND valid_to IS NOT NULL
                RETURNING id, institution_id, hospital_drug_code
            )
            UPDATE yaoce.drug_code_map m SET valid_to = \(time) FROM back
            WHERE m.institution_id = back.institution_id AND m.hospital_drug_code = back.hospital_drug_code
                AND m.id <> back.id AND m.valid_to IS NULL
            """)
    }
}
