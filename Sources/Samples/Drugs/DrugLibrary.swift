import Core

/// A national drug library of any size up to a million entries, the same for the same seed.
///
/// An entry is a presentation and a maker. Packs of one strength and maker share approval number and 本位码 and have
/// a YPID each; every code can be told from the numbers of presentation and maker, so nothing but 16 bytes is kept.
struct DrugLibrary: Sendable {
    /// The entries in force.
    let drugs: [Drug]
    /// Entries that were disabled; no submission of a clean night names them.
    let retired: [Drug]
    /// Where entries on the list of essential drugs stand, in order.
    let essential: [Int32]
    /// Where the others stand, in order.
    let other: [Int32]

    /// The most entries there can be: each round gives every presentation one more maker.
    static let maximumCount = 1_000_000

    /// Makes a library.
    init(seed: UInt64, count: Int) {
        precondition((1...DrugLibrary.maximumCount).contains(count), "a library has 1 to 1 000 000 drugs")
        let presentations = Presentation.all
        var random = SeededGenerator(seed: seed, path: 0xD2)
        // A strength's makers are a walk through all makers, so no maker has it twice.
        let walks = (0..<Presentation.strengthCount).map { _ in Walk(count: MakerNames.count, using: &random) }
        let scramble = random.below(DrugLibrary.approvalNumbers)
        var drugs: [Drug] = []
        var essential: [Int32] = []
        var other: [Int32] = []
        var retired: [Drug] = []
        drugs.reserveCapacity(count)
        for index in 0..<count + count / 100 {
            let number = index % presentations.count
            let round = index / presentations.count
            let presentation = presentations[number]
            let maker = walks[presentation.strengthKey][round]
            let ordinal = round * Presentation.strengthCount + presentation.strengthKey
            let approval = (ordinal * 7_919 + scramble) % DrugLibrary.approvalNumbers
            let drug = Drug(
                presentation: Int32(number), maker: Int32(maker), approval: Int32(approval),
                listPrice: DrugLibrary.price(of: presentation, maker: maker))
            guard index < count else {
                retired.append(drug)
                continue
            }
            drugs.append(drug)
            if presentation.line.isEssential { essential.append(Int32(index)) } else { other.append(Int32(index)) }
        }
        self.drugs = drugs
        self.retired = retired
        self.essential = essential
        self.other = other
    }

    /// How many approval numbers a letter has: 4 digits for a year 1985 … 2024, 4 digits within it.
    private static let approvalNumbers = 40 * 9_999

    // A price grows slower than strength and pack, differs between makers by up to a half, and is at least 2 yuan, so
    // that a fen more or less stays within half a per cent.
    private static func price(of presentation: Presentation, maker: Int) -> Int32 {
        let strength = 100 + presentation.strengthNumber * 65
        let pack = presentation.factor * (presentation.factor >= 24 ? 92 : 100)
        let ofMaker = 80 + maker * 37 % 71
        let hundredths = presentation.line.basePrice * strength / 100 * pack / 100 * ofMaker / 100
        return Int32(clamping: max(200, hundredths / 100 + 200))
    }

    /// The presentation of an entry.
    func presentation(of drug: Drug) -> Presentation { Presentation.all[Int(drug.presentation)] }

    /// 国家药品编码: 1, four digits for line and strength, two for the pack, five for the maker.
    static func ypid(of drug: Drug, _ presentation: Presentation) -> String {
        "1" + presentation.strengthKey.digits(4) + (presentation.packNumber + 1).digits(2)
            + (Int(drug.maker) + 1).digits(5)
    }

    /// 批准文号: 国药准字, a letter, a year and four digits.
    static func approvalNumber(of drug: Drug, _ presentation: Presentation) -> String {
        let number = Int(drug.approval)
        return "国药准字" + presentation.line.category.letter + (1985 + number / 9_999).digits(4)
            + (1 + number % 9_999).digits(4)
    }

    /// 药品本位码 with its check digit: 86, 9, five digits for the maker, five for what it makes.
    static func standardCode(of drug: Drug, _ presentation: Presentation) -> String {
        let body = "869" + (Int(drug.maker) + 1).digits(5) + presentation.strengthKey.digits(5)
        let bytes = Array(body.utf8)
        guard let check = StandardCode.checkDigit(of: bytes.span) else { return body }
        return body + String(decoding: [check], as: UTF8.self)
    }

    /// A code in the manner of the health insurance: 23 characters, for Chinese patent medicines 20.
    static func insuranceCode(of drug: Drug, _ presentation: Presentation) -> String {
        let line = presentation.line
        let maker = (Int(drug.maker) + 1).digits(5)
        let pack = (presentation.strengthNumber + 1).digits(2) + (presentation.packNumber + 1).digits(2)
        if line.category == .tcm {
            return "Z" + line.classCode + "X" + presentation.lineNumber.digits(4) + pack + maker
        }
        return "X" + line.classCode + "N" + presentation.lineNumber.digits(3) + line.form.insuranceCode + pack + maker
    }

    /// The price per pack that the province awarded, in fen; `nil` where it is not bought centrally.
    static func awardPrice(of drug: Drug, _ presentation: Presentation) -> Int? {
        presentation.isCentral ? max(200, Int(drug.listPrice) * 72 / 100) : nil
    }
}

extension Int {
    /// The number with zeros in front, so many digits long.
    func digits(_ count: Int) -> String {
        let text = String(self)
        return text.utf8.count >= count ? text : String(repeating: "0", count: count - text.utf8.count) + text
    }
}

extension DrugLibrary {
    private static let tradeFirst = ["安", "康", "瑞", "宁", "益", "达", "优", "舒", "维", "诺", "泰", "博"]
    private static let tradeSecond = ["立宁", "可舒", "尔泰", "维平", "悦", "迪清", "欣", "洛通", "必安", "思达", "素", "捷"]
    private static let englishParts = ["An", "Li", "Ru", "Ve", "To", "Ka", "Mi", "Zo", "Pe", "Da"]

    /// 商品名, invented.
    static func tradeName(of drug: Drug) -> String {
        let number = Int(drug.approval)
        return tradeFirst[number % tradeFirst.count] + tradeSecond[number / 12 % tradeSecond.count]
    }

    /// 商品名（英文）, invented.
    static func englishTradeName(of drug: Drug) -> String {
        let number = Int(drug.approval)
        return englishParts[number % 10] + englishParts[number / 10 % 10].lowercased()
            + englishParts[number / 100 % 10].lowercased() + "x"
    }
}
