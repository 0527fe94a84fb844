/// Text in one spelling as 16-bit scalars: half width, lower case, simplified characters, no accents, Greek letters
/// and roman numerals in Latin letters, one kind of bracket and of each mark, runs of space as one space.
///
/// A scalar past the basic plane (rare characters of Chinese medicine) is squeezed into the private-use area, so that
/// equal text stays equal. Folding is the only place that looks at a `String`; everything after works on integers.
enum Folding {
    /// The folded text, at most 2,000 scalars of it: no description is longer, and hostile cells cost nothing.
    static func fold(_ text: String) -> [UInt16] {
        var folded: [UInt16] = []
        folded.reserveCapacity(min(text.utf8.count, 256))
        forEach(in: text.utf8.span) { folded.append($0) }
        return folded
    }

    /// Calls `body` with every scalar of the folded text.
    /// - Parameter utf8: valid UTF-8; of anything else no more is said than that it folds to something.
    @inline(__always)
    static func forEach(in utf8: Span<UInt8>, _ body: (UInt16) -> Void) {
        let table = foldTable
        let end = utf8.count
        var place = 0
        // A space that nothing has followed yet counts, and is left out where nothing ever does.
        var (count, isSpaceOpen) = (0, false)
        func take(_ scalar: UInt16) {
            if isSpaceOpen { body(space) }
            isSpaceOpen = false
            body(scalar)
            count += 1
        }
        func rest(_ offset: Int) -> UInt32 {
            place + offset < end ? UInt32(utf8[place + offset] & 0x3F) : 0
        }
        while place < end, count < 2_000 {
            let first = utf8[place]
            var value = UInt32(first)
            if first < 0x80 {
                place += 1
            } else if first < 0xE0 {
                value = UInt32(first & 0x1F) << 6 | rest(1)
                place += 2
            } else if first < 0xF0 {
                value = UInt32(first & 0x0F) << 12 | rest(1) << 6 | rest(2)
                place += 3
            } else {
                value = UInt32(first & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3)
                place += 4
            }
            guard value <= 0xFFFF else {
                take(0xE000 | UInt16(value & 0xFFF))
                continue
            }
            let mapped = table[Int(value)]
            switch mapped {
            case drop: continue
            case expand: for scalar in expansion(of: value) { take(scalar) }
            case space:
                if count > 0, !isSpaceOpen {
                    isSpaceOpen = true
                    count += 1
                }
            default: take(mapped)
            }
        }
    }

    /// The folded text without any space.
    static func compact(_ text: String) -> [UInt16] {
        var folded = fold(text)
        folded.removeAll { $0 == space }
        return folded
    }

    static let space: UInt16 = 0x20
    private static let drop: UInt16 = 0
    private static let expand: UInt16 = 1

    /// What stands behind a scalar that folds to several.
    private static func expansion(of value: UInt32) -> [UInt16] {
        let numerals = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
        switch value {
        case 0x2160...0x216B: return Array(numerals[Int(value - 0x2160)].utf16)
        case 0x2170...0x217B: return Array(numerals[Int(value - 0x2170)].utf16)
        case 0x338D: return Array("ug".utf16)
        case 0x338E: return Array("mg".utf16)
        case 0x338F: return Array("kg".utf16)
        case 0x3396: return Array("ml".utf16)
        case 0x339D: return Array("cm".utf16)
        default: return []
        }
    }

    /// One entry for each scalar of the basic plane.
    private static let foldTable: [UInt16] = {
        var table = (0...0xFFFF).map { UInt16($0) }
        for value in 0..<0x20 { table[value] = space }
        table[0x7F] = drop
        for (from, to) in zip(
            TraditionalCharacters.traditional.unicodeScalars, TraditionalCharacters.simplified.unicodeScalars)
        where from.value <= 0xFFFF && to.value <= 0xFFFF {
            table[Int(from.value)] = UInt16(to.value)
        }
        for (targets, sources) in spellings {
            guard let target = targets.unicodeScalars.first else { continue }
            for source in sources.unicodeScalars { table[Int(source.value)] = UInt16(target.value) }
        }
        for value in 0xFF01...0xFF5E where table[value] == UInt16(value) { table[value] = table[value - 0xFEE0] }
        for upper in 0x41...0x5A { table[upper] = UInt16(upper + 0x20) }
        for value in 0xFF21...0xFF3A { table[value] = UInt16(value - 0xFEE0 + 0x20) }
        for (offset, value) in (0x2080...0x2089).enumerated() { table[value] = UInt16(0x30 + offset) }
        for (offset, value) in (0x2460...0x2468).enumerated() { table[value] = UInt16(0x31 + offset) }
        for value in Array(0x2160...0x216B) + Array(0x2170...0x217B) { table[value] = expand }
        for value in [0x338D, 0x338E, 0x338F, 0x3396, 0x339D] { table[value] = expand }
        for value in [0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFD, 0xFE0F] { table[value] = drop }
        for value in [0x00A0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000] { table[value] = space }
        return table
    }()

