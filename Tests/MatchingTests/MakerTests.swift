import Testing

@testable import Matching

struct MakerTests {
    private func similarity(_ local: String, _ library: String) -> Int {
        var builder = MakerTable.Builder()
        let number = builder.number(of: MakerReading(library)).id
        for other in ["华北甲制药有限公司", "南方乙药业股份有限公司", "Northern Pharma GmbH", "上海丙生物制药有限公司", "Alpha Laboratories Ltd."] {
            _ = builder.number(of: MakerReading(other))
        }
        let table = builder.build()
        return table.similarity(table.parts(of: MakerReading(local)), number)
    }

    @Test(arguments: [
        ("宁夏长江药业有限公司", "宁夏长江药业股份有限公司"), ("长江（宁夏）药业有限公司", "长江(宁夏)药业有限公司"),
        ("Example Pharma GmbH & Co. KG", "EXAMPLE PHARMA GMBH & CO.KG"),
        ("NorthernLightsPharmaGmbH", "Northern Lights Pharma GmbH"),
        ("Müller Arzneimittel AG", "Muller Arzneimittel AG"), ("宁夏长江药业有限公司", "宁夏長江藥業有限公司"),
        ("长江药业有限公司(委托：黄河制药有限公司)", "长江药业有限公司"), ("大河公司 Great River S.p.A.", "大河公司"),
    ])
    func `company forms, width and accents do not matter`(left: String, right: String) {
        #expect(similarity(left, right) >= 930)
    }

    @Test func `who packs or makes for the holder counts less than the holder`() {
        let holder = similarity("Example AG（进口分包企业：长江药业有限公司）", "Example AG")
        let packer = similarity("Example AG（进口分包企业：长江药业有限公司）", "长江药业有限公司")
        #expect(holder > packer)
        #expect(packer >= 900)
    }

    @Test(arguments: [("辉瑞制药有限公司", "Pfizer Inc."), ("德国拜耳公司", "Bayer AG"), ("杭州默沙东制药有限公司", "Merck Sharp & Dohme B.V.")])
    func `great companies are known by both names`(left: String, right: String) {
        #expect((600..<930).contains(similarity(left, right)))
    }

    @Test(arguments: [
        ("长江药业有限公司", "黄河制药有限公司"), ("Example AG", "Alpha Laboratories Ltd."), ("宁夏长江药业有限公司", "宁夏黄河药业有限公司"),
    ])
    func `strangers are strangers`(left: String, right: String) {
        #expect(similarity(left, right) < 600)
    }

    @Test func `letters are all that is left of a short name`() {
        #expect(similarity("A&Z Pharmaceutical, Inc.", "A&Z Pharmaceutical,Inc.") == 1_000)
    }
}
