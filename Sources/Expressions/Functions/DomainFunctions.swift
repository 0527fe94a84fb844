internal import Core

extension CheckDigit {
    /// Whether a text is a code of this kind whose check character is right.
    func holds(_ text: Span<UInt8>) -> Bool {
        switch self {
        case .organization: OrganizationCode.checkHolds(text)
        case .standard: StandardCode.checkHolds(text)
        case .credit: CreditCode.checkHolds(text)
        }
    }
}

/// A text as it is compared: half-width, ASCII letters small, without blanks.
enum CanonicalText {
    /// Characters that are left out.
    static func isBlank(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// The character that stands for one: full-width forms of ASCII become ASCII, capitals small letters.
    static func folded(_ scalar: UInt32) -> UInt32 {
        let narrow = (0xFF01...0xFF5E).contains(scalar) ? scalar - 0xFEE0 : scalar
        return (0x41...0x5A).contains(narrow) ? narrow + 0x20 : narrow
    }

    /// Calls a function with each character of the canonical text. A byte that is not UTF-8 counts as itself.
    static func forEachScalar(of text: Span<UInt8>, _ body: (UInt32) -> Void) {
        var index = 0
        while index < text.count {
            let scalar: UInt32
            if let (value, length) = UTF8Scan.scalar(in: text, at: index) {
                scalar = value
                index += length
            } else {
                scalar = UInt32(text[index])
                index += 1
            }
            if !isBlank(scalar) { body(folded(scalar)) }
        }
    }
}

/// How alike two texts are: Dice's measure over pairs of neighbouring characters of the canonical texts.
///
/// 1 where the canonical texts are equal, else `2·m / (a + b)`, where a and b are how many pairs the texts have and m how
/// many of them meet one of the other (a pair that occurs twice can meet twice), rounded to 4 decimals, half up.
enum Similarity {
    /// 0 … 10 000.
    static func units(_ a: Span<UInt8>, _ b: Span<UInt8>, _ scratch: inout TextScratch) -> Int {
        // Most texts that are compared are the same byte by byte; then nothing has to be taken apart.
        if ByteWords.areEqual(a, b) { return 10_000 }
        var hash = ByteHash()
        hash.add(a)
        hash.add(b)
        return scratch.remembered(hash.value) { scratch in taken(a, b, &scratch) }
    }

    /// Takes both texts apart.
    private static func taken(_ a: Span<UInt8>, _ b: Span<UInt8>, _ scratch: inout TextScratch) -> Int {
        pairs(of: a, &scratch.firstScalars, &scratch.firstPairs)
        pairs(of: b, &scratch.secondScalars, &scratch.secondPairs)
        if scratch.firstScalars == scratch.secondScalars { return 10_000 }
        let total = scratch.firstPairs.count + scratch.secondPairs.count
        guard total > 0 else { return 0 }
        var (i, j, common) = (0, 0, 0)
        while i < scratch.firstPairs.count, j < scratch.secondPairs.count {
            let (x, y) = (scratch.firstPairs[i], scratch.secondPairs[j])
            if x == y { common += 1 }
            if x <= y { i += 1 }
            if y <= x { j += 1 }
        }
        return (4 * common * 10_000 + total) / (2 * total)
    }

    /// The characters of the canonical text and its pairs, sorted.
    private static func pairs(of text: Span<UInt8>, _ scalars: inout [UInt32], _ pairs: inout [UInt64]) {
        scalars.removeAll(keepingCapacity: true)
        CanonicalText.forEachScalar(of: text) { scalars.append($0) }
        pairs.removeAll(keepingCapacity: true)
        for index in scalars.indices.dropFirst() {
            pairs.append(UInt64(scalars[index - 1]) << 32 | UInt64(scalars[index]))
        }
        pairs.sort()
    }
}

/// Memory that text functions use again and again.
struct TextScratch: Sendable {
    var bytes: [UInt8] = []
    var firstScalars: [UInt32] = []
    var secondScalars: [UInt32] = []
    var firstPairs: [UInt64] = []
    var secondPairs: [UInt64] = []
    /// How alike two texts were that came lately, by the hash of both: the names of a catalogue are few, its rows many.
    private var similarities: [(hash: UInt64, units: Int)] = []
    private static let remembered = 1_024

    /// What is remembered of a hash, or else what `find` finds.
    mutating func remembered(_ hash: UInt64, _ find: (inout TextScratch) -> Int) -> Int {
        if similarities.isEmpty { similarities = Array(repeating: (0, 0), count: TextScratch.remembered) }
        let place = Int(truncatingIfNeeded: hash) & (TextScratch.remembered - 1)
        if similarities[place].hash == hash { return similarities[place].units }
        let units = find(&self)
        similarities[place] = (hash, units)
        return units
    }
}
