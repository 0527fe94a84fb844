/// What a quantity measures.
public enum Dimension: UInt8, Sendable, CaseIterable, Comparable {
    /// Picograms.
    case mass
    /// Thousandths of a unit: IU, 单位, U and the special units of vaccines, heparins and allergens.
    case units
    /// Nanomoles.
    case moles
    /// Becquerels.
    case activity
    /// Thousandths of a kilocalorie.
    case energy
    /// Nanolitres.
    case volume
    /// Thousandths of a spray, puff or drop.
    case doses
    /// Micrometres, for patches.
    case length
    /// Billionths: 1 % is 10,000,000, and so is 1 g in 100 ml.
    case massConcentration
    /// Thousandths of a unit in a litre.
    case unitConcentration

    /// A dimension that tells how much of the ingredient there is.
    var isAmount: Bool { self <= .energy }

    /// By raw value.
    public static func < (left: Dimension, right: Dimension) -> Bool { left.rawValue < right.rawValue }
}

/// An exact amount: whole numbers of the smallest unit of its dimension, so that 0.25 g and 250 mg are equal.
public struct Quantity: Sendable, Hashable {
    /// What is measured.
    public var dimension: Dimension
    /// How many of the dimension's smallest unit.
    public var amount: Int64
    /// Whether the text says so itself, or it follows from a concentration and a volume.
    public var isDerived = false
}

/// The units of drug descriptions.
enum Units {
    /// What a unit word stands for.
    enum Meaning: Sendable {
        case measure(Dimension, Int64)
        /// A thing that is counted: tablets, bottles, boxes.
        case count
    }

    static let multipliers = WordList<Int64>([
        ("万", 10_000), ("萬", 10_000), ("亿", 100_000_000), ("百万", 1_000_000), ("千万", 10_000_000), ("千", 1_000),
    ])

    static let words = WordList<Meaning>(
        measures.flatMap { entry in
            entry.words.split(separator: " ").map { (String($0), Meaning.measure(entry.dimension, entry.size)) }
        } + counted.split(separator: " ").map { (String($0), Meaning.count) })

    private static let measures: [(dimension: Dimension, size: Int64, words: String)] = [
        (.mass, 1_000_000_000_000_000, "kg 千克 公斤"), (.mass, 1_000_000_000_000, "g gm 克"),
        (.mass, 1_000_000_000, "mg 毫克 豪克"), (.mass, 1_000_000, "ug mcg 微克"), (.mass, 1_000, "ng 纳克"),
        (.volume, 1_000_000_000, "l 升"), (.volume, 1_000_000, "ml 毫升 豪升 cc"), (.volume, 1_000, "ul 微升"),
        (
            .units, 1_000,
            """
            iu u 单位 国际单位 个单位 i.u. 效价单位 生物单位 抗原单位 欧洲药典单位 肝素单位 axaiu iuaxa antixaiu lsu bu tu du squ sq-u \
            eu pfu cfu ccid50 lgccid50 lgpfu neurotropin单位 活性单位 感染单位 个菌 个活菌 活菌 cfu/g 个芽孢 个 ub tfu
            """
        ),
        (.units, 1_000_000, "kiu ku"), (.units, 1_000_000_000, "miu mu 百万单位"),
        (.moles, 1_000_000, "mmol 毫摩尔"), (.moles, 1_000, "umol"),
        (.activity, 1_000, "kbq"), (.activity, 1_000_000, "mbq"), (.activity, 1_000_000_000, "gbq"),
        (.activity, 1, "bq"),
        (.activity, 37_000_000, "mci"), (.activity, 37_000, "uci"), (.activity, 37_000_000_000, "ci"),
        (.energy, 1_000, "kcal 千卡 大卡"), (.energy, 239, "kj"),
        (.doses, 1_000, "喷 揿 掀 撳 吸 滴 喷次 吸次 泡"),
        (.length, 10_000, "cm 厘米 cm2 平方厘米"), (.length, 1_000, "mm 毫米"),
        (.massConcentration, 10_000_000, "%"),
    ]

    private static let counted = """
        片 粒 枚 丸 支 袋 瓶 贴 板 盒 包 人份 测试 只 套 块 管 卷 筒 听 桶 罐 笔 针 锭 对 付 排 条 安瓿 小瓶 小盒 中盒 小袋 's 'sx s ' \
        tab tabs cap caps 粒胶囊 膜 张 帖 囊
        """
}
