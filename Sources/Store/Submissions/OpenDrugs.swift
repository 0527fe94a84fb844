import Core
import Postgres

/// How much depends on items that nobody has decided on: rows and money of their drugs in the submissions that are loaded,
/// added up while the rows go by.
struct OpenDrugs {
    private struct Weight {
        var rows: Int64 = 0
        var amount: Int64 = 0
    }

    /// Items by submission and local code: a catalogue may describe one code twice.
    private var items: [SubmissionID: [String: [Int64]]] = [:]
    /// What a drug's number stands for, by submission.
    private var codes: [SubmissionID: [Int32: String]] = [:]
    private var weights: [Int64: Weight] = [:]

    mutating func add(_ item: Int64, of submission: SubmissionID, hospitalDrugCode: String) {
        items[submission, default: [:]][hospitalDrugCode, default: []].append(item)
    }

    /// Takes down a drug as its rows name it.
    mutating func note(_ number: Int32, of submission: SubmissionID, hospitalDrugCode: String) {
        guard items[submission]?[hospitalDrugCode] != nil else { return }
        codes[submission, default: [:]][number] = hospitalDrugCode
    }

    /// Whether anything is open in a submission, so that its rows are worth a look.
    func concerns(_ submission: SubmissionID) -> Bool { codes[submission] != nil }

    /// Counts a row of use.
    mutating func count(_ drug: Int32, amount: Int64, of submission: SubmissionID) {
        guard let code = codes[submission]?[drug] else { return }
        for item in items[submission]?[code] ?? [] {
            weights[item, default: Weight()].rows += 1
            let (sum, overflow) = weights[item, default: Weight()].amount.addingReportingOverflow(amount)
            weights[item, default: Weight()].amount = overflow ? .max : sum
        }
    }

    /// Writes down what depends on each.
    func write(_ connection: isolated Connection) throws {
        guard !weights.isEmpty else { return }
        let sorted = weights.sorted { $0.key < $1.key }
        try connection.query(
            """
            UPDATE yaoce.drug_code_map m SET rows = w.rows, amount = w.amount
            FROM unnest(\(sorted.map(\.key)), \(sorted.map(\.value.rows)), \(sorted.map(\.value.amount))) AS w (id, rows, amount)
            WHERE m.id = w.id
            """)
    }
}
