import Foundation
import Matching

/// Ways in which hospitals write the same thing differently, done to every pair in turn.
enum Variation: String, CaseIterable {
    case asPrinted = "as printed"
    case fullWidth = "full width"
    case traditional = "traditional characters"
    case homophone = "a character mistyped by sound or look"
    case missing = "a character left out"
    case extra = "a character too many"
    case spaced = "spaces between"
    case marked = "marks around the name"
    case shortMaker = "maker without company form"
    case otherUnit = "grams as milligrams and back"

    func applied(to drug: LocalDrug, number: Int) -> LocalDrug {
        var drug = drug
        func everywhere(_ change: (String) -> String) {
            drug.productName = change(drug.productName)
            drug.genericName = drug.genericName.map(change)
            drug.manufacturer = drug.manufacturer.map(change)
            drug.strength = drug.strength.map(change)
        }
        switch self {
        case .asPrinted: break
        case .fullWidth: everywhere { $0.applyingTransform(.fullwidthToHalfwidth, reverse: true) ?? $0 }
        case .traditional: everywhere { $0.applyingTransform(StringTransform("Hans-Hant"), reverse: false) ?? $0 }
        case .homophone:
            drug.genericName = nil
            for (right, wrong) in Variation.confusions where drug.productName.contains(right) {
                drug.productName = drug.productName.replacingOccurrences(of: right, with: wrong)
                break
            }
        case .missing:
            drug.genericName = nil
            if let place = Variation.place(in: drug.productName, number) { drug.productName.remove(at: place) }
        case .extra:
            drug.genericName = nil
            if let place = Variation.place(in: drug.productName, number) { drug.productName.insert("新", at: place) }
        case .spaced:
            drug.productName = drug.productName.map { "\($0)" }.joined(separator: " ")
        case .marked: drug.productName = "★(甲20%)【国基】" + drug.productName + "[集采](OTC)"
        case .shortMaker:
            for form in ["股份有限公司", "有限责任公司", "有限公司", " Co., Ltd.", " GmbH", " AG", ",Inc."] {
                drug.manufacturer = drug.manufacturer?.replacingOccurrences(of: form, with: "")
            }
        case .otherUnit: drug.strength = drug.strength.map(Variation.converted)
        }
        return drug
    }

    /// A character of the Chinese name that is not in its first two or last two.
    private static func place(in name: String, _ number: Int) -> String.Index? {
        let han = name.indices.filter { ("\u{4E00}"..."\u{9FFF}").contains(name[$0]) }
        guard han.count >= 6 else { return nil }
        return han[2 + number % (han.count - 4)]
    }

    private static func converted(_ text: String) -> String {
        if let match = text.firstMatch(of: /^0\.(\d)g/), let tenth = Int(match.1) {
            return text.replacingCharacters(in: match.range, with: "\(tenth * 100)mg")
        }
        if let match = text.firstMatch(of: /^([1-9])00mg/) {
            return text.replacingCharacters(in: match.range, with: "0.\(match.1)g")
        }
        return text
    }

    private static let confusions: [(String, String)] = [
        ("唑", "坐"), ("汀", "丁"), ("啶", "定"), ("霉", "梅"), ("孢", "胞"), ("钠", "纳"), ("坦", "担"), ("韦", "维"), ("胺", "氨"),
        ("酰", "先"), ("苷", "甙"), ("嘧", "密"), ("吡", "比"), ("噻", "塞"), ("洛", "络"), ("沙", "莎"), ("林", "琳"), ("素", "塑"),
        ("美", "每"), ("平", "苹"),
    ]

    static func measure(_ matcher: Matcher, _ pairs: [Pair]) {
        var workspace = MatchWorkspace(for: matcher.index)
        print("\nvariations of the pairs that state maker and strength, numbers blanked")
        print(String(repeating: " ", count: 40) + Tally.header)
        for variation in allCases {
            var tally = Tally()
            for (number, pair) in pairs.enumerated() where pair.isStated && !pair.isIdentical {
                var drug = variation.applied(to: pair.drug, number: number)
                drug.approvalNumber = nil
                tally.add(pair, matcher.compare(drug, using: &workspace), matcher.index)
            }
            print(variation.rawValue.padding(toLength: 40, withPad: " ", startingAt: 0) + tally.line)
        }
    }
}
