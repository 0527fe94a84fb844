/// Marks that hospitals and shops write into a name and that say nothing of the drug: insurance class, essential
/// lists, purchase lists, warnings.
enum NameMarks {
    /// Whether the content of a bracket is nothing but marks, such as `甲10%`, `国基、上增` or nothing at all.
    static func isMark(_ content: [UInt16]) -> Bool {
        var index = 0
        while index < content.count {
            let value = content[index]
            if separators.contains(value) || Scalars.isDigit(value) {
                index += 1
            } else if let found = words.match(in: content, at: index) {
                index += found.length
            } else {
                return false
            }
        }
        return content.isEmpty || !content.allSatisfy { Scalars.isDigit($0) }
    }

    /// The name without the marks that stand before and after it outside of any bracket.
    static func trimmed(_ name: [UInt16]) -> [UInt16] {
        var slice = name[...]
        while let first = slice.first, signs.contains(first) { slice.removeFirst() }
        while let last = slice.last, signs.contains(last) { slice.removeLast() }
        var text = Array(slice)
        while let found = tails.suffix(of: text), text.count - found.length >= 2 {
            let before = text[text.count - found.length - 1]
            guard Scalars.isHan(before) || before == DescriptionScanner.close else { break }
            text.removeLast(found.length)
        }
        return text
    }

    private static let separators = Set(",.;:/%*+-·▲△★☆※◆◇○?".utf16)
    private static let signs = Set(",.;:*+-·▲△★☆※◆◇■□#!@~^_|\\'\"/?&=<>".utf16)

