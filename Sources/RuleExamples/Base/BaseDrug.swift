/// A drug of the base submission. Names and forms are real, approval numbers and makers are not.
struct BaseDrug: Sendable, Hashable {
    var generic: String
    var form: String
    var strength: String
    var unit: String
    var pack: String
    var factor: Int
    /// Fen for a pack.
    var price: Int
    /// What the library calls its kind.
    var category: String

    /// The drug with a position, from 0: twelve drugs, again and again by other makers.
    static func at(_ position: Int) -> BaseDrug { all[position % all.count] }

    private static let all: [BaseDrug] = [
        BaseDrug("阿莫西林", "胶囊剂", "0.25g", "粒", "盒", 24, 1_272),
        BaseDrug("二甲双胍", "片剂", "0.5g", "片", "盒", 20, 1_640),
        BaseDrug("氨氯地平", "片剂", "5mg", "片", "盒", 28, 2_212),
        BaseDrug("头孢曲松钠", "注射剂", "1.0g", "支", "盒", 10, 4_350),
        BaseDrug("奥美拉唑", "胶囊剂", "20mg", "粒", "盒", 14, 1_988),
        BaseDrug("阿托伐他汀钙", "片剂", "20mg", "片", "盒", 7, 3_136),
        BaseDrug("布洛芬", "片剂", "0.2g", "片", "盒", 12, 948),
        BaseDrug("氯沙坦钾", "片剂", "50mg", "片", "盒", 14, 2_842),
        BaseDrug("左氧氟沙星", "片剂", "0.5g", "片", "盒", 6, 1_866),
        BaseDrug("蒙脱石", "散剂", "3g", "袋", "盒", 10, 1_590),
        BaseDrug("格列美脲", "片剂", "2mg", "片", "盒", 15, 2_535),
        BaseDrug("板蓝根", "颗粒剂", "10g", "袋", "包", 20, 1_180, category: "tcm"),
    ]

    private init(
        _ generic: String, _ form: String, _ strength: String, _ unit: String, _ pack: String, _ factor: Int,
        _ price: Int, category: String = "chemical"
    ) {
        self.generic = generic
        self.form = form
        self.strength = strength
        self.unit = unit
        self.pack = pack
        self.factor = factor
        self.price = price
        self.category = category
    }

    /// 产品名称: the generic name with what its form is called in names.
    var product: String { generic + (form.hasSuffix("剂") ? String(form.dropLast()) : form) }

    /// Letter of the approval number.
    var letter: String { category == "tcm" ? "Z" : "H" }
}
