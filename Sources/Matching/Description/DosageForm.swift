/// Where a drug goes in; drugs of different routes are never the same product.
public enum Route: UInt8, Sendable, CaseIterable {
    case unknown, oralSolid, oralLiquid, injection, topical, patch, eye, ear, nose, inhaled, mouth, rectal, vaginal
    case implant, rawMaterial, diagnostic

    /// The routes that may be those of one product, as bits: the route itself, those that border on it (颗粒 and
    /// 干混悬剂 are solid or liquid), and the unknown one.
    var compatible: UInt16 {
        if self == .unknown { return .max }
        var bits: UInt16 = 1 | 1 << UInt16(rawValue)
        for group in Route.neighbours where group.contains(self) {
            for route in group { bits |= 1 << UInt16(route.rawValue) }
        }
        return bits
    }

    private static let neighbours: [Set<Route>] = [
        [.oralSolid, .oralLiquid, .mouth], [.topical, .patch], [.topical, .mouth], [.topical, .rectal],
        [.topical, .vaginal], [.vaginal, .implant], [.inhaled, .mouth], [.topical, .nose],
        [.topical, .ear], [.rectal, .vaginal], [.injection, .implant], [.topical, .injection, .diagnostic],
        [.vaginal, .oralSolid], [.ear, .eye], [.oralSolid, .inhaled], [.topical, .oralSolid], [.topical, .oralLiquid],
        [.eye, .topical],
    ]
}

/// What a drug is made up as.
public enum FormKind: UInt8, Sendable, CaseIterable {
    case unknown, tablet, capsule, granules, powder, pill, drippingPill, film, gum, oralSolution, oralSuspension
    case syrup, drops, injection, injectionPowder, cream, ointment, gel, lotion, tincture, patch, suppository, spray
    case aerosol, inhalation, foam, enema, implant, solution, suspension, emulsion, system, rawMaterial, kit, paste
}

/// How a drug lets its ingredient go.
public enum ReleaseType: UInt8, Sendable, CaseIterable {
    case plain, sustained, controlled, enteric, dispersible, chewable, effervescent, orodispersible, sublingual
    case lozenge, soft, vaginal
}

/// A dosage form as read from a text.
public struct DosageForm: Sendable, Hashable {
    /// What it is made up as.
    public var kind: FormKind = .unknown
    /// Where it goes in.
    public var route: Route = .unknown
    /// How it lets the ingredient go.
    public var release: ReleaseType = .plain

    /// The form that the end of a name tells, and how many scalars of the name say it.
    static func ending(_ name: [UInt16]) -> (form: DosageForm, length: Int) {
        guard let found = forms.suffix(of: name) else { return (DosageForm(), 0) }
        var form = DosageForm(kind: found.value.kind, route: found.value.route)
        if Scalars.hasSuffix(name, softCapsule) { form.release = .soft }
        var length = found.length
        while true {
            guard let next = releases.suffix(of: Array(name[..<(name.count - length)])) else { break }
            if next.value != .plain { form.release = next.value }
            length += next.length
        }
        return (form, length)
    }

    /// The form that a form column tells: its longest known word, and any release word.
    static func read(_ text: [UInt16]) -> DosageForm {
        var form = DosageForm()
        if let found = forms.longest(in: text) {
            form.kind = found.value.kind
            form.route = found.value.route
        }
        if let found = releases.longest(in: text) { form.release = found.value }
        return form
    }

    /// What is missing here, taken from another reading of the same drug.
    func completed(by other: DosageForm) -> DosageForm {
        var form = self
        if form.kind == .unknown { form.kind = other.kind }
        if form.route == .unknown { form.route = other.route }
        if form.release == .plain { form.release = other.release }
        return form
    }

    private static let forms = WordList<(kind: FormKind, route: Route)>(
        table.flatMap { entry in
            entry.words.split(separator: " ").map { (String($0), (kind: entry.kind, route: entry.route)) }
        })

