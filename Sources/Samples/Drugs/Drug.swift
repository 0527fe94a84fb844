/// An entry of the library, small enough to keep half a million of them.
struct Drug: Sendable, Hashable {
    /// Its presentation: product line, strength and pack.
    let presentation: Int32
    /// The number of its maker.
    let maker: Int32
    /// What its approval number and product code are made from: the same for all packs of a strength and maker.
    let approval: Int32
    /// Fen for a pack, before a hospital's own bargain.
    let listPrice: Int32
}

/// A product line in one strength and one pack: everything about a drug but its maker, ready as text.
struct Presentation: Sendable {
    /// The product line.
    let line: ProductLine
    /// The position of the product line.
    let lineNumber: Int
    /// 制剂规格
    let strength: String
    /// The position of the strength.
    let strengthNumber: Int
    /// A number for line and strength together, the same for all packs.
    let strengthKey: Int
    /// 转换系数
    let factor: Int
    /// The position of the pack.
    let packNumber: Int

    /// 产品名称
    let productName: String
    /// 最小销售包装单位
    let packUnit: String

    /// Whether the province buys it centrally, at the award price for every hospital.
    var isCentral: Bool { strengthKey % 5 == 2 }
    /// Whether it passed the consistency evaluation.
    var isConsistent: Bool { line.category == .chemical && strengthKey % 3 != 1 }

    /// Every presentation there is, in a fixed order: first every strength in its first pack, then the other packs.
    static let all: [Presentation] = {
        var result: [Presentation] = []
        var strengthKey = 0
        var strengths: [(line: Int, strength: Int, key: Int)] = []
        for (number, line) in ProductLine.all.enumerated() {
            for strength in line.strengths.indices {
                strengths.append((number, strength, strengthKey))
                strengthKey += 1
            }
        }
        for pack in 0..<4 {
            for (number, strength, key) in strengths {
                let line = ProductLine.all[number]
                guard pack < line.form.packs.count else { continue }
                let factor = line.form.packs[(pack + key) % line.form.packs.count]
                result.append(
                    Presentation(
                        line: line, lineNumber: number, strength: line.strengths[strength], strengthNumber: strength,
                        strengthKey: key, factor: factor, packNumber: pack,
                        productName: line.form.productName(of: line.genericName),
                        packUnit: line.form.packUnit(of: factor)))
            }
        }
        return result
    }()

    /// How many different lines with strength there are.
    static let strengthCount = (all.map(\.strengthKey).max() ?? 0) + 1
}
