import Testing

@testable import Matching

struct DrugNameTests {
    private func first(_ text: String) throws -> DrugName { try #require(NameReading(text).names.first) }

    /// Insurance classes, essential lists, signs and width say nothing of the drug.
    @Test(arguments: [
        "(甲)布洛芬片", "※▲(乙10%)布洛芬片[国基]", "布洛芬片（基）", "布洛芬片[国基、上增]", "【自费】布洛芬片OTC", "★布洛芬片YYJ", "布洛芬片（）", "布洛芬片 [NR]",
        "(甲)布洛芬片0.2g*24片", "布洛芬片24片",
    ])
    func `marks are left out of a name`(text: String) throws {
        let name = try first(text)
        #expect(name.text == "布洛芬片")
    }

    @Test(arguments: [
        ("盐酸氨溴索口服溶液", "氨溴索"), ("注射用头孢呋辛钠", "头孢呋辛"), ("苯磺酸氨氯地平片", "氨氯地平"), ("硫酸氢氯吡格雷片", "氯吡格雷"),
        ("盐酸坦洛新缓释胶囊", "坦索罗辛"), ("阿斯匹林肠溶片", "阿司匹林"), ("氯化钠注射液", "氯化钠"), ("碳酸氢钠片", "氢钠"), ("硫酸镁注射液", "硫酸镁"),
        ("重组人干扰素α2b注射液", "人干扰素a2b"), ("10%葡萄糖注射液", "葡萄糖"), ("复方甘草片", "复方甘草"),
    ])
    func `the ingredient stands without salt and form`(text: String, ingredient: String) throws {
        let name = try first(text)
        #expect(name.ingredient == ingredient)
    }

    @Test func `a bracket may hold the other name`() {
        let names = NameReading("得乐胶囊（枸橼酸铋钾胶囊）（基）").names.map(\.text)
        #expect(names == ["得乐胶囊", "枸橼酸铋钾胶囊"])
        #expect(NameReading("兰索拉唑肠溶胶囊（某某宁）").names.map(\.text) == ["兰索拉唑肠溶胶囊某某宁"])
    }

    @Test(arguments: [("(Ⅱ)", "(II)"), ("（ⅱ）", "(ll型)"), ("(C6～24)", "（C6-24）"), ("(30R)", "（３０r）")])
    func `numerals are one whatever they are written with`(left: String, right: String) throws {
        let names = try (first("某某注射液" + left), first("某某注射液" + right))
        #expect(names.0 == names.1)
    }

    @Test func `traditional characters and marks in between change nothing`() throws {
        for (left, right) in [("鹽酸氨溴索膠囊", "盐酸氨溴索胶囊"), ("甲哌卡因/肾上腺素注射液", "甲哌卡因肾上腺素注射液")] {
            let names = try (first(left), first(right))
            #expect(names.0 == names.1)
        }
    }

    @Test(arguments: [
        ("硝苯地平控释片", FormKind.tablet, Route.oralSolid, ReleaseType.controlled),
        ("双氯芬酸钠缓释胶囊", .capsule, .oralSolid, .sustained), ("奥美拉唑肠溶片", .tablet, .oralSolid, .enteric),
        ("注射用青霉素钠", .injectionPowder, .injection, .plain), ("玻璃酸钠滴眼液", .drops, .eye, .plain),
        ("布地奈德吸入气雾剂", .aerosol, .inhaled, .plain), ("糠酸莫米松鼻喷雾剂", .spray, .nose, .plain),
        ("骨化三醇胶丸", .capsule, .oralSolid, .soft), ("头孢克洛分散片", .tablet, .oralSolid, .dispersible),
        ("红霉素眼膏", .ointment, .eye, .plain), ("甲硝唑阴道泡腾片", .suppository, .vaginal, .plain),
        ("氯雷他定糖浆", .syrup, .oralLiquid, .plain), ("芬太尼透皮贴剂", .patch, .patch, .plain),
    ])
    func `the end of a name tells the form`(text: String, kind: FormKind, route: Route, release: ReleaseType) throws {
        let name = try first(text)
        #expect(name.form == DosageForm(kind: kind, route: route, release: release))
    }

    @Test func `homophones sound alike and names that differ do not`() {
        func sound(_ text: String) -> UInt64 { Sounds.hash(Folding.compact(text)[...]) }
        #expect(sound("奥美拉坐") == sound("奥美拉唑"))
        #expect(sound("氨氯地平") != sound("硝苯地平"))
    }
}
