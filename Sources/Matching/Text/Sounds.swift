/// Text as it sounds: every character by its syllable without tone.
enum Sounds {
    /// The hash of how a text sounds; texts that differ only in homophones have the same.
    static func hash(_ text: ArraySlice<UInt16>) -> UInt64 {
        let table = syllables
        var hash: UInt64 = 0x9AE1_6A3B_2F90_404F
        for value in text {
            hash = (hash ^ UInt64(table[Int(value)])) &* 0x0000_0100_0000_01B3
        }
        hash ^= hash >> 32
        hash = hash &* 0x9E37_79B9_7F4A_7C15
        return hash ^ (hash >> 29)
    }

    /// For each scalar the first character of its syllable; itself where nothing sounds like it.
    static let syllables: [UInt16] = {
        var table = (0...0xFFFF).map { UInt16($0) }
        for line in Pronunciations.table.split(separator: " ") {
            let parts = line.split(separator: ":")
            guard parts.count == 2, let first = parts[1].utf16.first else { continue }
            for value in parts[1].utf16 { table[Int(value)] = first }
        }
        return table
    }()
}
