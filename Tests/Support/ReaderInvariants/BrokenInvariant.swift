/// Something that must hold for every input and did not.
public struct BrokenInvariant: Error, CustomStringConvertible {
    /// What did not hold, with the numbers that show it.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Says what is broken where something does not hold.
func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    if !holds { throw BrokenInvariant(what()) }
}
