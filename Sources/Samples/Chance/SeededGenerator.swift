/// Chance that is the same for the same seed, on every machine and in every version of Swift.
///
/// SplitMix64 (Steele, Lea, Flood 2014): one 64-bit state, no bad seeds, and a mix strong enough that generators seeded
/// with neighbouring numbers are independent. The standard library's `random(in:using:)` is not used: it does not
/// promise the same numbers from one version to the next.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The generator of a seed.
    public init(seed: UInt64) { state = seed }

    /// The generator of one thing under a seed: the same path gives the same chance, whatever else was drawn before.
    public init(seed: UInt64, path: UInt64...) {
        var mixer = SeededGenerator(seed: seed)
        var mixed = mixer.next()
        for part in path {
            mixer = SeededGenerator(seed: mixed ^ (part &+ 0x9E37_79B9_7F4A_7C15))
            mixed = mixer.next()
        }
        state = mixed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number from 0 to `count` − 1. `count` is at least 1.
    public mutating func below(_ count: Int) -> Int {
        precondition(count > 0, "a choice needs at least one possibility")
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A number of a closed range.
    public mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// One of some things; there is at least one.
    public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// Whether something happens that happens `perMille` times in a thousand.
    public mutating func happens(perMille: Int) -> Bool { below(1000) < perMille }

    /// The same elements in another order (Fisher–Yates).
    public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in result.indices.reversed() where index > 0 { result.swapAt(index, below(index + 1)) }
        return result
    }
}

/// Numbers 0 … `count` − 1 in an order that looks like chance and needs no memory: an affine walk.
struct Walk {
    private let count: Int
    private let start: Int
    private let stride: Int

    init(count: Int, using random: inout SeededGenerator) {
        self.count = max(1, count)
        start = random.below(self.count)
        var stride = random.below(self.count) | 1
        while Walk.greatestCommonDivisor(stride, self.count) != 1 { stride += 2 }
        self.stride = stride % self.count == 0 ? 1 : stride % self.count
    }

    /// The number at a position; positions below `count` give each number once.
    subscript(position: Int) -> Int { (start + position % count * stride) % count }

    private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : greatestCommonDivisor(second, first % second)
    }
}
