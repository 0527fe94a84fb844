/// One name of a drug, taken apart: what is compared when two names are not the same text.
public struct DrugName: Sendable, Hashable {
    /// The whole name in one spelling: marks gone, the content of the brackets kept.
    var full: [UInt16] = []
    /// The name without its brackets.
    var base: [UInt16] = []
    /// The ingredient without salt, form and release type, colloquial names replaced.
    var stem: [UInt16] = []
    /// The salts of the ingredient as bits.
    var salts: UInt64 = 0
    /// Numerals, Latin letters and figures that tell one product from the next (Ⅱ, 30R, 18AA), sorted.
    var tokens: [UInt64] = []
    /// The form that the end of the name tells.
    var form = DosageForm()

    /// The name as the comparison sees it, for people who ask why.
    public var text: String { String(decoding: full, as: UTF16.self) }
    /// The ingredient without salt and form.
    public var ingredient: String { String(decoding: stem, as: UTF16.self) }

    init(full: [UInt16], base: [UInt16]) {
        self.full = full
        self.base = base
        var body = base
        let ending = DosageForm.ending(body)
        form = ending.form
        if ending.length < body.count { body.removeLast(ending.length) }
        for (prefix, kind, route) in DrugName.prefixes where Scalars.matches(prefix, body, at: 0) {
            guard body.count > prefix.count else { continue }
            body.removeFirst(prefix.count)
            if form.kind == .unknown || kind == .injectionPowder { form.kind = kind }
            if form.route == .unknown || form.route == .topical || kind == .injectionPowder { form.route = route }
        }
        (stem, salts) = Salts.split(NameSynonyms.normalized(body))
        tokens = DrugName.distinguishing(full)
    }

    private static let prefixes: [([UInt16], FormKind, Route)] = [
        (Folding.compact("注射用"), .injectionPowder, .injection), (Folding.compact("吸入用"), .inhalation, .inhaled),
        (Folding.compact("外用"), .unknown, .topical),
    ]

    /// Runs of Latin letters and digits, hashed.
    private static func distinguishing(_ text: [UInt16]) -> [UInt64] {
        var tokens: [UInt64] = []
        var run: [UInt16] = []
        for value in text + [0] {
            if Scalars.isLatin(value) || Scalars.isDigit(value) {
                run.append(value)
            } else if !run.isEmpty {
                tokens.append(Scalars.hash(run))
                run.removeAll(keepingCapacity: true)
            }
        }
        return Array(Set(tokens)).sorted()
    }
}

/// Every name that one text tells: `力蜚能胶囊（多糖铁复合物胶囊）` tells two.
struct NameReading {
    /// The names; the first is the text as a whole.
    var names: [DrugName] = []
    /// Strength or packing that stands in the name (`10%葡萄糖注射液`, `阿莫西林胶囊0.25g*24粒`).
    var strength: [UInt16] = []

    init(_ text: String) {
        var (outer, groups) = NameReading.brackets(NameMarks.trimmed(Folding.compact(text)))
        groups.removeAll(where: NameMarks.isMark)
        outer = NameMarks.trimmed(outer)
        takeLeadingPercent(&outer)
        takeTrailingStrength(&outer)
        var qualifiers: [UInt16] = []
        var others: [[UInt16]] = []
        for group in groups {
            if NameReading.isName(group) {
                others.append(group)
            } else if NameReading.isStrength(group) {
                strength += [Folding.space] + group
                qualifiers += group
            } else {
                qualifiers += NameReading.numeral(group)
            }
        }
        guard !outer.isEmpty || !others.isEmpty else { return }
        outer.removeAll(where: NameReading.isPunctuation)
        qualifiers.removeAll(where: NameReading.isPunctuation)
        if !outer.isEmpty {
            // A qualifier stands before the form or after it (`格列齐特缓释片(Ⅱ)`); here always after.
            names.append(DrugName(full: outer + qualifiers, base: outer))
        }
        for other in others.prefix(3).map({ $0.filter { !NameReading.isPunctuation($0) } }) {
            names.append(DrugName(full: other, base: other))
        }
    }

    /// Marks part a name in one list and not in the next (甲哌卡因/肾上腺素); points belong to figures.
    private static func isPunctuation(_ value: UInt16) -> Bool {
        !Scalars.isHan(value) && !Scalars.isLatin(value) && !Scalars.isDigit(value) && value != DescriptionScanner.point
    }

    /// The text outside of brackets and what each bracket holds; brackets within brackets belong to the outer one.
    static func brackets(_ text: [UInt16]) -> (outer: [UInt16], groups: [[UInt16]]) {
        var outer: [UInt16] = []
        var groups: [[UInt16]] = []
        var group: [UInt16] = []
        var depth = 0
        for value in text {
            switch value {
            case DescriptionScanner.open:
                depth += 1
            case DescriptionScanner.close:
                if depth == 1 {
                    if groups.count < 8 { groups.append(group) }
                    group.removeAll()
                }
                depth = max(0, depth - 1)
            default:
                if depth > 0 { group.append(value) } else { outer.append(value) }
            }
        }
        if !group.isEmpty { groups.append(group) }
        return (outer, groups)
    }

    /// A bracket that holds a name ends in a dosage form.
    private static func isName(_ group: [UInt16]) -> Bool {
        let ending = DosageForm.ending(group)
        return ending.length > 0 && group.count - ending.length >= 2 && group.count >= 4
            && !Scalars.isDigit(group[0])
    }

    private static func isStrength(_ group: [UInt16]) -> Bool {
        guard let first = group.first, Scalars.isDigit(first) else { return false }
        let tokens = DescriptionScanner.numbers(in: group)
        return tokens.contains { if case .measure = $0.meaning { true } else { false } }
    }

    /// `ll型` is `Ⅱ型`: a lower-case L among numerals is an I.
    private static func numeral(_ group: [UInt16]) -> [UInt16] {
        var text = group
        if text.last == 0x578B || text.last == 0x53F7 { text.removeLast() }
        guard !text.isEmpty, text.count <= 4,
            text.allSatisfy({ $0 == 0x69 || $0 == 0x6C || $0 == 0x76 || $0 == 0x31 })
        else { return text }
        if text.allSatisfy({ $0 == 0x31 }) { return text }
        return text.map { $0 == 0x6C || $0 == 0x31 ? 0x69 : $0 }
    }

    private mutating func takeLeadingPercent(_ name: inout [UInt16]) {
        var index = 0
        while index < name.count, Scalars.isDigit(name[index]) || name[index] == DescriptionScanner.point { index += 1 }
        guard index > 0, index < name.count, name[index] == 0x25, name.count > index + 2 else { return }
        strength += name[...index]
        name.removeFirst(index + 1)
    }

    /// What follows the form of a name and begins with a digit: `阿莫西林胶囊0.25g*24粒`, `辛伐他汀片7片`.
    private mutating func takeTrailingStrength(_ name: inout [UInt16]) {
        for index in name.indices.dropFirst(3) where Scalars.isDigit(name[index]) && Scalars.isHan(name[index - 1]) {
            let tail = Array(name[index...])
            guard DosageForm.ending(Array(name[..<index])).length > 0,
                DescriptionScanner.numbers(in: tail).first?.meaning != nil
            else { continue }
            strength += [Folding.space] + tail
            name.removeSubrange(index...)
            return
        }
    }
}
