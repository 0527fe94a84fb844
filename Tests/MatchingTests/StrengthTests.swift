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
