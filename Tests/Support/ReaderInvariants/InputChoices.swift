import Core

/// The first bytes of an input, as choices of how the rest is read.
struct InputChoices {
    private(set) var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) { rest = input[...] }

    /// The next byte; 0 where there is none.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// The next two bytes as a number.
    mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

    /// The next bytes, as many as there are.
    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// One of some values by a number, and what is left of the number.
    static func choose<Value>(_ number: inout Int, from values: [Value]) -> Value {
        defer { number /= values.count }
        return values[number % values.count]
    }
}
