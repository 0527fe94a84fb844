/// Many values under 64-bit keys, as two sorted arrays: compact, and the same whatever order it was filled in.
struct MultiMap: Sendable {
    private var keys: [UInt64]
    private var values: [UInt32]
    /// Where keys with the same leading bits begin, so that a search looks at a handful only.
    private var starts: [UInt32]
    private let shift: UInt64

    init(_ pairs: consuming [(key: UInt64, value: UInt32)]) {
        var pairs = pairs
        // The multiplication spreads keys that are numbers over the leading bits; it loses nothing.
        for index in pairs.indices { pairs[index].key = MultiMap.spread(pairs[index].key) }
        pairs.sort { ($0.key, $0.value) < ($1.key, $1.value) }
        keys = pairs.map(\.key)
        values = pairs.map(\.value)
        var bits: UInt64 = 4
        while 1 << bits < pairs.count, bits < 20 { bits += 1 }
        shift = 64 - bits
        starts = [UInt32](repeating: 0, count: (1 << Int(bits)) + 1)
        for key in keys { starts[Int(key >> shift) + 1] += 1 }
        for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
    }

    private static func spread(_ key: UInt64) -> UInt64 { key &* 0x9E37_79B9_7F4A_7C15 }

    /// Calls `body` with every value of a key, the smallest first.
    @inline(__always)
    func forEach(_ key: UInt64, _ body: (UInt32) -> Void) {
        let key = MultiMap.spread(key)
        let bucket = Int(key >> shift)
        var index = Int(starts[bucket])
        let end = Int(starts[bucket + 1])
        while index < end, keys[index] < key { index += 1 }
        while index < end, keys[index] == key {
            body(values[index])
            index += 1
        }
    }

    /// The smallest value of a key.
    func first(_ key: UInt64) -> UInt32? {
        var found: UInt32?
        forEach(key) { if found == nil { found = $0 } }
        return found
    }
}

/// Lists of numbers one after the other, each reached by its own number.
struct Lists<Element: Sendable>: Sendable {
    private(set) var elements: [Element] = []
    private var ends: [UInt32] = []

    var count: Int { ends.count }

    mutating func append(_ list: some Sequence<Element>) {
        elements.append(contentsOf: list)
        ends.append(UInt32(elements.count))
    }

    @inline(__always)
    func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    subscript(index: Int) -> ArraySlice<Element> { elements[range(index)] }
}
