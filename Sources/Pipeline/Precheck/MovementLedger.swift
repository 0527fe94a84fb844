internal import Core

/// What came, went and was used of each drug of a submission, by its ordinal in the ledger of drugs: 16 bytes each.
///
/// Tables are read in the order stock_in, stock_out, usage, so what a row is compared with has been read before it.
struct MovementLedger {
    private struct Entry: BitwiseCopyable {
        /// Doses that went out, × 10⁴; the least number where that is not known.
        var issued = Int64.min
        /// A hash of the quantities that came; 0 where they are not known.
        var received: UInt32 = 0
        var seen: UInt8 = 0
        var isSame = false
    }

    private var entries: [Entry] = []
    /// Drugs with the same quantities in all three tables, each row accepted.
    private(set) var identicalDrugs = 0
    /// Movement rows that were accepted.
    private(set) var acceptedRows = 0

    /// Whether a drug has a row in a table, accepted or not.
    func hasRow(_ drug: Int, in table: DataTable) -> Bool {
        drug < entries.count && entries[drug].seen & MovementLedger.bit(table) != 0
    }

    /// Whether a drug has any row.
    func hasMovement(_ drug: Int) -> Bool { drug < entries.count && entries[drug].seen != 0 }

    /// Doses that went out; `nil` where there is no row that can be believed, or more than one.
    func issued(_ drug: Int) -> Int64? {
        drug < entries.count && entries[drug].issued != .min ? entries[drug].issued : nil
    }

    /// Makes room for so many drugs.
    mutating func reserve(_ drugs: Int) { entries.reserveCapacity(drugs) }

    /// Takes down a row. What a row kept aside says is not believed, only that it is there.
    mutating func note(_ drug: Int, in table: DataTable, packs: Int64?, doses: Int64?, isAccepted: Bool) {
        while entries.count <= drug { entries.append(Entry()) }
        var entry = entries[drug]
        defer { entries[drug] = entry }
        let isAnother = entry.seen & MovementLedger.bit(table) != 0
        entry.seen |= MovementLedger.bit(table)
        if isAccepted { acceptedRows += 1 }
        var quantities: UInt32 = 0
        if isAccepted, !isAnother, let packs, let doses { quantities = MovementLedger.hash(packs, doses) }
        switch table {
        case .institution, .catalogue: break
        case .stockIn: entry.received = quantities
        case .stockOut:
            entry.issued = quantities == 0 ? .min : doses ?? .min
            entry.isSame = quantities != 0 && quantities == entry.received
        case .usage:
            if entry.isSame, quantities == entry.received { identicalDrugs += 1 }
        }
    }

    private static func bit(_ table: DataTable) -> UInt8 { 1 << UInt8(table.number) }

    /// Never 0.
    private static func hash(_ packs: Int64, _ doses: Int64) -> UInt32 {
        let mixed = (UInt64(bitPattern: packs) &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(bitPattern: doses)
        return UInt32(truncatingIfNeeded: (mixed &* 0xD6E8_FEB8_6659_FD93) >> 32) | 1
    }
}
