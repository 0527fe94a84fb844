import Core
import Testing

@Suite struct `Entries of the drug library that are known` {
    private func entries(_ codes: [String]) -> DrugEntries {
        var entries = DrugEntries()
        for code in codes { entries.append(["ypid": code, "product_name": "药 \(code)", "pack_unit": "盒"]) }
        return entries
    }

    private func shown(_ entries: DrugEntries) -> [String] {
        (0..<entries.rows.count).map { row in
            (0..<DrugEntries.columns.count).map { entries.rows.string(row: row, column: $0) ?? "" }
                .joined(separator: "|")
        }
    }

    private func take(_ codes: [String], _ known: KnownDrugEntries, _ found: inout DrugEntries) -> [String] {
        var rows = TextRows(columnCount: 1)
        for code in codes { rows.append([code]) }
        return known.take(rows, into: &found).map { codes[$0] }
    }

    @Test func `are asked for once, and so is that the library does not have a code`() {
        let known = KnownDrugEntries()
        known.use(version: "v1")
        var found = DrugEntries()
        #expect(take(["Y1", "Y2", "X"], known, &found) == ["Y1", "Y2", "X"])
        #expect(found.rows.count == 0)
        known.learn(entries(["Y2", "Y1"]), of: ["Y1", "Y2", "X"])
        #expect(take(["Y1", "X", "Y3", "Y2"], known, &found) == ["Y3"])
        #expect(shown(found) == shown(entries(["Y1", "Y2"])))
    }

    @Test func `of another version count for nothing`() {
        let known = KnownDrugEntries()
        known.use(version: "v1")
        known.learn(entries(["Y1"]), of: ["Y1"])
        known.use(version: "v2")
        var found = DrugEntries()
        #expect(take(["Y1"], known, &found) == ["Y1"])
        #expect(found.rows.count == 0)
    }

    @Test func `are as many as there is room for`() {
        let known = KnownDrugEntries(limit: 2)
        known.use(version: "v1")
        known.learn(entries(["Y1", "Y2"]), of: ["Y1", "Y2"])
        known.learn(entries(["Y3"]), of: ["Y3"])
        var found = DrugEntries()
        #expect(take(["Y1", "Y2", "Y3"], known, &found) == ["Y3"])
        #expect(shown(found) == shown(entries(["Y1", "Y2"])))
    }
}
