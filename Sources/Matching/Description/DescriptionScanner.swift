/// One number of a strength text with its unit and what stands around it.
struct NumberToken {
    /// The whole number that the digits make without their point.
    var mantissa: Int64
    /// How many of the digits stand after the point.
    var decimals: Int
    var meaning: Units.Meaning?
    /// Whether `×` stands before it.
    var isMultiplied = false
    /// Whether what follows the unit is a weight (`每10丸重1g`).
    var precedesWeight = false
    /// The brackets that are open around it.
    var depth = 0
    /// What binds it to the number before: `/`, `:` or nothing.
    var joint: UInt16 = 0
    /// The scalar after the unit; `/` where "per" follows.
    var next: UInt16 = 0
    /// `/ml` without a number of its own: the amount is per one of it.
    var isImplied = false

    /// Whether it is what the amounts after it are in: `每5ml含`.
    var isPer = false

    /// Whether it is a rate (`25μg/h`), which tells nothing of the content.
    var isRate = false

    /// The amount in the smallest unit of its dimension, `nil` where it is not whole or does not fit.
    func amount(times size: Int64) -> Int64? {
        var (product, overflow) = mantissa.multipliedReportingOverflow(by: size)
        guard !overflow else { return nil }
        for _ in 0..<decimals {
            if product % 10 != 0 {
                // Finer than the smallest unit: as good as nothing in a drug, so it is rounded.
                product = (product + 5) / 10
            } else {
                product /= 10
            }
        }
        return product
    }
}

/// Finds the numbers of a strength text.
enum DescriptionScanner {
    /// At most this many numbers are looked at; the longest real descriptions have about sixty.
    static let limit = 80

    static func numbers(in text: [UInt16]) -> [NumberToken] {
        var tokens: [NumberToken] = []
        var index = 0
        var depth = 0
        var joint: UInt16 = 0
        var followsTimes = false
        var followsEach = false
        while index < text.count, tokens.count < limit {
            let value = text[index]
            if Scalars.isDigit(value) {
                let before = previousVisible(text, index)
                let adjacent = index > 0 ? text[index - 1] : 0
                if Scalars.isLatin(adjacent), !isTimesLetter(text, index - 1) {
                    index = endOfDigits(text, index)
                    continue
                }
                var token = NumberToken(mantissa: 0, decimals: 0)
                index = readNumber(text, index, &token)
                token.depth = depth
                token.joint = joint
                token.isMultiplied = before == star || followsTimes || adjacent == 0x78
                index = readUnit(text, index, &token)
                token.next = nextVisible(text, index)
                token.precedesWeight = isWeightWord(token.next)
                if followsEach, case .measure = token.meaning {
                    token.isPer = true
                    token.isImplied = true
                }
                tokens.append(token)
                joint = 0
                followsTimes = false
                followsEach = false
                if token.next == slash { index = readPer(text, index, &tokens) }
                continue
            }
            if let counted = readHanCount(text, index) {
                var token = counted.token
                token.depth = depth
                token.joint = joint
                token.isMultiplied = previousVisible(text, index) == star || followsTimes
                token.next = nextVisible(text, counted.end)
                token.precedesWeight = isWeightWord(token.next)
                tokens.append(token)
                joint = 0
                followsTimes = false
                followsEach = false
                index = counted.end
                continue
            }
            if value == each {
                followsEach = true
                index = readEach(text, index + 1, &tokens)
                continue
            }
            followsEach = followsEach && value == Folding.space
            switch value {
            case contains: joint = contains
            case open: depth += 1
            case close: depth = max(0, depth - 1)
            case slash, colon: joint = value
            case star: followsTimes = true
            case Folding.space: break
            default:
                // A word between two numbers parts them, unless it is a mark like `;`.
                if joint != contains, Scalars.isHan(value) || value == comma || value == semicolon {
                    joint = value == semicolon ? colon : 0
                }
                if Scalars.isHan(value) || value == comma { followsTimes = false }
            }
            index += 1
        }
        return tokens
    }

    static let slash = UInt16(UInt8(ascii: "/"))
    static let colon = UInt16(UInt8(ascii: ":"))
    static let semicolon = UInt16(UInt8(ascii: ";"))
    static let comma = UInt16(UInt8(ascii: ","))
    static let star = UInt16(UInt8(ascii: "*"))
    static let open = UInt16(UInt8(ascii: "("))
    static let close = UInt16(UInt8(ascii: ")"))
    static let point = UInt16(UInt8(ascii: "."))
    private static let each: UInt16 = 0x6BCF
    static let contains: UInt16 = 0x542B
    private static let weightWords: Set<UInt16> = Set("重含相".utf16)

    private static func isWeightWord(_ value: UInt16) -> Bool { weightWords.contains(value) }

    private static func previousVisible(_ text: [UInt16], _ index: Int) -> UInt16 {
        var place = index - 1
        while place >= 0, text[place] == Folding.space { place -= 1 }
        return place >= 0 ? text[place] : 0
    }

    private static func nextVisible(_ text: [UInt16], _ index: Int) -> UInt16 {
        var place = index
        while place < text.count, text[place] == Folding.space { place += 1 }
        return place < text.count ? text[place] : 0
    }

    /// Whether an `x` stands for `×`: nothing Latin before it.
    private static func isTimesLetter(_ text: [UInt16], _ index: Int) -> Bool {
        guard text[index] == 0x78 else { return false }
        let before = index > 0 ? text[index - 1] : 0
        return before != 0 && (!Scalars.isLatin(before) || before == 0x67 || before == 0x6C || before == 0x73)
    }

