import Core
import Postgres

/// Drugs as arrays, one for each column: what one statement takes for all of them.
struct DrugArrays {
    var submissions: [Int32] = []
    var codes: [String] = []
    var hashes: [Fingerprint] = []

    init(_ drugs: [SubmissionDrug]) {
        submissions = drugs.map { Int32($0.submission.rawValue) }
        codes = drugs.map(\.drug.code)
        hashes = drugs.map(\.drug.hash)
    }

    /// `keys (submission_id, code, hash, n)`
    var unnested: SQL {
        "unnest(\(submissions), \(codes), \(hashes)) WITH ORDINALITY AS keys (submission_id, code, hash, n)"
    }
}
