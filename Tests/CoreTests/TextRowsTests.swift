import Core
import Testing

@Suite struct `Rows of short texts` {
    private func shown(_ rows: TextRows) -> [[String?]] {
        (0..<rows.count).map { row in (0..<rows.columnCount).map { rows.string(row: row, column: $0) } }
    }

    /// Texts of all lengths, most of which come again sooner or later, and cells without one.
    private func texts(rows: Int, columns: Int) -> [[String?]] {
        var state: UInt64 = 7
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        return (0..<rows).map { _ in
            (0..<columns).map { column in
                switch next(5) {
                case 0: nil
                case 1: String(repeating: "药", count: 1 + next(column == 0 ? 2 : 90))
                case 2: "\(next(100))"
                default: "\(column) \(next(40_000))"
                }
            }
        }
    }

    @Test func `give back what was added`() {
        let wanted = texts(rows: 30_000, columns: 6)
        var rows = TextRows(columnCount: 6)
        rows.reserve(rows: wanted.count)
        for row in wanted { rows.append(row) }
        #expect(shown(rows) == wanted)
        var others = TextRows(columnCount: 6)
        for row in stride(from: rows.count - 1, through: 0, by: -1) { others.append(row: row, of: rows) }
        #expect(shown(others) == wanted.reversed())
    }

    @Test func `are read from where they were left, in any order`() {
        let wanted = texts(rows: 300, columns: 6)
        var rows = TextRows(columnCount: 6)
        for row in wanted { rows.append(row) }
        var places = [TextRows.Place](repeating: TextRows.Place(), count: rows.count)
        for column in [0, 2, 3, 3, 5, 1, 4, 0, 5] {
            for row in 0..<rows.count {
                #expect(
                    rows.range(row: row, column: column, from: &places[row]) == rows.range(row: row, column: column))
            }
        }
    }

    @Test func `take an empty text for none, and cells that are missing at the end too`() {
        var rows = TextRows(columnCount: 4)
        rows.append([nil, "", "a", ""])
        rows.append("b")
        rows.endRow()
        rows.endRow()
        rows.append(["a", "a", nil, "a"])
        #expect(
            shown(rows) == [[nil, nil, "a", nil], ["b", nil, nil, nil], [nil, nil, nil, nil], ["a", "a", nil, "a"]])
    }

    @Test func `take little more room than what they say for the first time`() {
        var rows = TextRows(columnCount: 8)
        for row in 0..<10_000 {
            rows.append([
                "code \(100_000 + row)", "manufacturer \(row % 3_000)", "chemical", "tablet", "1", nil, nil, nil,
            ])
        }
        // A code with its length, and the numbers of four texts; names once or twice.
        #expect(rows.bytes.count < 10_000 * (12 + 6) + 2 * 3_000 * 20)
    }

    @Test func `are found by their first cell`() {
        var rows = TextRows(columnCount: 2)
        var index = TextIndex()
        for row in 0..<5_000 {
            rows.append(["Y\(row % 4_000)", "\(row)"])
            #expect(index.insert(row, of: rows) == (row < 4_000))
        }
        let whole = TextIndex(rows)
        for row in 0..<4_100 {
            let code = "Y\(row)"
            #expect(index.row(of: code.utf8.span, in: rows) == (row < 4_000 ? row : nil))
            #expect(whole.row(of: code.utf8.span, in: rows) == (row < 4_000 ? row : nil))
        }
        #expect(TextIndex().row(of: "Y".utf8.span, in: TextRows(columnCount: 1)) == nil)
    }
}
