import Core
import Postgres

/// The items of some submissions' drugs, where their numbers follow one another: those of a catalogue are given in one
/// go when it is first compared. Then one look at that part of the map finds them all, where an index would be asked once
/// for each, which takes several times as long.
struct ItemRange {
    /// The submissions, in the order in which they are numbered here.
    let submissions: [SubmissionID]
    /// How many items each has.
    let counts: [Int]
    private let first: Int
    /// By item whose it is: one more than the number of the submission, 0 for nobody's.
    private let owners: [UInt16]

    /// Numbers that may be looked at for each item.
    static let sparsest = 4

    /// The items of submissions; `nil` where they are scattered, or where two submissions share one.
    init?(of submissions: [SubmissionID], _ connection: isolated Connection) throws {
        let rows = try connection.query(
            """
            SELECT submission_id, map_ids FROM yaoce.submission_comparison
            WHERE submission_id = ANY (\(submissions)) ORDER BY submission_id
            """)
        guard (1..<Int(UInt16.max)).contains(rows.count) else { return nil }
        var lists: [[Int]] = []
        for row in 0..<rows.count { lists.append(try rows.value(row, 1)) }
        let count = lists.reduce(0) { $0 + $1.count }
        guard let first = lists.compactMap({ $0.min() }).min(), let last = lists.compactMap({ $0.max() }).max(),
            last - first < count * ItemRange.sparsest
        else { return nil }
        var owners = [UInt16](repeating: 0, count: last - first + 1)
        for (number, list) in lists.enumerated() {
            for item in list {
                guard owners[item - first] == 0 else { return nil }
                owners[item - first] = UInt16(number + 1)
            }
        }
        self.submissions = try rows.column(0)
        counts = lists.map(\.count)
        self.first = first
        self.owners = owners
    }

    /// Gives the items, in no order, each with the number of its submission.
    /// - Parameter columns: what to read of `yaoce.drug_code_map`, after the item's number, which is field 0.
    func forEach(
        _ columns: [String], _ connection: isolated Connection,
        _ body: (_ submission: Int, _ row: Span<UInt8>, _ fields: CopiedFields) throws -> Void
    ) throws {
        try connection.forEachCopied(
            of: """
                SELECT \((["id"] + columns).joined(separator: ", ")) FROM yaoce.drug_code_map
                WHERE id BETWEEN \(first) AND \(first + owners.count - 1)
                """, columns: columns.count + 1
        ) { row, fields in
            guard let item = fields.number(0, in: row) else { return }
            let owner = owners[Int(item) - first]
            if owner > 0 { try body(Int(owner) - 1, row, fields) }
        }
    }
}
