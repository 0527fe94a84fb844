public import Core

/// What comparing one drug came to.
public enum ComparisonState: String, Sendable, Hashable, CaseIterable {
    /// Certain enough to be taken without a person.
    case decided
    /// Candidates for a person.
    case proposed
    /// Nothing in the library is like it.
    case none
    /// Has no national code; not compared.
    case exempt
}

/// How a result was found.
public enum ComparisonMethod: String, Sendable, Hashable, CaseIterable {
    /// The code the hospital supplied exists and agrees.
    case suppliedCode = "L0"
    /// Approval number with strength and factor.
    case approvalNumber = "L1"
    /// 本位码 or NHSA code.
    case otherCode = "L2"
    /// Exact description in one spelling.
    case exactDescription = "L3"
    /// Ranked candidates.
    case ranked = "L4"
    /// Exempt.
    case exempt = "LX"
}

/// Why nothing was decided alone.
public enum UndecidedReason: String, Sendable, Hashable, CaseIterable {
    case noMatch = "no_match"
    case multipleMatch = "multiple_match"
    case lowConfidence = "low_confidence"
    case infoIncomplete = "info_incomplete"
    case nameMismatch = "name_mismatch"
    case specMismatch = "spec_mismatch"
    case manufacturerMismatch = "manufacturer_mismatch"

    /// What people read.
    public var phrase: Phrase {
        switch self {
        case .noMatch: Phrase("标准库中没有对应药品", "the library has no such drug")
        case .multipleMatch: Phrase("多个标准药品同样符合", "several drugs of the library fit as well")
        case .lowConfidence: Phrase("把握不足，需人工确认", "not certain enough without a person")
        case .infoIncomplete: Phrase("信息不全，缺少规格或生产企业", "strength or manufacturer is missing")
        case .nameMismatch: Phrase("名称不一致", "the names differ")
        case .specMismatch: Phrase("规格、剂型或转换系数不一致", "strength, form or conversion factor differ")
        case .manufacturerMismatch: Phrase("生产企业不一致", "the manufacturers differ")
        }
    }
}

/// What became of the code that the hospital itself supplied.
public enum SuppliedCode: Sendable, Hashable {
    /// None was supplied.
    case missing
    /// The library has no such code.
    case unknown
    /// The entry is disabled or deleted.
    case retired
    /// It agrees with the description.
    case agrees
    /// It contradicts the description in these fields.
    case contradicted([EvidenceField])
}

/// An entry of the library that may be the drug.
public struct Candidate: Sendable, Hashable {
    /// Its code.
    public var ypid: String
    /// How likely it is the drug, in hundredths of a per cent.
    public var score: Int
    /// What every field says.
    public var evidence: Evidence
    /// Why it is never taken without a person.
    public var vetoes: Vetoes
    /// Whether name, strength, maker and form do not tell it from the first candidate.
    public var isLikeFirst: Bool
}

/// The result of comparing one drug with the library.
public struct Comparison: Sendable, Hashable {
    /// What it came to.
    public var state: ComparisonState
    /// How it was found.
    public var method: ComparisonMethod?
    /// The code decided on; `nil` unless decided.
    public var ypid: String?
    /// What the first candidate rests on.
    public var basis: Basis?
    /// How likely the first candidate is right, in hundredths of a per cent.
    public var score: Int
    /// How far the first candidate is ahead of the next that differs from it, in points of evidence.
    public var margin: Int
    /// Why nothing was decided, the weightiest first.
    public var reasons: [UndecidedReason]
    /// The likeliest entries, the likeliest first; ties by code.
    public var candidates: [Candidate]
    /// What became of a supplied code.
    public var suppliedCode: SuppliedCode
    /// Why it is exempt.
    public var exemption: Exemption?
}

extension Comparison {
    /// The hospital supplied a code and says of the drug in every field what the library says: nothing else fits better.
    public init(saidAlike ypid: String, by drug: LocalDrug) {
        var evidence = Evidence()
        evidence.name = .equal
        evidence.nameSimilarity = 1_000
        evidence.strength = .equal
        evidence.strengthSimilarity = 1_000
        evidence.manufacturer = .equal
        evidence.manufacturerSimilarity = 1_000
        if drug.approvalNumber != nil { evidence.approvalNumber = .equal }
        if drug.dosageForm != nil { evidence.dosageForm = .equal }
        if drug.conversionFactor != nil { evidence.conversionFactor = .equal }
        evidence.total = .max
        let score = Calibration.score(.suppliedCode, isClear: true, vetoes: [])
        self.init(
            state: .decided, method: .suppliedCode, ypid: ypid, basis: .suppliedCode, score: score, margin: 999,
            reasons: [],
            candidates: [Candidate(ypid: ypid, score: score, evidence: evidence, vetoes: [], isLikeFirst: true)],
            suppliedCode: .agrees, exemption: nil)
    }
}
