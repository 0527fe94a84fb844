/// What a drug is filled in, where the text says so: registrations of one strength differ in it (笔芯, 小瓶, 特充).
struct Container: OptionSet, Sendable, Hashable {
    let rawValue: UInt16

    static let vial = Container(rawValue: 1 << 0)
    static let cartridge = Container(rawValue: 1 << 1)
    static let pen = Container(rawValue: 1 << 2)
    static let syringe = Container(rawValue: 1 << 3)
    static let ampoule = Container(rawValue: 1 << 4)
    static let softBag = Container(rawValue: 1 << 5)
    static let plasticBottle = Container(rawValue: 1 << 6)
    static let glassBottle = Container(rawValue: 1 << 7)
    static let singleDose = Container(rawValue: 1 << 8)
    static let child = Container(rawValue: 1 << 9)
    static let sugarFree = Container(rawValue: 1 << 10)

    /// Every container that a text names.
    static func read(_ text: [UInt16]) -> Container {
        var found: Container = []
        for index in text.indices {
            if let word = words.match(in: text, at: index) { found.insert(word.value) }
        }
        return found
    }

    private static let words = WordList<Container>([
        ("西林瓶", .vial), ("小瓶", .vial), ("瓶装", .vial), ("笔芯", .cartridge), ("卡式瓶", .cartridge), ("预填充笔", .pen),
        ("预填充注射笔", .pen), ("注射笔", .pen), ("特充", .pen), ("畅充", .pen), ("诺和笔", .pen), ("自动注射器", .pen),
        ("预填充注射器", .syringe), ("预填充式注射器", .syringe), ("预充式", .syringe), ("预充", .syringe), ("安瓿", .ampoule),
        ("软袋", .softBag), ("非pvc", .softBag), ("双阀", .softBag), ("塑瓶", .plasticBottle), ("塑料瓶", .plasticBottle),
        ("直立式", .plasticBottle), ("玻瓶", .glassBottle), ("玻璃瓶", .glassBottle), ("单剂量", .singleDose),
        ("儿童", .child), ("小儿", .child), ("无糖", .sugarFree), ("无蔗糖", .sugarFree), ("低糖", .sugarFree),
    ])
}
