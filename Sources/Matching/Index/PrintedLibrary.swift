public import Core

/// What the library prints under each code in use: the code, and a hash of its texts. Where a hospital supplies the code
/// and prints the same, that is the answer, and neither is the entry taken apart nor an index built.
///
/// It gives the answers that a `Matcher` of the same library gives, or none.
public struct PrintedLibrary: Sendable {
    private var codes: [UInt8] = []
    private var ends: [UInt32] = []
    private var keys: [UInt64] = []
    /// Ordinals from 1 by the hash of the code; 0 where empty.
    private var slots: [UInt32] = Array(repeating: 0, count: 64)

    /// A library without drugs.
    public init() {}

    /// How many codes there are.
    public var count: Int { keys.count }

    /// Adds drugs. Of two with one code the first stays.
    public mutating func add(_ drugs: PrintedDrugs) {
        let bytes = drugs.bytes.span
        for drug in 0..<drugs.count {
            func text(_ column: Int) -> Range<Int> { drugs.text(drug, column) }
            let slot = slot(of: bytes.extracting(text(0)))
            guard slots[slot] == 0 else { continue }
            var key = TextKey()
            for column in 1...5 { key.add(bytes.extracting(text(column))) }
            key.add(factor: bytes.extracting(text(6)))
            codes.append(contentsOf: drugs.bytes[text(0)])
            ends.append(UInt32(codes.count))
            keys.append(key.value)
            slots[slot] = UInt32(keys.count)
            if keys.count * 2 > slots.count { grow() }
        }
    }

    /// What a drug comes to that is said as under the code its hospital supplied; `nil` for any other, which has to be
    /// looked for.
    public func compare(_ drug: LocalDrug) -> Comparison? {
        guard let supplied = drug.ypid, prints(drug) else { return nil }
        return Comparison(saidAlike: supplied, by: drug)
    }

    /// Whether the library prints of a drug, under the code that its hospital supplied, what the hospital prints.
    public func prints(_ drug: LocalDrug) -> Bool {
        guard let supplied = drug.ypid, !supplied.isEmpty, let key = drug.textKey else { return false }
        let ordinal = slots[slot(of: supplied.utf8.span)]
        return ordinal > 0 && keys[Int(ordinal) - 1] == key
    }

    private func code(_ ordinal: UInt32) -> Range<Int> {
        let place = Int(ordinal) - 1
        return (place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])
    }

    private static func hash(_ code: Span<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for place in 0..<code.count { hash = Scalars.hashed(hash, UInt16(code[place])) }
        return Int(truncatingIfNeeded: Scalars.finished(hash))
    }

    /// Where a code stands, or the empty place where it would.
    private func slot(of code: Span<UInt8>) -> Int {
        let mask = slots.count - 1
        var index = PrintedLibrary.hash(code) & mask
        while slots[index] != 0 {
            if isCode(code, slots[index]) { return index }
            index = (index + 1) & mask
        }
        return index
    }

    private func isCode(_ code: Span<UInt8>, _ ordinal: UInt32) -> Bool {
        let range = self.code(ordinal)
        guard range.count == code.count else { return false }
        for offset in 0..<range.count where codes[range.lowerBound + offset] != code[offset] { return false }
        return true
    }

    private mutating func grow() {
        let count = slots.count * 2
        slots = []
        slots = filled(count)
    }

    private func filled(_ count: Int) -> [UInt32] {
        var slots = [UInt32](repeating: 0, count: count)
        let bytes = codes.span
        for ordinal in 1...UInt32(keys.count) {
            var index = PrintedLibrary.hash(bytes.extracting(code(ordinal))) & (count - 1)
            while slots[index] != 0 { index = (index + 1) & (count - 1) }
            slots[index] = ordinal
        }
        return slots
    }
}
