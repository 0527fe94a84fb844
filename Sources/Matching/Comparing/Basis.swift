public import Core

/// What a first candidate rests on. Each basis has its own measured precision, which is the score.
public enum Basis: String, Sendable, Hashable, CaseIterable {
    /// The hospital's own code, which agrees.
    case suppliedCode = "supplied_code"
    /// A number or code with the description behind it.
    case codeAndDescription = "code_and_description"
    /// A number or code that the description does not bear out.
    case codeAlone = "code_alone"
    /// Name, strength, form and maker, and no other entry has this name and strength.
    case onlyDescription = "only_description"
    /// The same, but other makers have this name and strength.
    case descriptionAndMaker = "description_and_maker"
    /// The same among imports, where one product has several registrations and holders change.
    case descriptionAmongImports = "description_among_imports"
    /// The same among imports of makers that have nothing to do with this one.
    case descriptionAmongStrangers = "description_among_strangers"
    /// Name, strength and form; the makers are alike but not equal.
    case similarMaker = "similar_maker"
    /// Name, strength and form of the only such entry; no maker is stated.
    case onlyName = "only_name"
    /// Name, strength and form that several entries share; no maker is stated.
    case sharedName = "shared_name"
    /// Name and strength of another maker.
    case otherMaker = "other_maker"
    /// The number stated is not that of the candidate.
    case otherNumber = "other_number"
    /// Less than that.
    case partial

    /// What people read.
    public var phrase: Phrase {
        switch self {
        case .suppliedCode: Phrase("上报编码与描述一致", "the supplied code agrees with the description")
        case .codeAndDescription: Phrase("编码或文号一致，描述印证", "a code or number, borne out by the description")
        case .codeAlone: Phrase("编码或文号一致，描述不能印证", "a code or number that the description does not bear out")
        case .onlyDescription: Phrase("描述完全一致且唯一", "the description is equal and only this entry has it")
        case .descriptionAndMaker: Phrase("描述与企业一致，另有企业同名同规格", "equal, though other makers have the name and strength")
        case .descriptionAmongImports: Phrase("描述一致，但同名进口注册不止一个", "equal, but the import has several registrations")
        case .descriptionAmongStrangers:
            Phrase("描述与企业一致，另有他企进口品种", "the description and the maker among imports of others")
        case .similarMaker: Phrase("名称规格一致，企业相近", "name and strength are equal, the makers alike")
        case .onlyName: Phrase("名称规格一致且唯一，未填企业", "the only entry of its name and strength; no maker stated")
        case .sharedName: Phrase("名称规格一致但不唯一，未填企业", "several entries have the name and strength; no maker stated")
        case .otherMaker: Phrase("名称规格一致，企业不同", "name and strength are equal, the maker is another")
        case .otherNumber: Phrase("批准文号不同", "the approval number is another")
        case .partial: Phrase("仅部分一致", "agrees in part only")
        }
    }
}
