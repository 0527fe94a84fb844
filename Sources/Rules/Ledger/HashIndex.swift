/// Gives ordinals to 64-bit hashes in the order in which they first come: 8 bytes for a hash, 8 for each of its slots.
///
/// The tables of a submission name their drugs in much the same order, so the one after the last is tried first: most
/// look-ups touch neighbouring memory and none of the slots.
public struct HashIndex: Sendable {
    private var hashes: [UInt64] = []
    /// The upper half of a hash and its ordinal from 1; 0 where empty.
    private var slots: [UInt64]
    private var last = -1
    /// What was read ahead: of no use but that it has to be read.
    private var looked: UInt64 = 0

    /// Nothing in it.
    public init() { slots = Array(repeating: 0, count: 64) }

    /// How many hashes there are.
    public var count: Int { hashes.count }

    /// The ordinal of a hash, where it has one.
    public func ordinal(of hash: UInt64) -> Int? {
        let next = last + 1
        if next < hashes.count, hashes[next] == hash { return next }
        let slot = slots[place(of: hash)]
        return slot == 0 ? nil : Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
    }

    /// The ordinal of a hash; a new one where it has none.
    public mutating func insert(_ hash: UInt64) -> (ordinal: Int, isNew: Bool) {
        let next = last + 1
        if next < hashes.count, hashes[next] == hash {
            last = next
            return (next, false)
        }
        let place = place(of: hash)
        if slots[place] != 0 {
            last = Int(truncatingIfNeeded: slots[place] & 0xFFFF_FFFF) - 1
            return (last, false)
        }
        last = hashes.count
        hashes.append(hash)
        slots[place] = HashIndex.slot(hash, last)
        if hashes.count * 4 > slots.count * 3 { grow() }
        return (last, true)
    }

    /// Makes room for so many hashes. Of slots there are 8 MiB at most before they are needed: all of them are written to.
    mutating func reserve(_ count: Int) {
        hashes.reserveCapacity(count)
        var wanted = slots.count
        while wanted < 1 << 20, count * 4 > wanted * 3 { wanted *= 2 }
        if hashes.isEmpty, wanted > slots.count { slots = Array(repeating: 0, count: wanted) }
    }

    /// Reads the slots of some hashes, none of which waits for another.
    mutating func lookAhead(_ wanted: [UInt64]) {
        let mask = slots.count - 1
        // What fits into the nearest memory needs no looking ahead.
        guard mask >= 1 << 14 else { return }
        var all: UInt64 = 0
        for hash in wanted { all |= slots[Int(truncatingIfNeeded: hash) & mask] }
        looked = all
    }

    /// Whoever reads the next table begins with its first row.
    public mutating func rewind() { last = -1 }

    private static func slot(_ hash: UInt64, _ ordinal: Int) -> UInt64 {
        hash & 0xFFFF_FFFF_0000_0000 | UInt64(truncatingIfNeeded: ordinal + 1)
    }

    /// Where the hash stands, or the empty place where it would.
    private func place(of hash: UInt64) -> Int {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index] != 0 {
            if (slots[index] ^ hash) >> 32 == 0,
                hashes[Int(truncatingIfNeeded: slots[index] & 0xFFFF_FFFF) - 1] == hash
            {
                return index
            }
            index = (index + 1) & mask
        }
        return index
    }

    private mutating func grow() {
        let count = slots.count * 2
        slots = []
        slots = Array(repeating: 0, count: count)
        let mask = count - 1
        for (ordinal, hash) in hashes.enumerated() {
            var index = Int(truncatingIfNeeded: hash) & mask
            while slots[index] != 0 { index = (index + 1) & mask }
            slots[index] = HashIndex.slot(hash, ordinal)
        }
    }
}
