/// How alike a local name and one of the library are.
struct NameSimilarity {
    /// The local name, hashed as the library's are.
    let row: NameTable.Row
    private let sounds: [UInt16]
    private let tokens: [UInt64]

    init(_ name: DrugName) {
        row = NameTable.Row(name)
        let table = Sounds.syllables
        sounds = name.stem.map { table[Int($0)] }
        tokens = name.tokens
    }

    /// 1000 for the same name; from 930 the same ingredient and salt; from 860 the salt is missing on one side;
    /// below, the letters decide.
    func score(_ other: UInt32, in table: NameTable) -> Int {
        let theirs = table.rows[Int(other)]
        if row.full == theirs.full { return 1_000 }
        let penalty = tokenPenalty(table.tokens[Int(other)])
        if row.base == theirs.base { return 980 - penalty }
        if row.stem == theirs.stem || row.sound == theirs.sound, !sounds.isEmpty {
            let start = row.stem == theirs.stem ? 960 : 940
            if row.salts == theirs.salts { return start - penalty }
            return (row.salts == 0 || theirs.salts == 0 ? start - 80 : 640) - penalty
        }
        let stem = table.stems[Int(other)]
        guard !sounds.isEmpty, !stem.isEmpty else { return 0 }
        let common = NameSimilarity.commonLength(sounds, stem)
        let likeness = 2_000 * common / (sounds.count + stem.count)
        let isContained = common == min(sounds.count, stem.count) && common >= 3 && contains(stem)
        let saltPenalty = row.salts == theirs.salts ? 0 : 40
        return max(0, max(likeness * 85 / 100, isContained ? 800 : 0) - penalty - saltPenalty)
    }

    /// Numerals that differ mean another product (Ⅱ against Ⅲ); a numeral on one side only is often left out.
    private func tokenPenalty(_ theirs: ArraySlice<UInt64>) -> Int {
        if tokens.elementsEqual(theirs) { return 0 }
        if tokens.isEmpty || theirs.isEmpty { return 45 }
        let shared = tokens.filter { theirs.contains($0) }.count
        return shared == min(tokens.count, theirs.count) ? 60 : 260
    }

    /// Whether one stem ends with the other: a brand before the ingredient.
    private func contains(_ stem: ArraySlice<UInt16>) -> Bool {
        let theirs = Array(stem)
        return sounds.count > theirs.count ? Scalars.hasSuffix(sounds, theirs) : Scalars.hasSuffix(theirs, sounds)
    }

    /// The length of the longest common subsequence; long names are cut, they are decided by then.
    private static func commonLength(_ left: [UInt16], _ right: ArraySlice<UInt16>) -> Int {
        let right = Array(right.prefix(40))
        var row = [UInt8](repeating: 0, count: right.count + 1)
        for value in left.prefix(40) {
            var diagonal: UInt8 = 0
            for column in right.indices {
                let above = row[column + 1]
                row[column + 1] = right[column] == value ? diagonal + 1 : max(above, row[column])
                diagonal = above
            }
        }
        return Int(row[right.count])
    }
}
