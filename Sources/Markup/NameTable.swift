/// The different names that have been seen, numbered in the order of their first appearance.
///
/// Files repeat the same few names in the same order, so each name remembers which one came after it the last time,
/// and mostly one comparison of bytes is all.
public struct NameTable: Sendable {
    /// How many names there are.
    public var count: Int { ends.count }
    /// The number that `number(of:)` answers for a name that is new when the table is full or the name too long.
    public static let none = -1

    private let maximumCount: Int
    private let maximumBytes: Int
    private var bytes: [UInt8] = []
    private var starts: [Int] = []
    private var ends: [Int] = []
    private var followers: [Int] = []
    private var last = 0
    private var slots = [Int32](repeating: -1, count: 64)

    /// An empty table.
    public init(maximumCount: Int, maximumBytes: Int) {
        self.maximumCount = maximumCount
        self.maximumBytes = maximumBytes
    }

    /// The bytes of a name.
    public func bytes(of number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<ends[number]] }

    /// A name as a string.
    public func string(of number: Int) -> String { String(decoding: bytes(of: number), as: UTF8.self) }

    /// The number of a name, a new one if it has not been seen.
    public mutating func number(of name: Span<UInt8>) -> Int {
        if last < followers.count {
            let guess = followers[last]
            if guess >= 0, isEqual(name, guess) {
                last = guess
                return guess
            }
        }
        let found = find(name)
        guard found != Self.none else { return found }
        if last < followers.count { followers[last] = found }
        last = found
        return found
    }

    private mutating func find(_ name: Span<UInt8>) -> Int {
        // The table is small and bounded, so a hash that can be attacked costs at most `maximumCount` comparisons.
        var hash: UInt32 = 2_166_136_261
        for index in name.indices { hash = (hash ^ UInt32(name[index])) &* 16_777_619 }
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            if isEqual(name, Int(slots[slot])) { return Int(slots[slot]) }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard count < maximumCount, name.count <= maximumBytes else { return Self.none }
        let number = count
        starts.append(bytes.count)
        for index in name.indices { bytes.append(name[index]) }
        ends.append(bytes.count)
        followers.append(-1)
        slots[slot] = Int32(number)
        if count * 2 > slots.count { grow() }
        return number
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for number in ends.indices {
            var hash: UInt32 = 2_166_136_261
            for byte in bytes[starts[number]..<ends[number]] { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
            var slot = Int(hash) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }

    @inline(__always)
    private func isEqual(_ name: Span<UInt8>, _ number: Int) -> Bool {
        let start = starts[number]
        guard ends[number] - start == name.count else { return false }
        let known = bytes.span
        for index in name.indices where known[start + index] != name[index] { return false }
        return true
    }
}
