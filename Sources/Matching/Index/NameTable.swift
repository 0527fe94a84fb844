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

    private(set) var rows: [Row] = []
    /// The stems as they sound, for comparing letter by letter.
    private(set) var stems = Lists<UInt16>()
    private(set) var tokens = Lists<UInt64>()
    /// The entries of each name.
    private(set) var entries = Lists<UInt32>()
    private var byHash = MultiMap([])
    private var grams = MultiMap([])
    private var gramCounts: [UInt64: UInt32] = [:]

    /// Gathers names while a library is read.
    struct Builder {
        private(set) var table = NameTable()
        private var ids: [UInt64: UInt32] = [:]
        private var pairs: [(name: UInt32, entry: UInt32)] = []

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

        mutating func assign(_ name: UInt32, to entry: UInt32) { pairs.append((name, entry)) }

        consuming func build() -> NameTable {
            pairs.sort { $0 < $1 }
            var place = 0
            var list: [UInt32] = []
            for name in table.rows.indices {
                list.removeAll(keepingCapacity: true)
                while place < pairs.count, pairs[place].name == UInt32(name) {
                    if list.last != pairs[place].entry { list.append(pairs[place].entry) }
                    place += 1
                }
                table.entries.append(list)
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
