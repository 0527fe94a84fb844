/// A fast 64-bit hash over cells, seeded anew in each process so that no file can be made to collide on purpose.
///
/// It only decides what is compared or counted together, never what is stored: results do not depend on the seed.
/// The mixing is that of wyhash (Wang Yi, public domain): 64×64→128 bit multiplication, halves folded together.
public struct ByteHash: Sendable {
    private static let seed = UInt64.random(in: .min ... .max)
    private var state = ByteHash.seed

    /// Nothing taken in yet.
    public init() {}

    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (high, low) = a.multipliedFullWidth(by: b)
        return high ^ low
    }

    /// Takes in one cell; its length counts too, so that cells do not run together.
    public mutating func add(_ cell: Span<UInt8>) {
        let count = cell.count
        var offset = 0
        while offset + 8 < count {
            state = ByteHash.mix(state ^ ByteWords.word(cell, at: offset), 0xe703_7ed1_a0b4_28db)
            offset += 8
        }
        // The last eight bytes may be taken twice: with the length they still say which bytes there were.
        let tail = count >= 8 ? ByteWords.word(cell, at: count - 8) : ByteWords.short(cell)
        state = ByteHash.mix(state ^ tail, 0x8ebc_6af0_9c88_c6e3 ^ UInt64(truncatingIfNeeded: count))
    }

    /// Takes in what another hash made of some cells.
    public mutating func add(_ hash: UInt64) { state = ByteHash.mix(state ^ hash, 0xe703_7ed1_a0b4_28db) }

    /// Never 0, so that 0 can mark an empty place in a table.
    public var value: UInt64 {
        let value = ByteHash.mix(state, 0x5899_65cc_7537_4cc3)
        return value == 0 ? 1 : value
    }
}
