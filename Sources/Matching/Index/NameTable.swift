/// The different names of a library; thousands of entries share one.
struct NameTable: Sendable {
    /// What comparing needs of a name at once.
    struct Row: Sendable {
        var full: UInt64
        var base: UInt64
        var stem: UInt64
        var sound: UInt64
        var salts: UInt64
        var form: DosageForm
    }

    /// Entries of one name and shape.
    struct Group: Sendable {
        var shape: UInt32
        var members: Range<UInt32>
    }

    private(set) var rows: [Row] = []
    /// The stems as they sound, for comparing letter by letter.
    private(set) var stems = Lists<UInt16>()
    private(set) var tokens = Lists<UInt64>()
    /// The entries of each name by their shapes.
    private(set) var groups = Lists<Group>()
    /// The entries of groups, those of one beside one another.
    private(set) var members: [UInt32] = []
    private var byHash = MultiMap([])
    private var grams = MultiMap([])
    private var gramCounts: [UInt64: UInt32] = [:]

    /// Gathers names while a library is read.
    struct Builder {
        private(set) var table = NameTable()
        private var ids: [UInt64: UInt32] = [:]
        private var uses: [(name: UInt32, shape: UInt32, entry: UInt32)] = []

        /// The number of a name, new or known.
        mutating func number(of name: DrugName) -> UInt32 {
            let row = Row(name)
            let key = row.full ^ (row.base &* 31)
            if let id = ids[key] { return id }
            let id = UInt32(table.rows.count)
            ids[key] = id
            table.rows.append(row)
            table.stems.append(name.stem.lazy.map { Sounds.syllables[Int($0)] })
            table.tokens.append(name.tokens)
            return id
        }

        mutating func assign(_ name: UInt32, to entry: UInt32, of shape: UInt32) { uses.append((name, shape, entry)) }

        consuming func build() -> NameTable {
            uses.sort { $0 < $1 }
            var place = 0
            var list: [Group] = []
            for name in table.rows.indices {
                list.removeAll(keepingCapacity: true)
                while place < uses.count, uses[place].name == UInt32(name) {
                    let (shape, start) = (uses[place].shape, UInt32(table.members.count))
                    while place < uses.count, uses[place].name == UInt32(name), uses[place].shape == shape {
                        let entry = uses[place].entry
                        if table.members.count == Int(start) || table.members.last != entry {
                            table.members.append(entry)
                        }
                        place += 1
                    }
                    list.append(Group(shape: shape, members: start..<UInt32(table.members.count)))
                }
                table.groups.append(list)
            }
            var hashes: [(key: UInt64, value: UInt32)] = []
            var grams: [(key: UInt64, value: UInt32)] = []
            for (index, row) in table.rows.enumerated() {
                let id = UInt32(index)
                for key in Set([row.full, row.base, row.stem, row.sound]) { hashes.append((key, id)) }
                for gram in Set(NameTable.grams(of: table.stems[index])) {
                    grams.append((gram, id))
                    table.gramCounts[gram, default: 0] += 1
                }
            }
            table.byHash = MultiMap(hashes)
            table.grams = MultiMap(grams)
            return table
        }
    }

    /// Whether an entry of a shape has a name.
    func holds(_ name: UInt32, _ entry: UInt32, of shape: UInt32) -> Bool {
        let range = groups.range(Int(name))
        let group = NameTable.first(range) { groups.elements[$0].shape >= shape }
        guard group < range.upperBound, groups.elements[group].shape == shape else { return false }
        let bounds = groups.elements[group].members
        let place = NameTable.first(Int(bounds.lowerBound)..<Int(bounds.upperBound)) { members[$0] >= entry }
        return place < Int(bounds.upperBound) && members[place] == entry
    }

    /// The first place from which on something holds; the end where it never does.
    private static func first(_ range: Range<Int>, where holds: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Calls `body` with every name that is the same in full, without brackets, in its ingredient, or in its sound.
    func forEachEqual(to row: Row, _ body: (UInt32) -> Void) {
        byHash.forEach(row.full, body)
        byHash.forEach(row.base, body)
        byHash.forEach(row.stem, body)
        byHash.forEach(row.sound, body)
    }

    /// Names that share character pairs with a stem, by how much they share; the first 24.
    ///
    /// A pair that stands in more than one name of fifty tells little and is left out where rarer ones are at hand.
    func similar(to stem: [UInt16], into counts: inout [UInt32], touched: inout [UInt32]) -> [UInt32] {
        touched.removeAll(keepingCapacity: true)
        let wanted = Set(NameTable.grams(of: stem[...])).compactMap { gram in
            gramCounts[gram].map { (frequency: Int($0), gram: gram) }
        }.sorted { $0 < $1 }
        for (looked, (frequency, gram)) in wanted.enumerated() {
            if looked >= 2, frequency > max(200, rows.count / 50) { break }
            let weight = UInt32(64 - UInt64(rows.count / frequency + 1).leadingZeroBitCount)
            grams.forEach(gram) { name in
                if counts[Int(name)] == 0 { touched.append(name) }
                counts[Int(name)] += weight
            }
        }
        var best: [(rank: UInt32, key: UInt64, name: UInt32)] = []
        best.reserveCapacity(NameTable.similarLimit + 1)
        for name in touched {
            // Shared weight against length, in whole numbers.
            let length = stem.count + stems.range(Int(name)).count + 2
            let new = (rank: counts[Int(name)] * 1_000 / UInt32(length), key: rows[Int(name)].full, name: name)
            counts[Int(name)] = 0
            func follows(_ other: (rank: UInt32, key: UInt64, name: UInt32)) -> Bool {
                other.rank == new.rank ? other.key <= new.key : other.rank > new.rank
            }
            if best.count == NameTable.similarLimit, let last = best.last, follows(last) { continue }
            best.insert(new, at: best.firstIndex { !follows($0) } ?? best.count)
            if best.count > NameTable.similarLimit { best.removeLast() }
        }
        return best.map(\.name)
    }

    private static let similarLimit = 24

    /// Pairs of neighbouring characters, with the borders of the text as characters.
    static func grams(of stem: ArraySlice<UInt16>) -> [UInt64] {
        guard !stem.isEmpty else { return [] }
        var grams: [UInt64] = []
        grams.reserveCapacity(stem.count + 1)
        var previous: UInt64 = 1
        for value in stem {
            grams.append(previous << 16 | UInt64(value))
            previous = UInt64(value)
        }
        grams.append(previous << 16 | 2)
        return grams
    }
}

extension NameTable.Row {
    init(_ name: DrugName) {
        full = Scalars.hash(name.full)
        base = Scalars.hash(name.base)
        stem = Scalars.hash(name.stem[...], seed: 0x1234_5678_9ABC_DEF1)
        sound = Sounds.hash(name.stem[...])
        salts = name.salts
        form = name.form
    }
}