    private static func endOfDigits(_ text: [UInt16], _ start: Int) -> Int {
        var index = start
        while index < text.count, Scalars.isDigit(text[index]) { index += 1 }
        return index
    }

    /// `六片`, `十二粒`, `二十支`: a number below a hundred in words, where a counted thing follows it.
    private static func readHanCount(_ text: [UInt16], _ start: Int) -> (token: NumberToken, end: Int)? {
        guard hanDigits[text[start]] != nil || text[start] == ten else { return nil }
        var index = start
        var number: Int64 = 0
        if let first = hanDigits[text[index]] {
            number = first
            index += 1
        }
        if index < text.count, text[index] == ten {
            number = max(number, 1) * 10
            index += 1
            if index < text.count, let last = hanDigits[text[index]] {
                number += last
                index += 1
            }
        }
        guard let unit = Units.words.match(in: text, at: index), case .count = unit.value else { return nil }
        var token = NumberToken(mantissa: number, decimals: 0)
        token.meaning = unit.value
        return (token, index + unit.length)
    }

    private static let ten: UInt16 = 0x5341
    private static let hanDigits: [UInt16: Int64] = Dictionary(
        uniqueKeysWithValues: zip("一二三四五六七八九".utf16, 1...9))

    /// Digits with one point, and commas that part groups of three.
    private static func readNumber(_ text: [UInt16], _ start: Int, _ token: inout NumberToken) -> Int {
        var index = start
        var digits = 0
        var isFraction = false
        while index < text.count {
            let value = text[index]
            if Scalars.isDigit(value) {
                digits += 1
                if digits <= 15 {
                    token.mantissa = token.mantissa * 10 + Int64(value - 0x30)
                    if isFraction { token.decimals += 1 }
                }
            } else if value == point, !isFraction, index + 1 < text.count, Scalars.isDigit(text[index + 1]) {
                isFraction = true
            } else if value == comma, !isFraction, digits <= 3, index > start, groupsThree(text, index) {
                index += 1
                continue
            } else {
                break
            }
            index += 1
        }
        while token.decimals > 0, token.mantissa % 10 == 0 {
            token.mantissa /= 10
            token.decimals -= 1
        }
        return index
    }

    private static func groupsThree(_ text: [UInt16], _ index: Int) -> Bool {
        let end = endOfDigits(text, index + 1)
        guard end - index - 1 == 3 else { return false }
        return end >= text.count || text[end] != point
    }

    private static func readUnit(_ text: [UInt16], _ start: Int, _ token: inout NumberToken) -> Int {
        var index = start
        while index < text.count, text[index] == Folding.space { index += 1 }
        var factor: Int64 = 1
        while let found = Units.multipliers.match(in: text, at: index), factor < 1_000_000_000 {
            factor *= found.value
            index += found.length
        }
        if factor > 1 {
            let (product, overflow) = token.mantissa.multipliedReportingOverflow(by: factor)
            if !overflow { token.mantissa = product }
        }
        if let found = Units.words.match(in: text, at: index), isWhole(text, index, found.length) {
            token.meaning = found.value
            return index + found.length
        }
        if factor > 1 {
            token.meaning = .measure(.units, 1_000)
            return index
        }
        return start
    }

    /// A Latin unit ends where its word ends; `mgx10` and `mg*10` both do.
    private static func isWhole(_ text: [UInt16], _ index: Int, _ length: Int) -> Bool {
        let end = index + length
        guard end < text.count, Scalars.isLatin(text[end - 1]), Scalars.isLatin(text[end]) else { return true }
        return text[end] == 0x78 && end + 1 < text.count && (Scalars.isDigit(text[end + 1]) || text[end + 1] == 0x20)
    }

    /// `每克含`, `每ml含`: one gram, one millilitre.
    private static func readEach(_ text: [UInt16], _ start: Int, _ tokens: inout [NumberToken]) -> Int {
        guard let found = Units.words.match(in: text, at: start), isWhole(text, start, found.length),
            case .measure(let dimension, _) = found.value, dimension == .volume || dimension == .mass
        else { return start }
        var token = NumberToken(mantissa: 1, decimals: 0)
        token.meaning = found.value
        token.isImplied = true
        token.isPer = true
        tokens.append(token)
        return start + found.length
    }

    /// `10mg/ml`: per one millilitre. `25μg/h`, `20μg/24小时`: a rate.
    private static func readPer(_ text: [UInt16], _ start: Int, _ tokens: inout [NumberToken]) -> Int {
        guard let slashIndex = text[start...].firstIndex(of: slash) else { return start }
        var index = slashIndex + 1
        while index < text.count, text[index] == Folding.space { index += 1 }
        if let rate = rates.match(in: text, at: index), let last = tokens.indices.last {
            tokens[last].isRate = true
            return index + rate.length
        }
        guard let found = Units.words.match(in: text, at: index), isWhole(text, index, found.length),
            case .measure(let dimension, _) = found.value, dimension == .volume || dimension == .mass
        else { return start }
        var token = NumberToken(mantissa: 1, decimals: 0)
        token.meaning = found.value
        token.joint = slash
        token.isImplied = true
        tokens.append(token)
        return index + found.length
    }

    private static let rates = WordList<Bool>([
        ("h", true), ("hr", true), ("小时", true), ("24小时", true), ("24h", true), ("12小时", true), ("日", true),
        ("天", true),
    ])
}
