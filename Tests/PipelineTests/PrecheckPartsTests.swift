import Core
import Rules
import Samples
import Testing

@testable import Pipeline

@Suite struct `The ledger of keys` {
    @Test func `knows the first, the same again and the contradiction`() {
        typealias Judgement = KeyLedger.Judgement
        var ledger = KeyLedger(condemned: [:])
        let first = ledger.judge(key: 0, hash: 1, row: 10)
        let same = ledger.judge(key: 0, hash: 1, row: 10)
        let other = ledger.judge(key: 0, hash: 1, row: 11)
        let stranger = ledger.judge(key: 1, hash: 2, row: 10)
        #expect(first == Judgement())
        #expect(same == Judgement(isRepeat: true, occurrence: 1))
        #expect(other == Judgement(conflicts: .values, occurrence: 2))
        #expect(stranger == Judgement())
        #expect(ledger.newlyCondemned == [1: .values])
        var second = KeyLedger(condemned: ledger.newlyCondemned)
        let all = [10, 10, 11].map { second.judge(key: 0, hash: 1, row: $0).conflicts }
        #expect(all == [.values, .values, .values])
        #expect(second.newlyCondemned == [:])
    }

    @Test func `says when the contradiction is between parts`() {
        var ledger = KeyLedger(condemned: [:])
        _ = ledger.judge(key: 0, hash: 1, row: 10, part: 0)
        #expect(ledger.judge(key: 0, hash: 1, row: 10, part: 1).isRepeat)
        #expect(ledger.judge(key: 0, hash: 1, row: 12, part: 1).conflicts == [.values, .parts])
        #expect(ledger.newlyCondemned == [1: [.values, .parts]])
        var second = KeyLedger(condemned: ledger.newlyCondemned)
        #expect(second.judge(key: 0, hash: 1, row: 10).conflicts == [.values, .parts])
    }

    @Test func `tells cells apart that run together the same`() {
        func hash(_ cells: [String]) -> UInt64 {
            var hash = ByteHash()
            for cell in cells {
                let bytes = Array(cell.utf8)
                hash.add(bytes.span)
            }
            return hash.value
        }
        #expect(hash(["ab", "c"]) == hash(["ab", "c"]))
        let all = [
            ["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["a", "b", "c"], [""], ["", ""], [],
        ]
        #expect(Set(all.map(hash)).count == all.count)
        #expect(all.allSatisfy { hash($0) != 0 })
    }
}

@Suite struct `Control totals` {
    private func observations(_ rows: [(packs: Int64?, isTotal: Bool, isBroken: Bool, text: String)]) -> [Observation] {
        let dataSet = DataSet.of(.usage)
        let column = dataSet.position(of: "pack_quantity") ?? 0
        var batch = RowBatch(dataSet)
        for (index, row) in rows.enumerated() {
            for position in dataSet.columns.indices {
                let bytes = position == column ? Array(row.text.utf8) : []
                batch.cells.append(RowBatch.Extent(start: batch.bytes.count, count: bytes.count))
                batch.bytes += bytes
            }
            var source = RowBatch.Row(number: index + 1, line: index + 2, byteOffset: 0, raw: .empty)
            source.isTotal = row.isTotal
            source.isBroken = row.isBroken
            batch.rows.append(source)
        }
        var totals = ControlTotals(dataSet)
        totals.add(batch) { row, position in position == column ? rows[row].packs : nil }
        return totals.observations
    }

    @Test func `that agree say nothing`() {
        let found = observations([
            (15_000, false, false, "1.5"), (-5_000, false, false, "-0.5"), (nil, true, false, "1.0000"),
        ])
        #expect(found == [])
    }

    @Test func `that differ say by what and where`() {
        let found = observations([
            (10_000, false, false, "1"), (90_000, false, true, "9"), (nil, true, false, "1,000"),
        ])
        #expect(found.map(\.rule) == ["F12"])
        #expect(found.first?.place == Place(line: 4, row: 3, column: "pack_quantity"))
        #expect(found.first?.value == "1,000")
        #expect(found.first?.expected == "1")
    }

    @Test func `that cannot be read or added say nothing`() {
        #expect(observations([(10_000, false, false, "1"), (nil, true, false, "many")]) == [])
        #expect(observations([(10_000, false, false, "1"), (nil, true, false, "")]) == [])
        #expect(observations([(.max, false, false, ""), (.max, false, false, ""), (nil, true, false, "1")]) == [])
    }
}
