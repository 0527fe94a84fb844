/// One line of an explanation: what both sides say in the spelling that was compared, and how far it agrees.
public struct FieldExplanation: Sendable, Hashable {
    /// The field.
    public var field: EvidenceField
    /// How far it agrees.
    public var agreement: Agreement
    /// What the hospital says, as compared; empty where nothing was stated.
    public var local: String
    /// What the library says, as compared.
    public var library: String
}

/// Why a drug is, or is not, an entry of the library: field by field, for a person to read.
public struct Explanation: Sendable, Hashable {
    /// The fields in the order of `EvidenceField`.
    public var fields: [FieldExplanation]

    /// Explains evidence that a matcher found for a drug and an entry.
    public init(local: LocalDrug, library: LibraryDrug, evidence: Evidence) {
        let (mine, theirs) = (Description(local), Description(library))
        fields = evidence.fields.map { field, agreement in
            let texts: (String?, String?) =
                switch field {
                case .approvalNumber: (mine.approval.canonical, theirs.approval.canonical)
                case .standardCode: (local.standardCode, library.standardCode)
                case .nhsaCode: (local.nhsaCode, library.nhsaCode)
                case .name: (Explanation.joined(mine.names.map(\.text)), Explanation.joined(theirs.names.map(\.text)))
                case .strength: (mine.strength.text, theirs.strength.text)
                case .manufacturer: (Explanation.joined(mine.makers), Explanation.joined(theirs.makers))
                case .dosageForm: (mine.form.text, theirs.form.text)
                case .conversionFactor:
                    (mine.conversionFactor.map(String.init), theirs.conversionFactor.map(String.init))
                case .category: (mine.category.map(\.text), theirs.category.map(\.text))
                }
            return FieldExplanation(
                field: field, agreement: agreement, local: texts.0 ?? "", library: texts.1 ?? "")
        }
    }

    private static func joined(_ texts: [String]) -> String { texts.joined(separator: " / ") }
}

extension Strength {
    /// The amounts in their usual units: `5ml, 50mg`.
    public var text: String {
        quantities.filter { !$0.isDerived }.map(\.text).joined(separator: ", ")
    }
}

extension Quantity {
    /// The amount in the largest unit that leaves it whole, or else in the smallest.
    public var text: String {
        let units: [(Int64, String)] =
            switch dimension {
            case .mass: [(1_000_000_000_000, "g"), (1_000_000_000, "mg"), (1_000_000, "μg"), (1_000, "ng"), (1, "pg")]
            case .volume: [(1_000_000_000, "l"), (1_000_000, "ml"), (1_000, "μl"), (1, "nl")]
            case .units: [(10_000_000, "万单位"), (1_000, "单位"), (1, "/1000 单位")]
            case .moles: [(1_000_000, "mmol"), (1_000, "μmol"), (1, "nmol")]
            case .activity: [(1_000_000, "MBq"), (1_000, "kBq"), (1, "Bq")]
            case .energy: [(1_000, "kcal"), (1, "cal")]
            case .doses: [(1_000, "喷"), (1, "/1000 喷")]
            case .length: [(10_000, "cm"), (1_000, "mm"), (1, "μm")]
            case .massConcentration: [(10_000_000, "%"), (1, "ppb")]
            case .unitConcentration: [(1_000_000, "单位/ml"), (1, "/1000 单位/l")]
            }
        for (size, name) in units where amount % size == 0 { return "\(amount / size)\(name)" }
        return "\(amount)"
    }
}

extension DosageForm {
    /// Kind, route and release by their names in the code, such as `tablet oralSolid sustained`.
    public var text: String {
        guard kind != .unknown || route != .unknown else { return "" }
        return release == .plain ? "\(kind) \(route)" : "\(kind) \(route) \(release)"
    }
}

extension Category {
    /// The contract's word.
    public var text: String {
        switch self {
        case .chemical: "chemical"
        case .tcm: "tcm"
        case .biological: "biological"
        }
    }
}
