import Core

/// An institution of a sample night: what the library says of it and what it needs to report.
struct SampleInstitution: Sendable, Hashable {
    /// Its position in the roster, from 0.
    let number: Int
    /// What kind it is.
    let kind: InstitutionKind
    /// Its name; no real institution has it.
    let name: String
    /// 组织机构代码 with its check character.
    let orgCode: String
    /// 医疗机构代码, 22 characters.
    let hospitalCode: String
    /// Its county.
    let division: Division
    /// 1 甲, 2 乙, 3 丙; `nil` where ungraded.
    let grade: Int?
    /// Drugs in its catalogue.
    let drugCount: Int
    /// Every how manyth drug stands in the catalogue only, came in only, or was issued and not used. Small for a
    /// submission that will be given defects, because a defect there has no consequence in another table.
    let idleEvery: Int

    /// Whether the library does not list it.
    var isUnlisted = false
    /// Whether the library says that it has to report.
    var mustReport = true
    /// Whether the library says that it ended before the period.
    var isExpired = false

    /// 单位负责人, a name made of a surname and what could be a place.
    let unitHead: String
    /// 统计负责人
    let statsHead: String
}

extension SampleInstitution {
    /// The institution with a number.
    ///
    /// - Parameter ordinal: its position among those of its kind; it makes the name.
    init(
        seed: UInt64, number: Int, ordinal: Int, kind: InstitutionKind, drugCount: Int, idleEvery: Int = 120
    ) {
        var random = SeededGenerator(seed: seed, path: 0x1457, UInt64(number))
        let counties = SampleInstitution.counties
        let division = counties[(ordinal * 41 + kind.level * 13) % counties.count]
        let round = ordinal / counties.count
        // Eight digits that differ for each number, scrambled so that they do not look counted.
        let org = ((number + 1) * 48_271_993 + 10_000_019) % 90_000_000 + 10_000_000
        let orgCode = SampleInstitution.withCheckCharacter(org.digits(8))
        let (category, name) = SampleInstitution.name(of: kind, in: division, ordinal: ordinal, round: round)
        self.number = number
        self.kind = kind
        self.name = name
        self.orgCode = orgCode
        hospitalCode = orgCode + division.code + "11" + category + "1"
        self.division = division
        grade = kind.level == 9 ? nil : 1 + random.below(kind == .tertiary ? 2 : 3)
        self.drugCount = drugCount
        self.idleEvery = idleEvery
        unitHead = random.pick(SampleInstitution.surnames) + random.pick(SampleInstitution.givenNames)
        statsHead = random.pick(SampleInstitution.surnames) + random.pick(SampleInstitution.givenNames)
    }

    /// Eight characters with their check character behind them.
    static func withCheckCharacter(_ eight: String) -> String {
        let bytes = Array(eight.utf8)
        guard let check = OrganizationCode.checkCharacter(of: bytes.span) else { return eight }
        return eight + String(decoding: [check], as: UTF8.self)
    }

    private static let counties = Division.shaanxi.filter(\.isCounty)
    // Words that no place and no hospital of the province bears.
    private static let words = [
        "晴川", "青岚", "云泽", "漱玉", "松澜", "碧湖", "朗溪", "霁月", "南屿", "澄江", "望舒", "听泉", "远岫", "鹤鸣", "丹枫", "沐阳", "清漪", "蓝渡",
        "紫陌", "兰汀", "雪原", "拾光", "竹里", "落雁",
    ]
    private static let surnames = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨"]
    private static let givenNames = ["样本甲", "样本乙", "样本丙", "样本丁", "样本戊", "样本己", "样本庚", "样本辛"]

    private static func name(
        of kind: InstitutionKind, in division: Division, ordinal: Int, round: Int
    ) -> (category: String, name: String) {
        let word = words[(ordinal % counties.count + round) % words.count]
        let city = Division.shaanxiCities[division.cityCode]?.name ?? "陕西省"
        let extra = round >= words.count ? "\(round / words.count + 1)" : ""
        switch kind {
        case .tertiary: return ("A100", "\(city)\(division.name)\(word)医院" + extra)
        case .secondary:
            return ordinal % 3 == 2
                ? ("A210", "\(city)\(division.name)\(word)中医医院" + extra)
                : ("A100", "\(city)\(division.name)\(word)综合医院" + extra)
        case .other: return ("G100", "\(city)\(division.name)\(word)妇幼保健院" + extra)
        case .primary:
            return division.name.hasSuffix("区")
                ? ("B100", "\(city)\(division.name)\(word)社区卫生服务中心" + extra)
                : ("C220", "\(city)\(division.name)\(word)镇卫生院" + extra)
        }
    }
}