    /// Characters written for another: accents, Greek, brackets and marks of every width.
    private static let spellings: [(String, String)] = [
        ("a", "àáâãäåÀÁÂÃÄÅαΑ"), ("b", "βΒß"), ("c", "çÇćč"), ("d", "δΔ"), ("e", "èéêëÈÉÊËεΕ"), ("i", "ìíîïÌÍÎÏİı"),
        ("n", "ñÑ"), ("o", "òóôõöøÒÓÔÕÖØ"), ("r", "γΓ"), ("u", "ùúûüÙÚÛÜµμ"), ("w", "ωΩ"), ("y", "ýÿ"), ("k", "κΚ"),
        ("l", "λ"), ("0", "○"), ("2", "²"), ("3", "³"),
        ("(", "（[［【〔〖{｛《〈「『"), (")", "）]］】〕〗}｝》〉」』"), (",", "，、﹐､"), (".", "。．｡"), (":", "：∶﹕ː"),
        (";", "；﹔"), ("-", "－–—−‐‑―─﹣"), ("~", "～∼〜˜"), ("*", "×＊✕✖⨯╳∗"), ("/", "／∕⁄"), ("%", "％﹪"), ("+", "＋"),
        ("'", "’‘`´′＇"), ("\"", "“”″＂"), ("&", "＆"), ("·", "•・∙⋅‧●"), ("?", "？"), ("=", "＝"), ("<", "＜"), (">", "＞"),
    ]
}

/// Reading folded text.
enum Scalars {
    static func isDigit(_ value: UInt16) -> Bool { value >= 0x30 && value <= 0x39 }
    static func isLatin(_ value: UInt16) -> Bool { value >= 0x61 && value <= 0x7A }
    static func isHan(_ value: UInt16) -> Bool {
        value >= 0x3400 && value <= 0x9FFF || value >= 0xE000 && value < 0xF000
    }

    /// A 64-bit hash of a stretch of text, the same on every machine and in every run.
    static func hash(_ text: ArraySlice<UInt16>, seed: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
        var hash = seed
        for value in text { hash = hashed(hash, value) }
        return finished(hash)
    }

    /// The same, one scalar after the other.
    @inline(__always)
    static func hashed(_ hash: UInt64, _ value: UInt16) -> UInt64 { (hash ^ UInt64(value)) &* 0x0000_0100_0000_01B3 }

    /// What becomes of the hash when all scalars were taken.
    @inline(__always)
    static func finished(_ hash: UInt64) -> UInt64 {
        let hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
        return hash ^ (hash >> 29)
    }

    static func hash(_ text: [UInt16]) -> UInt64 { hash(text[...]) }

    /// Where a pattern stands in a text, at or after a place.
    static func find(_ pattern: [UInt16], in text: [UInt16], from start: Int = 0) -> Int? {
        guard let first = pattern.first, text.count >= pattern.count, start >= 0 else { return nil }
        var index = start
        while index + pattern.count <= text.count {
            if text[index] == first, matches(pattern, text, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// Whether a pattern stands at a place of a text.
    static func matches(_ pattern: [UInt16], _ text: [UInt16], at index: Int) -> Bool {
        guard index >= 0, index + pattern.count <= text.count else { return false }
        for offset in 0..<pattern.count where text[index + offset] != pattern[offset] { return false }
        return true
    }

    static func hasSuffix(_ text: [UInt16], _ suffix: [UInt16]) -> Bool {
        matches(suffix, text, at: text.count - suffix.count)
    }
}

/// A list of folded words, the longest first where several begin alike.
struct WordList<Value: Sendable>: Sendable {
    private let words: [[UInt16]]
    private let values: [Value]
    /// For the first scalar of a text, where the words that begin with it stand; `0` where none does.
    private let groups: [UInt16]
    private let starts: [UInt16]
    /// The words by their last scalar.
    private let byLast: [UInt16: [Int]]

    /// Words with what they stand for, folded here.
    ///
    /// Words are found in text without space unless they are made `spaced`, for text that kept its own.
    init(_ words: [(String, Value)], spaced: Bool = false) {
        let folded = words.map { (word: spaced ? Folding.fold($0.0) : Folding.compact($0.0), value: $0.1) }
            .filter { !$0.word.isEmpty }
            .sorted { ($0.word[0], $1.word.count) < ($1.word[0], $0.word.count) }
        self.words = folded.map(\.word)
        values = folded.map(\.value)
        var groups = [UInt16](repeating: 0, count: 0x1_0000)
        var starts: [UInt16] = [0]
        for (index, entry) in folded.enumerated() where index == 0 || folded[index - 1].word[0] != entry.word[0] {
            groups[Int(entry.word[0])] = UInt16(starts.count)
            starts.append(UInt16(index))
        }
        starts.append(UInt16(folded.count))
        self.groups = groups
        self.starts = starts
        byLast = Dictionary(grouping: folded.indices) { folded[$0].word[folded[$0].word.count - 1] }
            .mapValues { $0.sorted { (folded[$1].word.count, $0) < (folded[$0].word.count, $1) } }
    }

    /// The longest word that begins at a place.
    func match(in text: [UInt16], at index: Int) -> (length: Int, value: Value)? {
        guard index < text.count else { return nil }
        let group = Int(groups[Int(text[index])])
        guard group > 0 else { return nil }
        for place in Int(starts[group])..<Int(starts[group + 1]) where Scalars.matches(words[place], text, at: index) {
            return (words[place].count, values[place])
        }
        return nil
    }

    /// The longest word that ends a text.
    func suffix(of text: [UInt16]) -> (length: Int, value: Value)? {
        guard let last = text.last, let places = byLast[last] else { return nil }
        for place in places where Scalars.hasSuffix(text, words[place]) { return (words[place].count, values[place]) }
        return nil
    }

    /// The longest word anywhere in a text; of equals, the first.
    func longest(in text: [UInt16]) -> (index: Int, length: Int, value: Value)? {
        var best: (index: Int, length: Int, value: Value)?
        for index in text.indices {
            if let found = match(in: text, at: index), found.length > best?.length ?? 0 {
                best = (index, found.length, found.value)
            }
        }
        return best
    }
}
