/// The different makers of a library, each part as a set of character groups with weights: what many makers have
/// in their name (制药, pharm) weighs little, what only one has weighs much.
struct MakerTable: Sendable {
    /// One part of a maker.
    struct Part: Sendable {
        var text: UInt64
        var weight: Int32
        var grams: [UInt32]
        var weights: [UInt16]
        /// Whether one of the great companies is named.
        var hasSign: Bool
    }

    /// A part as it is kept: its grams are a list of the table.
    private struct StoredPart: Sendable {
        var text: UInt64
        var weight: Int32
    }

    private var stored: [StoredPart] = []
    private var grams = Lists<UInt32>()
    private var gramWeights: [UInt16] = []
    /// The parts of each maker.
    private var makers = Lists<UInt32>()
    private var weights: [UInt32: UInt16] = [:]
    private var highest: UInt16 = 0

    /// Gathers makers while a library is read.
    struct Builder {
        private var ids: [UInt64: UInt32] = [:]
        private var parts: [UInt64: UInt32] = [:]
        private var texts = Lists<UInt32>()
        private var hashes: [UInt64] = []
        private var lists = Lists<UInt32>()

        /// The number of a maker, new or known, and the hash of its parts.
        mutating func number(of maker: MakerReading) -> (id: UInt32, hash: UInt64) {
            var key: UInt64 = 7
            var numbers: [UInt32] = []
            for part in maker.parts {
                let hash = Scalars.hash(part)
                key = (key ^ hash) &* 0x9E37_79B9_7F4A_7C15
                if let known = parts[hash] {
                    numbers.append(known)
                } else {
                    let new = UInt32(hashes.count)
                    parts[hash] = new
                    hashes.append(hash)
                    texts.append(MakerTable.grams(of: part))
                    numbers.append(new)
                }
            }
            if let id = ids[key] { return (id, key) }
            let id = UInt32(lists.count)
            ids[key] = id
            lists.append(numbers)
            return (id, key)
        }

        consuming func build() -> MakerTable {
            var table = MakerTable()
            var frequencies: [UInt32: UInt32] = [:]
            for part in hashes.indices { for gram in texts[part] { frequencies[gram, default: 0] += 1 } }
            let total = UInt64(max(hashes.count, 1))
            table.highest = MakerTable.weight(total, 1)
            for (gram, frequency) in frequencies { table.weights[gram] = MakerTable.weight(total, UInt64(frequency)) }
            for part in hashes.indices {
                var sum: Int32 = 0
                for gram in texts[part] {
                    let weight = table.weights[gram] ?? table.highest
                    table.gramWeights.append(weight)
                    sum += Int32(weight)
                }
                table.stored.append(StoredPart(text: hashes[part], weight: sum))
            }
            table.grams = texts
            table.makers = lists
            return table
        }
    }

    /// A hospital's maker ready to be compared with many.
    func parts(of maker: MakerReading) -> [Part] {
        maker.parts.map { text in
            let grams = MakerTable.grams(of: text)
            let weights = grams.map { self.weights[$0] ?? highest }
            return Part(
                text: Scalars.hash(text), weight: weights.reduce(0) { $0 + Int32($1) }, grams: grams,
                weights: weights, hasSign: grams.contains(where: MakerTable.isSign))
        }
    }

    /// How many makers there are.
    var count: Int { makers.count }

    /// Whether a maker of the library is stated at all.
    func isStated(_ maker: UInt32) -> Bool { !makers.range(Int(maker)).isEmpty }

