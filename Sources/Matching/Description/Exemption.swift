public import Core

/// Why a drug has no national code and is not compared.
public enum Exemption: String, Sendable, Hashable, CaseIterable {
    /// 医疗机构制剂: made by a hospital for itself.
    case hospitalPreparation = "hospital_preparation"
    /// 中药饮片: slices and other raw herbs.
    case herbalSlices = "herbal_slices"
    /// 中药配方颗粒: granules made from one herb.
    case formulaGranules = "formula_granules"

    /// What people read.
    public var phrase: Phrase {
        switch self {
        case .hospitalPreparation: Phrase("医疗机构制剂，没有国家药品编码", "a hospital preparation: it has no national code")
        case .herbalSlices: Phrase("中药饮片，不参加编码比对", "herbal slices are not compared")
        case .formulaGranules: Phrase("中药配方颗粒，不参加编码比对", "formula granules are not compared")
        }
    }

    /// The exemption of a drug; `nil` where it is to be compared.
    init?(approval: ApprovalNumber, names: [[UInt16]], form: [UInt16]) {
        if approval.kind == .hospitalPreparation {
            self = .hospitalPreparation
            return
        }
        for text in names + [form] {
            for (word, exemption) in Exemption.words where Scalars.find(word, in: text) != nil {
                // A number of a registered drug outweighs a word.
                if approval.kind == .number { return nil }
                self = exemption
                return
            }
        }
        if approval.kind != .number, Exemption.forms.contains(form) {
            self = .herbalSlices
            return
        }
        return nil
    }

    private static let words: [([UInt16], Exemption)] = spelled.map { (Folding.compact($0.0), $0.1) }

    private static let spelled: [(String, Exemption)] = [
        ("配方颗粒", .formulaGranules), ("免煎颗粒", .formulaGranules), ("中药颗粒剂", .formulaGranules), ("饮片", .herbalSlices),
        ("中草药", .herbalSlices), ("医院制剂", .hospitalPreparation), ("院内制剂", .hospitalPreparation),
        ("医疗机构制剂", .hospitalPreparation), ("自制制剂", .hospitalPreparation), ("本院制剂", .hospitalPreparation),
        ("协定处方", .hospitalPreparation), ("协定方", .hospitalPreparation),
    ]

    private static let forms: Set<[UInt16]> = Set(["草药", "中药材", "药材", "中药", "切片"].map(Folding.compact))
}
