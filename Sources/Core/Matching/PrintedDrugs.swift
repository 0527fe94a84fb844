/// Drugs of the library that are in use, as they are printed: their texts as UTF-8, one behind the other, so that half a
/// million of them can be handed over a block at a time. A text that is missing is empty.
public struct PrintedDrugs: Sendable {
    /// The texts of a drug, by the names of their columns.
    public static let columns = [
        "ypid", "product_name", "strength", "dosage_form", "manufacturer", "approval_number", "conversion_factor",
    ]

    /// All texts.
    public private(set) var bytes: [UInt8] = []
    private var ends: [UInt32] = []

    /// None.
    public init() {}

    /// How many drugs there are.
    public var count: Int { ends.count / PrintedDrugs.columns.count }

    /// Adds the next text of a drug.
    public mutating func append(_ text: Span<UInt8>) {
        for place in 0..<text.count { bytes.append(text[place]) }
        ends.append(UInt32(bytes.count))
    }

    /// Where a text stands among the bytes.
    public func text(_ drug: Int, _ column: Int) -> Range<Int> {
        let place = drug * PrintedDrugs.columns.count + column
        return (place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])
    }

    /// Forgets the drugs and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}
