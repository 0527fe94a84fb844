import Core
import Postgres
import Store
import TestDatabase
import Testing

/// A drug whose description is what its key says.
func drug(_ code: String, _ description: Int = 1, name: String = "阿莫西林胶囊") -> KeyedDrug {
    KeyedDrug(
        description: DrugDescription(hospitalDrugCode: code, productName: name),
        hash: Fingerprint(high: 7, low: UInt64(description)))
}

func approved(_ ypid: String) -> MatchProposal {
    MatchProposal(
        state: .approved, ypid: ypid, method: "approval_number", level: "L1", score: 9_980,
        candidates: [MatchCandidate(ypid: ypid, score: 9_980, vetoes: [])], evidence: ["name": "agrees"])
}

func proposed(_ ypids: [String]) -> MatchProposal {
    MatchProposal(
        state: .proposed, method: "ranked", level: "L4", score: 7_000, reason: "low_confidence",
        candidates: ypids.map { MatchCandidate(ypid: $0, score: 7_000, vetoes: ["strength"]) })
}

/// A night with a published drug library.
struct ComparisonNight {
    let store: PostgresStore
    let night: Night

    init(_ store: PostgresStore, codes: [String] = ["Y1", "Y2", "Y3"]) async throws {
        self.store = store
        night = try await Night(store)
        try await publish("v1", codes.map { ($0, [:]) })
    }

    func publish(_ version: String, _ drugs: [(ypid: String, more: [String: String])], at second: Int64 = 0)
        async throws
    {
        _ = try await store.importLibrary(
            .drugs, version: version, sha256: digest(1), at: timestamp(second), publishing: true
        ) { each in
            for (line, entry) in drugs.enumerated() {
                let values = ["ypid": entry.ypid, "product_name": "药 \(entry.ypid)"].merging(entry.more) { $1 }
                try each(LibraryRow(line: line + 2, values: values))
            }
        }
    }

    /// Compares the drugs of a submission by a table of answers; gives which had to be compared.
    @discardableResult
    func compare(
        _ submission: Submission, _ drugs: [KeyedDrug], _ answers: [String: MatchProposal], library: String? = "v1"
    ) async throws -> [Bool] {
        let owned = drugs.map { SubmissionDrug(submission: submission.id, drug: $0) }
        let standings = try await store.standings(of: owned, libraryVersion: library)
        let open = owned.indices.filter { !standings[$0].isDecided }
        let compared = open.map { index in
            (
                drug: owned[index],
                proposal: answers[drugs[index].code] ?? MatchProposal(state: .unchecked)
            )
        }
        try await store.stage(compared, after: 0)
        var items = standings.map(\.item)
        for (place, index) in open.enumerated() { items[index] = -1 - place }
        let member = SubmissionItems(
            submission: submission.id, items: items.compactMap { $0 },
            returning: standings.compactMap { $0.isPast ? $0.item : nil })
        try await store.completeCompare(
            [member], staged: compared.count, libraryVersion: library, at: timestamp(5), run: night.run)
        return standings.map { !$0.isDecided }
    }

    /// Takes a submission that was compared to its end.
    func load(_ submission: Submission, _ rows: FixtureRows) async throws {
        try await store.completePrecheck([judged(submission, rows)], run: night.run)
        try await store.completeLoad([(submission, rows)], run: night.run)
    }

    /// A submission of a hospital with drugs `H0`, `H1` …, compared and loaded.
    func submission(
        _ hospital: Int, bytes: Int, _ answers: [String: MatchProposal], drugs count: Int = 2
    ) async throws -> Submission {
        let submission = try #require(try await night.receive([plan(hospital: hospital, bytes: bytes)]).first)
        try await compare(submission, (0..<count).map { drug("H\($0)", $0) }, answers)
        try await load(submission, plainRows(count))
        return submission
    }
}

/// Rows whose drugs know nothing of a comparison.
func plainRows(_ count: Int) -> FixtureRows {
    var rows = rows(drugs: count)
    for index in rows.drugs.indices {
        rows.drugs[index].matchedYPID = nil
        rows.drugs[index].matchMethod = nil
        rows.drugs[index].matchScore = nil
    }
    return rows
}

/// Local codes and matched codes as a view shows them: `H0=Y1 H1=`.
func matched(_ view: String, _ database: TestDatabase) async throws -> String {
    try await one(
        SQL(
            unchecked: """
                SELECT string_agg(hospital_drug_code || '=' || coalesce(matched_ypid, ''), ' '
                    ORDER BY hospital_code, submission_id, hospital_drug_code) FROM yaoce_api.\(view)
                """), database)
}
