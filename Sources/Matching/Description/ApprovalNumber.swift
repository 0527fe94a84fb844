/// An approval number in any of its spellings.
public struct ApprovalNumber: Sendable, Hashable {
    /// What the text is.
    public enum Kind: UInt8, Sendable {
        /// Nothing was given.
        case missing
        /// A number of a drug.
        case number
        /// A preparation of a hospital (制字): it has no national code.
        case hospitalPreparation
        /// Health food, a device, disinfectant: not a drug.
        case notADrug
        /// Text that is no number (seven digits, no letters).
        case malformed
    }

    /// What the text is.
    public var kind: Kind = .missing
    /// The numbers it may mean, the likeliest first, as packed keys.
    var keys: [UInt64] = []

    /// The likeliest number in its canonical form: letters and eight digits, `HJ20181187`.
    public var canonical: String? { keys.first.map(ApprovalNumber.text) }

    /// Reads an approval number.
    ///
    /// `国药准字H20181187` is a domestic drug and bare `H20181187` an import licence: two products. Bare numbers are
    /// therefore read as imports first, as domestic ones only where no import has the number.
    public init(_ text: String) {
        let folded = Folding.compact(text)
        guard !folded.isEmpty else { return }
        if ApprovalNumber.others.longest(in: folded) != nil {
            kind = .notADrug
            return
        }
        if Scalars.find(ApprovalNumber.preparation, in: folded) != nil
            || Scalars.find(ApprovalNumber.preparationLong, in: folded) != nil
        {
            kind = .hospitalPreparation
            return
        }
        kind = .malformed
        var isDomestic = false
        var index = 0
        while index < folded.count, keys.count < 6 {
            if folded[index] == 0x51C6, index + 1 < folded.count, folded[index + 1] == 0x5B57 { isDomestic = true }
            if folded[index] == DescriptionScanner.open { isDomestic = false }
            if let (letters, digits, end) = ApprovalNumber.number(folded, index) {
                append(letters, digits, isDomestic: isDomestic)
                index = end
            } else {
                index += 1
            }
        }
        if !keys.isEmpty { kind = .number }
    }

    private mutating func append(_ letters: [UInt16], _ digits: UInt64, isDomestic: Bool) {
        var name = letters
        // B in front of an import licence: packed here from large packs, the same product.
        if name.count >= 2, name[0] == 0x62, "hzs".utf16.contains(name[1]) { name.removeFirst() }
        let year = digits / 10_000
        let isYear = year >= 1985 && year <= 2099
        if name.count == 1, "hzs".utf16.contains(name[0]), !isDomestic, isYear {
            add(name + [0x6A], digits)
        }
        add(name, digits)
    }

    private mutating func add(_ letters: [UInt16], _ digits: UInt64) {
        var key: UInt64 = 0
        for letter in letters { key = key << 5 | UInt64(letter - 0x60) }
        let packed = key << 32 | digits
        if !keys.contains(packed) { keys.append(packed) }
    }

    /// One to four letters and eight digits, O for 0 and I or L for 1 forgiven.
    private static func number(_ text: [UInt16], _ start: Int) -> (letters: [UInt16], digits: UInt64, end: Int)? {
        guard Scalars.isLatin(text[start]), start == 0 || !Scalars.isLatin(text[start - 1]) else { return nil }
        var index = start
        while index < text.count, Scalars.isLatin(text[index]), index - start < 4 {
            if index > start, digit(text[index]) != nil, index + 1 < text.count, digit(text[index + 1]) != nil { break }
            index += 1
        }
        let letters = Array(text[start..<index])
        var value: UInt64 = 0
        var count = 0
        while index < text.count, let next = digit(text[index]) {
            value = value &* 10 &+ next
            count += 1
            index += 1
        }
        guard count == 8, "hzsjbtf".utf16.contains(letters[0]) else { return nil }
        return (letters, value, index)
    }

    private static func digit(_ value: UInt16) -> UInt64? {
        if Scalars.isDigit(value) { return UInt64(value - 0x30) }
        if value == 0x6F { return 0 }
        return value == 0x69 || value == 0x6C ? 1 : nil
    }

    static func text(_ key: UInt64) -> String {
        var letters = ""
        var rest = key >> 32
        while rest > 0 {
            letters = String(UnicodeScalar(UInt8(0x40 + rest & 0x1F))) + letters
            rest >>= 5
        }
        let digits = String(key & 0xFFFF_FFFF)
        return letters + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// Whether the number is one of an import, a repackaged import, or of Hong Kong, Macau or Taiwan.
    static func isImport(_ key: UInt64) -> Bool {
        let last = key >> 32 & 0x1F
        let isLong = key >> 37 > 0
        return last == 10 || isLong && last == 3
    }

    /// Whether the number is one of an import that is packed in China (J and eight digits).
    static func isRepackaged(_ key: UInt64) -> Bool { key >> 32 == 10 }

    /// `tcm` for a Z number, `chemical` for H, `biological` for S, `nil` where the letters do not tell.
    static func category(_ key: UInt64) -> Category? {
        var letters = key >> 32
        while letters > 0x1F { letters >>= 5 }
        switch UInt8(letters) + 0x40 {
        case UInt8(ascii: "Z"): return .tcm
        case UInt8(ascii: "H"): return .chemical
        case UInt8(ascii: "S"): return .biological
        default: return nil
        }
    }

    private static let preparation = Folding.compact("制字")
    private static let preparationLong = Folding.compact("制备字")
    private static let others = WordList<Bool>(
        ["食健字", "械备", "械注", "械准", "药监械", "械字", "卫妆", "妆字", "消字", "消证", "食字", "健字"].map { ($0, true) })
}
