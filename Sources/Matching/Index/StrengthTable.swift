/// The different strengths of a library.
struct StrengthTable: Sendable {
    private(set) var quantities = Lists<Quantity>()

    /// Gathers strengths while a library is read.
    struct Builder {
        private(set) var table = StrengthTable()
        private var ids: [[Quantity]: UInt32] = [:]

        mutating func number(of strength: Strength) -> UInt32 {
            if let id = ids[strength.quantities] { return id }
            let id = UInt32(table.quantities.count)
            ids[strength.quantities] = id
            table.quantities.append(strength.quantities)
            return id
        }
    }

    /// How many strengths there are.
    var count: Int { quantities.count }
}
