/// What kind of drug it is, as the library's `category` says.
enum DrugCategory: String, Sendable {
    case chemical, tcm, biological

    /// The letter of its approval numbers.
    var letter: String {
        switch self {
        case .chemical: "H"
        case .tcm: "Z"
        case .biological: "S"
        }
    }
}

/// One ingredient in one form: what all its strengths, packs and makers have in common.
struct ProductLine: Sendable {
    /// 通用名, with its salt.
    let genericName: String
    let form: DosageForm
    let category: DrugCategory
    /// A class in the manner of the ATC: `C08CA`.
    let classCode: String
    /// Strengths, weakest first.
    let strengths: [String]
    /// What one dosage unit of the weakest strength costs, in hundredths of a fen.
    let basePrice: Int
    /// Whether it is on the list of essential drugs.
    let isEssential: Bool
}

extension ProductLine {
    /// Every line there is, in a fixed order.
    static let all: [ProductLine] = single + traditional

    // Each line: generic name, class, letter, forms, strengths (one list for each form), fen for a unit, essential.
    // The names of substances are everybody's; which strengths, packs and makers go with them is made up here.
    private static let single: [ProductLine] = list.split(separator: "\n").flatMap { line in
        let parts = line.split(separator: " ").map(String.init)
        let category: DrugCategory = parts[2] == "S" ? .biological : .chemical
        let forms = parts[3].split(separator: ",").compactMap { DosageForm(rawValue: String($0)) }
        let strengths = parts[4].split(separator: ";").map { $0.split(separator: ",").map(String.init) }
        return forms.enumerated().map { index, form in
            ProductLine(
                genericName: parts[0], form: form, category: category, classCode: parts[1],
                strengths: strengths[min(index, strengths.count - 1)],
                basePrice: (Int(parts[5]) ?? 50) * (100 + 60 * index), isEssential: parts[6] == "1")
        }
    }

    // Traditional medicines with names made of a root and an effect; none of them is meant to be one that is sold.
    private static let traditional: [ProductLine] = {
        let roots = ["芪苓", "丹蒲", "柴芩", "麦黄", "茯香", "银桑", "枳术", "参杞"]
        let effects = ["健脾", "安神", "止咳", "清咽", "通络", "益肾", "和胃", "解表"]
        let forms: [DosageForm] = [.granules, .capsule, .pill, .oralSolution]
        let strengths: [DosageForm: [String]] = [
            .granules: ["5g", "10g"], .capsule: ["0.3g", "0.45g"], .pill: ["3g", "6g", "9g"],
            .oralSolution: ["60ml", "100ml"],
        ]
        return roots.indices.flatMap { root in
            effects.indices.map { effect in
                let form = forms[(root + effect) % forms.count]
                return ProductLine(
                    genericName: roots[root] + effects[effect], form: form, category: .tcm,
                    classCode: "A\(root + 1)\(effect + 1)XX", strengths: strengths[form] ?? ["5g"],
                    basePrice: (form == .oralSolution ? 1800 : 90) * (100 + root * 10 + effect * 3),
                    isEssential: (root + effect) % 2 == 0)
            }
        }
    }()
}
