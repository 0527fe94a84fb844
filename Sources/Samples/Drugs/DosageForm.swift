/// A dosage form and how drugs in it are named, counted and packed.
enum DosageForm: String, CaseIterable, Sendable {
    case tablet, sustainedTablet, entericTablet, dispersibleTablet, capsule, granules, injection, powderForInjection
    case oralSolution, eyeDrops, cream, pill

    /// 剂型名称
    var name: String {
        switch self {
        case .tablet: "片剂"
        case .sustainedTablet: "缓释片"
        case .entericTablet: "肠溶片"
        case .dispersibleTablet: "分散片"
        case .capsule: "胶囊剂"
        case .granules: "颗粒剂"
        case .injection: "注射液"
        case .powderForInjection: "注射用无菌粉末"
        case .oralSolution: "口服溶液剂"
        case .eyeDrops: "滴眼液"
        case .cream: "乳膏剂"
        case .pill: "丸剂"
        }
    }

    /// The product name of an ingredient in this form: `盐酸二甲双胍缓释片`, `注射用头孢曲松钠`.
    func productName(of ingredient: String) -> String {
        switch self {
        case .tablet: ingredient + "片"
        case .sustainedTablet: ingredient + "缓释片"
        case .entericTablet: ingredient + "肠溶片"
        case .dispersibleTablet: ingredient + "分散片"
        case .capsule: ingredient + "胶囊"
        case .granules: ingredient + "颗粒"
        case .injection: ingredient + "注射液"
        case .powderForInjection: "注射用" + ingredient
        case .oralSolution: ingredient + "口服溶液"
        case .eyeDrops: ingredient + "滴眼液"
        case .cream: ingredient + "乳膏"
        case .pill: ingredient + "丸"
        }
    }

    /// 制剂单位
    var dosageUnit: String {
        switch self {
        case .tablet, .sustainedTablet, .entericTablet, .dispersibleTablet: "片"
        case .capsule: "粒"
        case .granules: "袋"
        case .injection, .eyeDrops, .cream: "支"
        case .powderForInjection, .oralSolution: "瓶"
        case .pill: "丸"
        }
    }

    /// Dosage units in a pack, for each pack it is sold in. One unit is its own pack.
    var packs: [Int] {
        switch self {
        case .tablet: [12, 24, 30, 100]
        case .sustainedTablet, .entericTablet: [10, 14, 30]
        case .dispersibleTablet: [7, 14, 28]
        case .capsule: [12, 24, 36]
        case .granules: [6, 9, 12]
        case .injection: [1, 5, 10]
        case .powderForInjection: [1, 10]
        case .oralSolution, .eyeDrops, .cream: [1]
        case .pill: [6, 10, 120]
        }
    }

    /// 最小销售包装单位 of a pack.
    func packUnit(of factor: Int) -> String { factor == 1 ? dosageUnit : "盒" }

    /// The form's letter and number in a code of the health insurance.
    var insuranceCode: String {
        switch self {
        case .tablet: "A001"
        case .sustainedTablet: "A010"
        case .entericTablet: "A012"
        case .dispersibleTablet: "A006"
        case .capsule: "E001"
        case .granules: "K001"
        case .injection: "B002"
        case .powderForInjection: "B014"
        case .oralSolution: "H001"
        case .eyeDrops: "G005"
        case .cream: "F002"
        case .pill: "P001"
        }
    }
}
