public import Core

/// How far one field of two descriptions agrees.
public enum Agreement: UInt8, Sendable, Hashable, Comparable {
    /// Cannot both be right for one product.
    case contradicts
    /// Differs in a way that may be a slip or another pack.
    case differs
    /// Not stated on one side, or not comparable.
    case unknown
    /// Agrees in part.
    case partly
    /// Says the same in other words.
    case agrees
    /// The same once both are in one spelling.
    case equal

    /// From contradiction to equality.
    public static func < (left: Agreement, right: Agreement) -> Bool { left.rawValue < right.rawValue }

    /// What people read.
    public var phrase: Phrase {
        switch self {
        case .contradicts: Phrase("矛盾", "contradicts")
        case .differs: Phrase("不同", "differs")
        case .unknown: Phrase("无法比较", "not comparable")
        case .partly: Phrase("部分一致", "agrees in part")
        case .agrees: Phrase("一致", "agrees")
        case .equal: Phrase("相同", "is equal")
        }
    }
}

/// The fields that are compared.
public enum EvidenceField: String, Sendable, CaseIterable {
    case approvalNumber = "approval_number"
    case standardCode = "standard_code"
    case nhsaCode = "nhsa_code"
    case name = "product_name"
    case strength
    case manufacturer
    case dosageForm = "dosage_form"
    case conversionFactor = "conversion_factor"
    case category

    /// What people read.
    public var phrase: Phrase {
        switch self {
        case .approvalNumber: Phrase("批准文号", "approval number")
        case .standardCode: Phrase("药品本位码", "standard code")
        case .nhsaCode: Phrase("医保药品编码", "NHSA code")
        case .name: Phrase("名称", "name")
        case .strength: Phrase("规格", "strength")
        case .manufacturer: Phrase("生产企业", "manufacturer")
        case .dosageForm: Phrase("剂型", "dosage form")
        case .conversionFactor: Phrase("转换系数", "conversion factor")
        case .category: Phrase("药品类别", "category")
        }
    }
}

/// Why a candidate is never taken without a person.
public struct Vetoes: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8

    /// From bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The strengths contradict each other.
    public static let strength = Vetoes(rawValue: 1 << 0)
    /// The forms belong to different routes or are made up differently.
    public static let dosageForm = Vetoes(rawValue: 1 << 1)
    /// The conversion factors differ, and the library states its own.
    public static let conversionFactor = Vetoes(rawValue: 1 << 2)
    /// A chemical drug against a Chinese medicine.
    public static let category = Vetoes(rawValue: 1 << 3)
    /// The approval numbers are two different ones.
    public static let approvalNumber = Vetoes(rawValue: 1 << 4)
    /// The entry is disabled or deleted.
    public static let retired = Vetoes(rawValue: 1 << 5)
    /// A code of the library is stated and it is another one.
    public static let code = Vetoes(rawValue: 1 << 6)
}

/// What every field says about one candidate.
public struct Evidence: Sendable, Hashable {
    /// The approval numbers.
    public var approvalNumber = Agreement.unknown
    /// The 本位码.
    public var standardCode = Agreement.unknown
    /// The NHSA codes.
    public var nhsaCode = Agreement.unknown
    /// The names, by the best pair of them.
    public var name = Agreement.unknown
    /// The strengths.
    public var strength = Agreement.unknown
    /// The makers, by the best pair of their parts.
    public var manufacturer = Agreement.unknown
    /// The forms.
    public var dosageForm = Agreement.unknown
    /// Dosage units per pack.
    public var conversionFactor = Agreement.unknown
    /// Chemical, Chinese medicine or biological.
    public var category = Agreement.unknown
    /// How alike the names are, 0 to 1000.
    public var nameSimilarity: UInt16 = 0
    /// How alike the makers are, 0 to 1000.
    public var manufacturerSimilarity: UInt16 = 0
    /// How alike the strengths are, 0 to 1000.
    public var strengthSimilarity: UInt16 = 0
    /// Whether name, strength and packing point nowhere else; the sum by which candidates are ordered.
    public var total: Int16 = 0

    /// Every field with its agreement, in the order of `EvidenceField`.
    public var fields: [(field: EvidenceField, agreement: Agreement)] {
        [
            (.approvalNumber, approvalNumber), (.standardCode, standardCode), (.nhsaCode, nhsaCode), (.name, name),
            (.strength, strength), (.manufacturer, manufacturer), (.dosageForm, dosageForm),
            (.conversionFactor, conversionFactor), (.category, category),
        ]
    }
}