    private static let words = WordList<Bool>(
        """
        甲类 乙类 丙类 甲 乙 丙 自费 自 国基 省基 市基 县基 基药 基 国家基本药物 国 省 上增 增补 集采 国采 省采 带量 国谈 谈判 谈 医保 农合 \
        双跨 双 otc rx nr 处方药 处方 非处方 外检 限 赠 赠药 慈善 重点 监控 重点监控 抗 限制级 非限制级 特殊级 高危 高警示 易混 看似 听似 精二 精一 \
        麻 毒 贵重 冷藏 冷链 门诊 住院 急诊 院内 停用 新 原研 一致性 过评 进口 国产 合资 甲供
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { (String($0), true) })

    private static let tails = WordList<Bool>([("otc", true), ("yyj", true), ("nr", true), ("rx", true)])
}

/// Names that mean the same ingredient.
enum NameSynonyms {
    /// The text with every old, colloquial or variant name of an ingredient replaced by the one of the register.
    static func normalized(_ text: [UInt16]) -> [UInt16] {
        var result: [UInt16] = []
        result.reserveCapacity(text.count)
        var index = 0
        var isChanged = false
        while index < text.count {
            if let found = table.match(in: text, at: index) {
                result.append(contentsOf: found.value)
                index += found.length
                isChanged = true
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return isChanged ? result : text
    }

    private static let table = WordList<[UInt16]>(
        pairs.map { ($0.0, Folding.compact($0.1)) })

    private static let pairs: [(String, String)] = [
        ("乙酰水杨酸", "阿司匹林"), ("阿斯匹林", "阿司匹林"), ("阿斯匹灵", "阿司匹林"), ("扑热息痛", "对乙酰氨基酚"), ("醋氨酚", "对乙酰氨基酚"),
        ("坦洛新", "坦索罗辛"), ("优降糖", "格列本脲"), ("心痛定", "硝苯地平"), ("心得安", "普萘洛尔"), ("消心痛", "硝酸异山梨酯"),
        ("氟哌酸", "诺氟沙星"), ("氟嗪酸", "氧氟沙星"), ("消炎痛", "吲哚美辛"), ("胃复安", "甲氧氯普胺"), ("灭滴灵", "甲硝唑"),
        ("病毒唑", "利巴韦林"), ("三氮唑核苷", "利巴韦林"), ("无环鸟苷", "阿昔洛韦"), ("先锋霉素v", "头孢唑林"), ("先锋霉素vi", "头孢拉定"),
        ("头孢菌素v", "头孢唑林"), ("菌必治", "头孢曲松"), ("复方新诺明", "复方磺胺甲噁唑"), ("磺胺甲恶唑", "磺胺甲噁唑"),
        ("柠檬酸", "枸橼酸"), ("枸椽酸", "枸橼酸"), ("构橼酸", "枸橼酸"), ("拘橼酸", "枸橼酸"), ("乙酸泼尼松", "醋酸泼尼松"), ("强的松龙", "泼尼松龙"),
        ("强的松", "泼尼松"), ("氟美松", "地塞米松"), ("可的索", "氢化可的松"), ("开博通", "卡托普利"), ("巯甲丙脯酸", "卡托普利"),
        ("速尿", "呋塞米"), ("安体舒通", "螺内酯"), ("双克", "氢氯噻嗪"), ("双氢克尿噻", "氢氯噻嗪"), ("潘生丁", "双嘧达莫"),
        ("安定", "地西泮"), ("舒乐安定", "艾司唑仑"), ("佳静安定", "阿普唑仑"), ("鲁米那", "苯巴比妥"), ("大仑丁", "苯妥英"),
        ("扑尔敏", "马来酸氯苯那敏"), ("息斯敏", "阿司咪唑"), ("咳必清", "喷托维林"), ("必嗽平", "溴己新"), ("舒喘灵", "沙丁胺醇"),
        ("甲氰咪胍", "西咪替丁"), ("泰胃美", "西咪替丁"), ("甲氰咪呱", "西咪替丁"), ("洛赛克", "奥美拉唑"), ("吗丁啉", "多潘立酮"),
        ("肌安定", "氯唑沙宗"), ("炎痛喜康", "吡罗昔康"), ("芬必得", "布洛芬缓释"), ("扶他林", "双氯芬酸"), ("秋水仙素", "秋水仙碱"),
        ("地高辛强心素", "地高辛"), ("西地兰", "去乙酰毛花苷"), ("毛花甙丙", "去乙酰毛花苷"), ("肾上腺素注射", "肾上腺素注射"),
        ("慢心律", "美西律"), ("心律平", "普罗帕酮"), ("异搏定", "维拉帕米"), ("恬尔心", "地尔硫䓬"), ("地尔硫卓", "地尔硫䓬"), ("地尔硫?", "地尔硫䓬"),
        ("氮卓斯汀", "氮䓬斯汀"), ("氮?斯汀", "氮䓬斯汀"), ("复合维生素b", "复合维生素b"), ("维他命", "维生素"), ("抗坏血酸", "维生素c"),
        ("叶绿醌", "维生素k1"), ("重组人", "人"), ("重组", ""), ("基因工程", ""), ("甙", "苷"), ("恶", "噁"), ("宫内节育系统", "宫内释放系统"),
        ("5-氟尿嘧啶", "氟尿嘧啶"), ("5-fu", "氟尿嘧啶"), ("甲氨喋呤", "甲氨蝶呤"), ("阿霉素", "多柔比星"), ("表阿霉素", "表柔比星"),
        ("更生霉素", "放线菌素d"), ("丝裂霉素c", "丝裂霉素"), ("环磷酰氨", "环磷酰胺"), ("顺氯氨铂", "顺铂"), ("泰素", "紫杉醇"),
        ("门冬酰胺酶l", "门冬酰胺酶"), ("左旋门冬酰胺酶", "门冬酰胺酶"), ("培门冬酶注射", "培门冬酶注射"), ("水合", ""),
        ("氨溴特罗口服液", "氨溴特罗口服溶液"), ("二甲双呱", "二甲双胍"), ("格列齐特片ii", "格列齐特片ii"), ("别嘌呤醇", "别嘌醇"), ("辅酶q10", "辅酶q10"),
        ("安坦", "苯海索"), ("美多巴", "多巴丝肼"), ("息宁", "卡左双多巴"), ("促红细胞生成素", "促红素"), ("红细胞生成素", "促红素"),
        ("粒细胞集落刺激因子", "粒细胞刺激因子"), ("生长抑素八肽", "奥曲肽"), ("胸腺肽a1", "胸腺法新"), ("丙种球蛋白", "免疫球蛋白"),
    ]
}

/// Acids and bases that a name carries beside its ingredient.
enum Salts {
    /// The stem of an ingredient, and the salts as a set of bits.
    static func split(_ ingredient: [UInt16]) -> (stem: [UInt16], salts: UInt64) {
        var stem = ingredient
        var salts: UInt64 = 0
        while let found = acids.match(in: stem, at: 0), stem.count - found.length >= 2 {
            stem.removeFirst(found.length)
            salts |= 1 << UInt64(found.value)
        }
        while let found = bases.suffix(of: stem), stem.count - found.length >= 3, !joins(stem, found.length) {
            stem.removeLast(found.length)
            salts |= 1 << UInt64(found.value)
        }
        return (stem, salts)
    }

    /// In 氯化钠 or 碳酸氢钠 the metal is the substance, not a salt of it.
    private static func joins(_ stem: [UInt16], _ length: Int) -> Bool {
        let before = stem[stem.count - length - 1]
        return before == 0x5316 || before == 0x6C22 || before == 0x9178
    }

    private static let acids = list(
        """
        硫酸氢 硫酸 盐酸 二盐酸 马来酸 枸橼酸 磷酸 醋酸 富马酸 反丁烯二酸 酒石酸 重酒石酸 甲磺酸 苯磺酸 对甲苯磺酸 甲苯磺酸 氢溴酸 硝酸 乳酸 琥珀酸 丙酸 戊酸 糠酸 \
        双羟萘酸 苹果酸 草酸 碳酸 乙磺酸 樟脑磺酸 羟乙磺酸 依西酸 半水 无水 二水 一水 单硝酸 糖酸 己二酸 扁桃酸 烟酸 泛酸 磷酸氢 月桂酸 棕榈酸 癸酸 庚酸 昔萘酸
        """, first: 0)

    private static let bases = list("二钠 单钠 钠 钾 钙 镁 锌 钠盐 钾盐 铵 三钠 精氨酸 赖氨酸 氨丁三醇 葡甲胺", first: 48)

    private static func list(_ words: String, first: Int) -> WordList<Int> {
        WordList(
            words.split(whereSeparator: { $0 == " " || $0 == "\n" }).enumerated().map { (String($1), first + $0) })
    }
}