    /// How alike two makers are, 0 to 1000: the best pair of their parts.
    func similarity(_ local: [Part], _ maker: UInt32) -> Int {
        var best = 0
        let range = makers.range(Int(maker))
        // Through a span nothing is copied, hence nothing counted: this runs some hundred times for a drug.
        let local = local.span
        for place in range {
            let number = makers.elements[place]
            let part = stored[Int(number)]
            for ownPlace in local.indices {
                // The first part is the maker; what follows it packs, produces or came before.
                let step = (ownPlace > 0 ? 60 : 0) + (place > range.lowerBound ? 30 : 0)
                if local[ownPlace].text == part.text {
                    best = max(best, 1_000 - step)
                    continue
                }
                let weight = local[ownPlace].weight
                guard weight > 0, part.weight > 0 else { continue }
                let shared = overlap(local[ownPlace].grams.span, local[ownPlace].weights.span, Int(number))
                let dice = 2_000 * shared / Int(weight + part.weight)
                // A short name within a long one: 西安安健 in 西安安健药业有限公司. It must carry some weight itself.
                let shorter = Int(min(weight, part.weight))
                let contained = shorter >= 3 * Int(highest) / 2 ? 930 * shared / shorter : 0
                let sign = local[ownPlace].hasSign ? signSimilarity(local[ownPlace], Int(number), dice) : 0
                best = max(best, max(min(dice, 990), contained, sign) - step)
            }
        }
        return best
    }

    /// How many parts of a maker of the library a hospital names in the very words.
    func sharedParts(_ local: [Part], _ maker: UInt32) -> Int {
        makers[Int(maker)].reduce(0) { count, number in
            local.contains { $0.text == stored[Int(number)].text } ? count + 1 : count
        }
    }

    /// Both belong to one great company, or to two of which one took over from the other.
    private func signSimilarity(_ mine: Part, _ other: Int, _ dice: Int) -> Int {
        var best = 0
        for gram in mine.grams where MakerTable.isSign(gram) {
            for theirs in grams[other] where MakerTable.isSign(theirs) {
                if gram == theirs { return 620 + dice / 4 }
                if CompanyNames.relatives.contains(CompanyNames.pair(UInt16(gram & 0xFFFF), UInt16(theirs & 0xFFFF))) {
                    best = 460 + dice / 8
                }
            }
        }
        return best
    }

    private static func isSign(_ gram: UInt32) -> Bool { gram >= 0x4000_0000 && gram < 0x8000_0000 }

    private func overlap(_ mine: Span<UInt32>, _ weights: Span<UInt16>, _ other: Int) -> Int {
        let range = grams.range(other)
        let theirs = grams.elements.span
        var left = 0
        var right = range.lowerBound
        var shared = 0
        while left < mine.count, right < range.upperBound {
            let (a, b) = (mine[left], theirs[right])
            if a == b {
                shared += Int(weights[left])
                left += 1
                right += 1
            } else if a < b {
                left += 1
            } else {
                right += 1
            }
        }
        return shared
    }

    /// Sixteen for each time that the whole is twice the part: the logarithm in whole numbers.
    private static func weight(_ total: UInt64, _ frequency: UInt64) -> UInt16 {
        let ratio = max(1, total * 16 / max(1, frequency))
        let log = 63 - ratio.leadingZeroBitCount
        let fraction = log >= 4 ? (ratio >> UInt64(log - 4)) & 15 : 0
        return UInt16(max(4, (log - 4) * 16 + Int(fraction) + 4))
    }

    /// Pairs of Chinese characters, triples of Latin letters, and each great company on its own; sorted, each once.
    static func grams(of text: [UInt16]) -> [UInt32] {
        var grams: Set<UInt32> = []
        for (index, value) in text.enumerated() {
            if value >= 0xE800, value < 0xF900 {
                grams.insert(0x4000_0000 | UInt32(value))
            } else if Scalars.isLatin(value) || Scalars.isDigit(value) {
                var gram: UInt32 = 0x8000_0000
                for offset in 0..<3 where index + offset < text.count {
                    gram |= UInt32(text[index + offset] & 0xFF) << UInt32(8 * offset)
                }
                if index + 2 < text.count || index == 0 { grams.insert(gram) }
            } else if index + 1 < text.count {
                grams.insert((UInt32(value) << 16 | UInt32(text[index + 1])) & 0x3FFF_FFFF ^ UInt32(value >> 14))
            }
        }
        return grams.sorted()
    }
}
