/// What of some bytes was not valid in their encoding: how many sequences, and where the first one starts.
public struct InvalidBytes: Sendable, Hashable {
    /// How many sequences were invalid.
    public var count = 0
    /// The offset of the first one.
    public var first: Int?

    /// None.
    public init() {}

    mutating func add(at offset: Int) {
        count += 1
        if first == nil { first = offset }
    }
}

/// An invalid sequence of a transcoded stream.
public struct InvalidSequence: Sendable, Hashable {
    /// Where it starts in the bytes as they came.
    public var originalOffset: Int
    /// Where the U+FFFD that stands for it starts in the UTF-8 that was given out.
    public var outputOffset: Int

    /// An invalid sequence.
    public init(originalOffset: Int, outputOffset: Int) {
        self.originalOffset = originalOffset
        self.outputOffset = outputOffset
    }
}