    private static let table: [(kind: FormKind, route: Route, words: String)] = [
        (.tablet, .oralSolid, "片 片剂 素片 tablets tablet tab"),
        (.capsule, .oralSolid, "胶囊 胶囊剂 胶丸 胶丸剂 capsules capsule cap"),
        (.granules, .oralSolid, "颗粒 颗粒剂 冲剂 微粒 微丸 细粒 细粒剂 granules"),
        (.powder, .oralSolid, "散 散剂 粉 口服散 口服散剂"), (.pill, .oralSolid, "丸 丸剂 水丸 蜜丸 大蜜丸 小蜜丸 水蜜丸 浓缩丸 丹"),
        (.drippingPill, .oralSolid, "滴丸 滴丸剂"), (.film, .oralSolid, "膜 口溶膜 膜剂"), (.gum, .mouth, "咀嚼胶"),
        (.oralSolution, .oralLiquid, "口服溶液 口服溶液剂 口服液 合剂 酒 酒剂 露 浆 酏剂 内服液 茶 茶剂 口服液体剂"),
        (.oralSuspension, .oralLiquid, "口服混悬液 口服混悬剂 干混悬剂 口服干混悬剂 口服乳 口服乳剂 口服混悬"),
        (.syrup, .oralLiquid, "糖浆 糖浆剂"), (.drops, .oralLiquid, "滴剂 口服滴剂"),
        (.paste, .oralLiquid, "煎膏 煎膏剂 膏滋 流浸膏"),
        (.injection, .injection, "注射液 注射剂 针 针剂 大输液 输液 水针 小水针 注射用混悬液 静脉滴注 注射乳剂"),
        (.injectionPowder, .injection, "粉针 粉针剂 冻干粉针 冻干粉针剂 注射用无菌粉末 注射用冻干 冻干粉"),
        (.injection, .injection, "疫苗 免疫球蛋白 单抗"), (.cream, .topical, "乳膏 乳膏剂 霜 霜剂 乳胶剂"),
        (.ointment, .topical, "软膏 软膏剂 膏 油膏 糊剂"), (.gel, .topical, "凝胶 凝胶剂 胶浆 胶浆剂"),
        (.lotion, .topical, "洗剂 搽剂 擦剂 洗液 涂剂 涂膜剂 涂膜 油剂 油 涂抹剂 外用散 洗发剂"),
        (.tincture, .topical, "酊 酊剂 醑 搽液"),
        (.solution, .topical, "外用溶液 外用溶液剂 消毒液 冲洗液 冲洗剂 冲洗 含漱液 含漱剂 外用冻干制剂 漱口液"),
        (.patch, .patch, "贴 贴剂 贴片 贴膏 贴膏剂 透皮贴剂 膏药 橡胶膏 凝胶贴膏 巴布膏 敷贴 穴位贴"),
        (.suppository, .rectal, "栓 栓剂 直肠栓"), (.suppository, .vaginal, "阴道栓 阴道泡腾片 阴道片 阴道胶囊 阴道软胶囊 阴道用胶囊 阴道凝胶 阴道乳膏"),
        (.drops, .eye, "滴眼液 滴眼剂 眼药水 眼用制剂 眼用溶液 洗眼液"),
        (.ointment, .eye, "眼膏 眼膏剂 眼用软膏"), (.gel, .eye, "眼用凝胶 眼用凝胶剂 眼凝胶"), (.drops, .ear, "滴耳液 滴耳剂"),
        (.spray, .nose, "鼻喷雾剂 鼻喷剂 鼻用喷雾剂 喷鼻剂 鼻用制剂"), (.drops, .nose, "滴鼻液 滴鼻剂 鼻用溶液"),
        (.ointment, .nose, "鼻用软膏 鼻用凝胶"), (.spray, .topical, "喷雾剂 喷剂 外用喷雾剂"),
        (.aerosol, .topical, "气雾剂 外用气雾剂"), (.aerosol, .inhaled, "吸入气雾剂 吸入喷雾剂"),
        (.inhalation, .inhaled, "吸入粉雾剂 粉雾剂 干粉吸入剂 吸入粉剂 吸入剂 吸入制剂 吸入性粉剂"),
        (
            .solution, .inhaled,
            "吸入溶液 吸入用溶液 雾化溶液 雾化吸入溶液 雾化吸入用溶液 吸入性溶液 吸入溶液剂 吸入用溶液剂 吸入性溶液剂 雾化溶液剂"
        ),
        (.suspension, .inhaled, "吸入混悬液 吸入用混悬液 雾化吸入用混悬液 吸入性混悬液 吸入用混悬剂 吸入混悬剂 雾化吸入用混悬剂"),
        (.foam, .topical, "泡沫剂 泡沫"), (.enema, .rectal, "灌肠液 灌肠剂 灌肠"), (.implant, .implant, "植入剂 植入片 缓释植入剂"),
        (.system, .vaginal, "宫内节育系统 宫内释放系统 避孕环 阴道环"), (.solution, .unknown, "溶液 溶液剂 液"),
        (.suspension, .unknown, "混悬液 混悬剂 混悬"), (.emulsion, .unknown, "乳剂 乳液 乳"),
        (.rawMaterial, .rawMaterial, "原料药 原料 制剂中间体 中间体"),
        (.kit, .diagnostic, "试剂盒 体外诊断试剂 诊断试剂盒 试剂 点刺液 划痕片"),
    ]

    /// 胶丸 is an older word for 软胶囊.
    private static let softCapsule = Folding.compact("胶丸")

    private static let releases = WordList<ReleaseType>([
        ("缓释", .sustained), ("控释", .controlled), ("肠溶", .enteric), ("肠衣", .enteric), ("分散", .dispersible),
        ("咀嚼", .chewable), ("泡腾", .effervescent), ("口腔崩解", .orodispersible), ("口崩", .orodispersible),
        ("速释", .plain), ("舌下", .sublingual), ("口含", .lozenge), ("含", .lozenge), ("口颊", .lozenge), ("软", .soft),
        ("阴道", .vaginal), ("薄膜衣", .plain), ("薄膜", .plain), ("糖衣", .plain), ("冻干", .plain), ("双释放", .sustained),
        ("长效", .sustained), ("延释", .sustained), ("迟释", .enteric), ("持续释放", .sustained), ("浓缩", .plain),
    ])
}
