/// Names of makers that do not exist: a place that is none, a word and what kind of company it is.
enum MakerNames {
    private static let places = [
        "青岚", "云泽", "晴川", "漱玉", "松澜", "碧湖", "朗溪", "霁月", "南屿", "北麓", "澄江", "栖霞岭", "望舒", "拾光", "听泉", "远岫",
        "鹤鸣", "星沙湾", "白鹭洲", "丹枫", "竹里", "沐阳川", "梧桐里", "清漪", "蓝渡", "银杏谷", "石榴泉", "落雁", "紫陌", "兰汀", "春申里", "雪原",
    ]
    private static let words = [
        "康禾", "仁济源", "普安和", "润生", "百草泽", "同安源", "恒济", "安瑞宁", "惠民达", "益康达", "博瑞安", "新泽", "天佑和", "正元堂", "嘉禾元",
        "瑞宁", "泰和安", "华宁", "金穗", "明德源", "众康宁", "君和", "利康源", "永济和",
    ]
    private static let kinds = ["制药有限公司", "药业股份有限公司", "药业有限公司", "制药股份有限公司", "生物制药有限公司", "药厂"]

    /// How many different names there are.
    static let count = places.count * words.count * kinds.count

    /// The name with a number; the first ones differ in place and word.
    static func name(_ number: Int) -> String {
        let (round, position) = number.quotientAndRemainder(dividingBy: places.count)
        let place = places[position]
        let word = words[(round + position) % words.count]
        let kind = kinds[(round / words.count + round + position) % kinds.count]
        return place + word + kind
    }
}
