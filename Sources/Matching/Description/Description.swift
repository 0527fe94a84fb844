/// A drug description taken apart: what the comparison compares.
public struct Description: Sendable {
    /// The names that product, generic and trade name tell, product name first.
    public private(set) var names: [DrugName] = []
    /// The dosage form, from the name first and the form column second.
    public private(set) var form = DosageForm()
    /// Strength and packing, from their column and from what stands in the name.
    public private(set) var strength = Strength()
    /// The approval number.
    public private(set) var approval: ApprovalNumber
    /// Dosage units per pack: the stated factor, or else what the packing tells.
    public private(set) var conversionFactor: Int64?
    /// Whether the factor was stated in its own column.
    public private(set) var statesFactor = false
    /// Why the drug is not compared.
    public private(set) var exemption: Exemption?
    /// Chemical, Chinese medicine or biological, where the approval number tells.
    public private(set) var category: Category?
    var container: Container = []
    var maker: MakerReading
    var standardCode: UInt64?
    var nhsaCode: UInt64?

    /// The makers as compared, for people who ask why.
    public var makers: [String] {
        maker.parts.map { part in String(decoding: part.filter { $0 < 0xE800 || $0 > 0xF8FF }, as: UTF16.self) }
    }

    /// Takes a hospital's drug apart.
    public init(_ drug: LocalDrug) {
        self.init(
            names: [drug.productName, drug.genericName, drug.tradeName], form: drug.dosageForm,
            strength: drug.strength, makers: [drug.manufacturer], approval: drug.approvalNumber,
            standardCode: drug.standardCode, nhsaCode: drug.nhsaCode, factor: drug.conversionFactor)
        let texts = [drug.productName, drug.genericName ?? ""].map(Folding.compact)
        exemption = Exemption(
            approval: approval, names: texts, form: Folding.compact(drug.dosageForm ?? ""))
    }

    /// Takes a drug of the library apart.
    public init(_ drug: LibraryDrug) {
        self.init(
            names: [drug.productName, drug.genericName, drug.tradeName], form: drug.dosageForm,
            strength: drug.strength, makers: Description.makers(drug.manufacturer, drug.holder),
            approval: drug.approvalNumber,
            standardCode: drug.standardCode, nhsaCode: drug.nhsaCode, factor: drug.conversionFactor)
        if let stated = drug.category.flatMap(Category.init) { category = stated }
    }

    private init(
        names texts: [String?], form formText: String?, strength strengthText: String?, makers: [String?],
        approval approvalText: String?, standardCode: String?, nhsaCode: String?, factor: String?
    ) {
        approval = ApprovalNumber(approvalText ?? "")
        maker = MakerReading(makers.compactMap { $0 }.joined(separator: ";"))
        var nameStrength: [UInt16] = []
        for text in texts.compactMap({ $0 }) {
            let reading = NameReading(text)
            nameStrength += [Folding.space] + reading.strength
            for name in reading.names where !names.contains(where: { $0.full == name.full && $0.base == name.base }) {
                names.append(name)
            }
        }
        let foldedStrength = Folding.fold(strengthText ?? "")
        strength = Strength(folded: foldedStrength).completed(by: Strength(folded: nameStrength))
        container = Container.read(foldedStrength + [0] + Folding.compact(texts.first.flatMap { $0 } ?? ""))
        for name in names { form = form.completed(by: name.form) }
        form = form.completed(by: DosageForm.read(Folding.compact(formText ?? "")))
        conversionFactor = strength.packSize
        if let stated = factor.flatMap(Description.wholeNumber) {
            conversionFactor = stated
            statesFactor = true
        }
        category = approval.keys.first.flatMap(ApprovalNumber.category)
        self.standardCode = standardCode.flatMap(Description.standardCodeKey)
        self.nhsaCode = nhsaCode.flatMap(Description.nhsaCodeKey)
    }

    /// Mostly one is both, and then it is taken apart once. Only a plain name tells the same once as twice: brackets may be
    /// left open, and of what is longer than any name a part may be cut off.
    private static func makers(_ manufacturer: String?, _ holder: String?) -> [String?] {
        guard let manufacturer, manufacturer == holder, manufacturer.utf8.count < 400,
            manufacturer.unicodeScalars.allSatisfy({ $0.value >= 0x4E00 && $0.value <= 0x9FFF })
        else { return [manufacturer, holder] }
        return [manufacturer]
    }

    /// A whole conversion factor: `24`, `24.0000`. A broken one tells nothing.
    static func wholeNumber(_ text: String) -> Int64? {
        let tokens = DescriptionScanner.numbers(in: Folding.fold(text))
        guard let token = tokens.first, tokens.count == 1, token.decimals == 0, token.mantissa > 0 else { return nil }
        return token.mantissa
    }

    static func standardCodeKey(_ text: String) -> UInt64? {
        let digits = Folding.compact(text).filter(Scalars.isDigit)
        guard digits.count == 14 else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    }

    static func nhsaCodeKey(_ text: String) -> UInt64? {
        let code = Folding.compact(text)
        guard code.count == 20 || code.count == 23 else { return nil }
        return Scalars.hash(code)
    }
}
