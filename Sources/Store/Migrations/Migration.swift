/// One numbered step of the schema. Once released its text is never edited: a new step changes what it made.
struct Migration: Sendable {
    /// 1, 2, 3 …
    let number: Int
    /// What it is about, in a word or two.
    let name: String
    /// Its statements.
    let sql: String

    init(_ number: Int, _ name: String, _ sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// All of them, in order.
    static let all: [Migration] = [
        submissions, facts, findings, libraries, views, postchecks, comparison, positions, stockLedger, evaluations,
        equivalence, ledger, workers, roots, descriptions, growth, distribution, partitions,
    ]
}
