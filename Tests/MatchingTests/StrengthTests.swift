import Testing

@testable import Matching

struct StrengthTests {
    /// Each pair says the same in two spellings.
    @Test(arguments: [
        ("0.25g", "250mg"), ("250 毫克", "0.25克"), ("每片含0.25g", "0.25g/片"), ("１０ｍｇ", "10mg"), ("0.1mg", "100μg"),
        ("100ug", "100µg"), ("5ml:50mg", "50mg/5ml"), ("5ml：50mg", "5ML∶50MG"), ("80万单位", "800000IU"),
        ("1.5亿个活菌", "150000000cfu"),
        ("10ml:0.1g", "10毫升:100毫克"), ("1,000单位", "1000U"), ("25mg:25mg", "25mg"), ("2mg（以C19H18N2O计）", "2mg"),
        ("7cm×10cm", "70mm×100mm"), ("3ml:300单位(笔芯)", "300IU/3ml"), ("㎎", "mg"),
        // 万单位 and relatives, marks of salts and bases, compound strengths in any order and joint.
        ("2ml:1.25万单位", "12500IU/2ml"), ("40万U", "400,000单位"), ("0.2ml:3500IU(抗Xa)", "3500IU:0.2ml"),
        ("1.0g(按C18H18N8O7S3计)", "1g"), ("25mg(以甘草酸苷计)", "25mg"), ("20mg（按替加氟计）", "20毫克"),
        ("缬沙坦80mg与氢氯噻嗪12.5mg", "80mg/12.5mg"), ("氢氯噻嗪12.5mg,氯沙坦钾50mg", "氯沙坦钾50mg和氢氯噻嗪12.5mg"),
        ("0.25Ｇ", "２５０ｍｇ"), ("10萬單位", "10万单位"), ("150万国际单位", "1.5百万单位"), ("每粒装0.40g", "0.4g"),
    ])
    func `spellings of one strength are equal`(left: String, right: String) {
        let (a, b) = (Strength(left).quantities, Strength(right).quantities)
        #expect(a.filter { !$0.isDerived } == b.filter { !$0.isDerived })
    }

    @Test(arguments: [
        ("0.25g", "0.5g"), ("5ml:50mg", "10ml:50mg"), ("10mg", "10ml"), ("100IU", "100mg"), ("1g", "1kg"),
    ])
    func `different strengths stay different`(left: String, right: String) {
        #expect(Strength(left).quantities != Strength(right).quantities)
    }

    /// Formulas, names with digits and rates are no amounts.
    @Test(arguments: [
        ("按C16H16N4O8S计 1.5g", [1_500]), ("维生素B1 100mg", [100]), ("25μg/h,4.125mg/贴", [4]), ("每10丸重1g,360丸/瓶", [1_000]),
        ("1单位/支", []), ("聚乙二醇4000 64g", [64_000]), ("0.2g*12片*2板/盒", [200]), ("————", []), ("1片/片", []),
    ])
    func `only amounts are amounts`(text: String, milligrams: [Int64]) {
        let masses = Strength(text).quantities.filter { $0.dimension == .mass && !$0.isDerived }
        #expect(masses.map { $0.amount / 1_000_000_000 } == milligrams)
    }

    @Test(
        arguments: [
            ("0.25g*24粒", 24), ("0.25g×12片×2板/盒", 24), ("10mg×10'S", 10), ("5mg*30片/盒", 30),
            ("20ml:176mg/支,20ml/支，6支/盒", 6),
            ("每10丸重1g,360丸/瓶", 360), ("24片(12片×2板)/盒", 24), ("0.35g*48'S*3盒", 144), ("5mg/片", nil), ("100ml:5g", nil),
            ("6g×10袋", 10), ("30'S（1*12）", 30), ("5mg*1片/袋，28袋/盒", 28), ("80mgx7片", 7),
            // As hospitals write them: apostrophes, boards before tablets, what explains a dose beside what is counted.
            ("5mg*100'/瓶", 100), ("30mg*2板*14片/盒", 28), ("10mg/片*7片/板*2板/袋*2袋/盒", 28), ("20ml:18支/盒", 18),
            ("120单位×12片*2板/盒/袋", 24), ("20mg（按替加氟计）/粒*14粒/板*3板/盒", 42), ("35mg×14粒×2", 28),
            ("每8丸相当于原生药3克*200丸", 200), ("2ml:5mg/支*20支/袋*1袋/盒", 20), ("1ml：20mg/支，*1支/盒", 1),
            ("100片/瓶,塑瓶", 100), ("含布地奈德80μg*4.5μg/支/盒", nil), ("0.5克/片，每盒六片/盒", 6), ("10片/板×3板", 30),
            ("每20丸重1g（每袋装4.5g）*8袋/盒", 8), ("0.1g*十二粒", 12), ("7.5ml×5支，铝塑", 5), ("0.15g*6粒/板/小盒×10小盒", 60),
        ] as [(String, Int64?)])
    func `packing gives the conversion factor`(text: String, factor: Int64?) {
        #expect(Strength(text).packSize == factor)
    }

    @Test func `a fraction that a spreadsheet made of a percentage is a percentage`() {
        #expect(
            Strength("0.05").quantities
                == Strength("5%").quantities.map {
                    Quantity(dimension: $0.dimension, amount: $0.amount, isDerived: false)
                })
        #expect(Strength("0.25g").quantities.first?.dimension == .mass)
    }

    @Test(arguments: [
        ("10ml:7.5mg/ml", "10ml:75mg", Agreement.agrees), ("100ml", "100ml:5g", .partly), ("500ml", "500ml/袋", .agrees),
        ("10g:0.1g", "1%", .agrees), ("每克含10毫克", "30g:0.3g", .partly), ("0.25g", "每片含卡比多巴50mg和左旋多巴0.2g", .agrees),
        ("5mg/10mg", "5mg/20mg", .differs), ("5mg", "10mg", .contradicts), ("250ml", "500ml", .differs),
        ("50ml:10mg", "100ml:10mg", .differs), ("0.5g", "500mg", .equal), ("1g", "100IU", .unknown),
        ("80mg", "缬沙坦80mg与氢氯噻嗪12.5mg", .agrees), ("", "10mg", .unknown),
    ])
    func `strengths agree as far as their amounts do`(local: String, library: String, expected: Agreement) {
        let result = StrengthAgreement(
            Strength(local).quantities, Strength(library).quantities[...], localPack: nil, libraryPack: nil)
        #expect(
            result.agreement == expected)
    }

    @Test func `the content of a pack agrees with the content of its doses`() {
        let result = StrengthAgreement(
            Strength("5g*15袋").quantities, Strength("75g/盒").quantities[...], localPack: 15, libraryPack: nil)
        #expect(result.agreement == .partly)
    }
}
