/// A row of the library taken apart: the costly part of building an index, which any number of threads may do.
public struct PreparedDrug: Sendable {
    let ypid: String
    let description: Description
    let status: LibraryStatus
    let text: UInt64

    /// Takes a row apart.
    public init(_ drug: LibraryDrug) {
        ypid = drug.ypid
        description = Description(drug)
        status = LibraryStatus(drug.status)
        text = TextKey.hash(
            productName: drug.productName, strength: drug.strength, dosageForm: drug.dosageForm,
            manufacturer: drug.manufacturer, approvalNumber: drug.approvalNumber, factor: drug.conversionFactor)
    }
}

/// Builds an index from the rows of a library, one at a time, so that the rows need not be in memory together.
public struct LibraryIndexBuilder {
    private var entries: [LibraryIndex.Entry] = []
    private var codes = Lists<UInt8>()
    private var names = NameTable.Builder()
    private var strengths = StrengthTable.Builder()
    private var makers = MakerTable.Builder()
    private var shapes = Shape.Builder()
    private var entryNames = Lists<UInt32>()
    private var alternates: [(key: UInt64, value: UInt32)] = []

    /// A builder without rows.
    public init() {}

    /// Adds a row of the library. Of two rows with one code the index keeps the first.
    public mutating func add(_ drug: LibraryDrug) { add(PreparedDrug(drug)) }

    /// Adds a row that was taken apart before.
    public mutating func add(_ drug: PreparedDrug) {
        let description = drug.description
        let number = UInt32(entries.count)
        var entry = LibraryIndex.Entry()
        var numbers: [UInt32] = []
        var identity: UInt64 = 0x51
        for name in description.names { numbers.append(names.number(of: name)) }
        if let first = description.names.first { identity = NameTable.Row(first).full }
        var shape = Shape()
        entry.firstName = numbers.first ?? .max
        shape.strength = strengths.number(of: description.strength)
        let maker = makers.number(of: description.maker)
        entry.maker = maker.id
        entry.isMakerLatin = description.maker.isLatin
        shape.form = description.form
        shape.container = description.container
        shape.category = description.category
        shape.status = drug.status
        entry.text = drug.text
        shape.statesFactor = description.statesFactor
        shape.factor = Int32(clamping: description.conversionFactor ?? 0)
        if let approval = description.approval.keys.first { entry.approval = approval }
        shape.hasApproval = entry.approval != 0
        shape.isRepackaged = ApprovalNumber.isRepackaged(entry.approval)
        for alternate in description.approval.keys.dropFirst() where description.approval.keys.count > 2 {
            alternates.append((alternate, number))
        }
        entry.standardCode = description.standardCode ?? 0
        entry.nhsaCode = description.nhsaCode ?? 0
        let factor: UInt64 = shape.statesFactor ? UInt64(shape.factor) : 0
        func mix(_ part: UInt64) { identity = (identity ^ part) &* 0x9E37_79B9_7F4A_7C15 ^ (identity >> 31) }
        mix(UInt64(shape.strength))
        mix(maker.hash)
        entry.product = identity
        mix(UInt64(shape.form.kind.rawValue))
        mix(UInt64(shape.form.release.rawValue))
        mix(UInt64(shape.container.rawValue))
        mix(factor)
        entry.identity = identity
        entry.shape = shapes.number(of: shape)
        entries.append(entry)
        codes.append(drug.ypid.utf8)
        entryNames.append(numbers)
    }

    /// The index of every row added.
    public consuming func build() -> LibraryIndex {
        let codes = self.codes
        let order = (0..<entries.count).sorted { left, right in
            if codes[left].elementsEqual(codes[right]) { return left < right }
            return codes[left].lexicographicallyPrecedes(codes[right])
        }
        var unique: [Int] = []
        unique.reserveCapacity(order.count)
        for old in order {
            if let last = unique.last, codes[last].elementsEqual(codes[old]) { continue }
            entries[old].order = UInt32(unique.count)
            unique.append(old)
        }
        func place(_ entry: LibraryIndex.Entry) -> (UInt32, UInt32, UInt32) {
            (entry.firstName, entry.shape, entry.order)
        }
        unique.sort { place(entries[$0]) < place(entries[$1]) }
        var sortedCodes = Lists<UInt8>()
        var places = [UInt32](repeating: .max, count: entries.count)
        for (place, old) in unique.enumerated() {
            places[old] = UInt32(place)
            sortedCodes.append(codes[old])
            for name in entryNames[old] { names.assign(name, to: UInt32(place), of: entries[old].shape) }
        }
        let count = unique.count
        unique = []
        arrange(by: places, count: count)
        let moved = alternates.compactMap { pair -> (key: UInt64, value: UInt32)? in
            let place = places[Int(pair.value)]
            return place == .max ? nil : (pair.key, place)
        }
        let families = findFamilies()
        return LibraryIndex(
            entries: entries, shapes: shapes.shapes, names: names.build(), strengths: strengths.table,
            makers: makers.build(),
            families: families, codes: sortedCodes, alternates: moved)
    }

    /// Brings every entry to its place without a second list of them; those without a place go.
    private mutating func arrange(by places: [UInt32], count: Int) {
        var places = places
        for start in places.indices {
            while places[start] != .max, Int(places[start]) != start {
                let place = Int(places[start])
                entries.swapAt(start, place)
                places.swapAt(start, place)
            }
        }
        // An entry without a place never displaces one that has its own, so those stand behind the others now.
        entries.removeLast(entries.count - count)
    }

    /// A code that more makers name than this says nothing of any of them.
    private static let largestFamily = 8

    /// Makers named under one enterprise code: digits 4 to 8 of the 本位码.
    private mutating func findFamilies() -> Lists<UInt32> {
        func enterprise(_ code: UInt64) -> UInt32 { UInt32(code / 1_000_000 % 100_000) }
        var members: [UInt32: [UInt32]] = [:]
        for entry in entries where entry.standardCode != 0 {
            let code = enterprise(entry.standardCode)
            guard code != 0, members[code]?.contains(entry.maker) != true else { continue }
            members[code, default: []].append(entry.maker)
        }
        var families = Lists<UInt32>()
        var numbers: [UInt32: UInt32] = [:]
        for (code, makers) in members.sorted(by: { $0.key < $1.key })
        where makers.count > 1 && makers.count <= LibraryIndexBuilder.largestFamily {
            numbers[code] = UInt32(families.count)
            families.append(makers)
        }
        for index in entries.indices where entries[index].standardCode != 0 {
            entries[index].family = numbers[enterprise(entries[index].standardCode)] ?? .max
        }
        return families
    }
}
