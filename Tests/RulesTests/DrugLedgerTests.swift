import Core
import Testing

@testable import Rules

@Suite struct `The ledger of drugs` {
    /// A batch whose bytes are the given texts, and the extents of these.
    private func cells(_ texts: [String]) -> (RowBatch, [RowBatch.Extent]) {
        var batch = RowBatch(DataSet.of(.catalogue))
        var extents: [RowBatch.Extent] = []
        for text in texts {
            extents.append(RowBatch.Extent(start: batch.bytes.count, count: text.utf8.count))
            batch.bytes += Array(text.utf8)
        }
        return (batch, extents)
    }

    private func drug(_ code: String, in ledger: inout DrugLedger) -> Int {
        let bytes = Array(code.utf8)
        return ledger.drug(bytes.span).ordinal
    }

    private func note(
        _ ypid: String, _ name: String, _ unit: String, _ factor: Int64?, of drug: Int, in ledger: inout DrugLedger
    ) -> Bool {
        let (batch, extents) = cells([ypid, name, unit, "盒", "X"])
        return ledger.note(
            DrugLedger.CatalogueCells(
                hospitalDrugCode: extents[4], ypid: extents[0], productName: extents[1], dosageUnit: extents[2],
                packUnit: extents[3],
                conversionFactor: factor),
            of: drug, in: batch, at: RowOrigin(file: 1, line: 5, row: 4))
    }

    @Test func `finds what the catalogue says of a drug`() {
        var ledger = DrugLedger(sender: "A")
        let first = drug("X1", in: &ledger)
        let second = drug("X2", in: &ledger)
        #expect(!note("Y1", "阿司匹林肠溶片", "片", 240_000, of: first, in: &ledger))
        #expect(!note("", "维生素C", "片", nil, of: second, in: &ledger))
        let absent = drug("X3", in: &ledger)
        #expect(drug("X2", in: &ledger) == second)
        #expect(ledger.state(of: first) == .accepted)
        #expect(ledger.state(of: absent) == .absent)
        #expect(ledger.ypid(of: first).map(ledger.string) == "Y1")
        #expect(ledger.ypid(of: second) == nil)
        #expect(ledger.productName(of: second).map(ledger.string) == "维生素C")
        #expect(ledger.dosageUnit(of: second).map(ledger.string) == "片")
        #expect(ledger.packUnit(of: first).map(ledger.string) == "盒")
        #expect(ledger.conversionFactor(of: first) == 240_000)
        #expect(ledger.conversionFactor(of: second) == nil)
        #expect(ledger.origin(of: first) == RowOrigin(file: 1, line: 5, row: 4))
        #expect(ledger.origin(of: absent) == nil)
        #expect((ledger.count, ledger.catalogueCount) == (3, 2))
    }

    @Test func `keeps of two rows what both say, and the first reason why one was kept aside`() {
        var ledger = DrugLedger(sender: "A")
        let drug = drug("X1", in: &ledger)
        _ = note("Y1", "阿司匹林", "片", 240_000, of: drug, in: &ledger)
        #expect(note("Y2", "阿司匹林", "粒", 120_000, of: drug, in: &ledger))
        #expect(ledger.ypid(of: drug) == nil)
        #expect(ledger.conversionFactor(of: drug) == nil)
        #expect(ledger.dosageUnit(of: drug) == nil)
        #expect(ledger.code(of: drug).map(ledger.string) == "X")
        #expect(ledger.packUnit(of: drug).map(ledger.string) == "盒")
        let root = DrugLedger.Root(rule: "E01", fingerprint: Fingerprint(high: 1, low: 2))
        ledger.quarantine(drug, because: root)
        ledger.quarantine(drug, because: DrugLedger.Root(rule: "B01", fingerprint: Fingerprint(high: 3, low: 4)))
        #expect(ledger.state(of: drug) == .quarantined)
        #expect(ledger.root(of: drug) == root)
    }

    @Test func `keeps the same code of two hospitals apart`() {
        var ledger = DrugLedger(sender: "A")
        let mine = drug("X1", in: &ledger)
        let other = Array("B".utf8)
        ledger.setOwner(other.span)
        let theirs = drug("X1", in: &ledger)
        let sender = Array("A".utf8)
        ledger.setOwner(sender.span)
        #expect(mine != theirs)
        #expect(drug("X1", in: &ledger) == mine)
    }

    @Test func `knows every hash again in any order, the next one first`() {
        var index = HashIndex()
        var expected: [UInt64: Int] = [:]
        var state: UInt64 = 4
        for number in 0..<50_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Hashes that fall on the same places, and such that share their upper half, too.
            let hash = 1 + (state >> 33) % 20_000 << (number % 3 == 0 ? 32 : 0)
            let (ordinal, isNew) = index.insert(hash)
            #expect(isNew == (expected[hash] == nil))
            if isNew { expected[hash] = ordinal }
            #expect(expected[hash] == ordinal)
        }
        #expect(index.count == expected.count)
        #expect(expected.allSatisfy { index.ordinal(of: $0.key) == $0.value })
        index.rewind()
        let inOrder = expected.sorted { $0.value < $1.value }.map(\.key)
        #expect(inOrder.map { index.insert($0).ordinal } == Array(inOrder.indices))
        #expect(index.ordinal(of: .max) == nil)
    }
}
