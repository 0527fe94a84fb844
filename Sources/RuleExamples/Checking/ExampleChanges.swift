public import Rules

/// A cell that an example changes in the small valid submission.
public struct ExampleChange: Sendable, Hashable {
    /// The table, or the library that is changed.
    public var sheet: String
    /// The row, from 1.
    public var row: Int
    /// The English name of the column.
    public var column: String
    /// What it was.
    public var before: String
    /// What it is in the example; a row that is taken away has no values.
    public var after: String
}

extension RuleExample {
    /// The cells that an example changes, in the order of tables, rows and columns. What it does to files, peers and
    /// earlier periods is no cell and not among them.
    public func changes() throws(ExampleError) -> [ExampleChange] {
        let scenario = try ExampleScenario(self, slot: RuleExampleSuite.slot)
        var plain = self
        // The same submission with nothing changed in its cells.
        if case .mapping(let entries) = patch.content {
            plain.patch.content = .mapping(entries.filter { ["drugs", "level", "period"].contains($0.key) })
        }
        let base = try ExampleScenario(plain, slot: RuleExampleSuite.slot)
        return ExampleCase.sheetNames.flatMap { name -> [ExampleChange] in
            guard let before = base.submission[sheet: name], let after = scenario.submission[sheet: name] else {
                return []
            }
            return ExampleSheet.changes(from: before, to: after)
        }
    }
}

extension ExampleSheet {
    fileprivate static func changes(from before: ExampleSheet, to after: ExampleSheet) -> [ExampleChange] {
        // Rows that were taken away shift the others: then only their number is worth telling.
        guard after.rows.count >= before.rows.count else {
            return [
                ExampleChange(
                    sheet: before.name, row: after.rows.count + 1, column: "", before: "\(before.rows.count)",
                    after: "\(after.rows.count)")
            ]
        }
        return after.rows.enumerated().flatMap { index, row -> [ExampleChange] in
            let old = index < before.rows.count ? before.rows[index] : [:]
            guard row != old else { return [] }
            return after.columns.compactMap { column in
                let (was, now) = (old[column] ?? "", row[column] ?? "")
                return was == now
                    ? nil : ExampleChange(sheet: before.name, row: index + 1, column: column, before: was, after: now)
            }
        }
    }
}
