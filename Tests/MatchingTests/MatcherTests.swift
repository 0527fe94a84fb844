import Testing

@testable import Matching

struct MatcherTests {
    private let matcher = SampleLibrary.matcher()

    @Test func `the approval number and the pack name one entry`() {
        let drug = LocalDrug(
            approvalNumber: "国药准字H10000001", productName: "(甲)布洛芬缓释胶囊", manufacturer: "长江药业有限公司",
            strength: "300mg*10粒/盒")
        let result = matcher.compare(drug)
        #expect(result.state == .decided)
        #expect(result.ypid == "100002")
        #expect(result.method == .approvalNumber)
        #expect(result.score >= 9_900)
        #expect(result.reasons == [])
    }

    @Test func `a pack that the library does not have is left to a person`() {
        let drug = LocalDrug(
            approvalNumber: "国药准字H10000001", productName: "布洛芬缓释胶囊", manufacturer: "长江药业有限公司",
            strength: "0.3g", conversionFactor: "48")
        let result = matcher.compare(drug)
        #expect(result.state == .proposed)
        #expect(result.candidates.first?.vetoes.contains(.conversionFactor) == true)
        #expect(result.reasons.contains(.specMismatch))
    }

    @Test func `one of a thing in a strength text is no conversion factor`() {
        var drug = LocalDrug(
            approvalNumber: "国药准字H10000011", productName: "氨溴索注射液", manufacturer: "黄河制药股份有限公司",
            strength: "2ml:15mg*1支/支")
        #expect(matcher.compare(drug).state == .decided)
        drug.conversionFactor = "1"
        #expect(matcher.compare(drug).candidates.first?.vetoes == .conversionFactor)
    }

    @Test func `a mistyped number is not believed against the description`() {
        let drug = LocalDrug(
            approvalNumber: "国药准字H10000006", productName: "布洛芬片", manufacturer: "黄河制药股份有限公司", strength: "0.2g*24片")
        let result = matcher.compare(drug)
        #expect(result.state == .proposed)
        #expect(result.candidates.contains { $0.ypid == "100004" })
    }

    @Test func `a number that the library does not know is never decided`() {
        let drug = LocalDrug(
            approvalNumber: "国药准字H19999999", productName: "布洛芬片", manufacturer: "黄河制药股份有限公司", strength: "0.2g*24片")
        let result = matcher.compare(drug)
        #expect(result.state == .proposed)
        #expect(result.basis == .otherNumber)
        #expect(result.reasons.contains(.noMatch))
    }

    @Test func `the exact description decides without a number`() {
        let drug = LocalDrug(productName: "布洛芬片（基）", manufacturer: "黄河制药有限公司", strength: "200mg*24片")
        let result = matcher.compare(drug)
        #expect(result.state == .decided)
        #expect(result.ypid == "100004")
        #expect(result.method == .exactDescription)
    }

    @Test func `without a maker several makers are several candidates`() {
        let result = matcher.compare(LocalDrug(productName: "布洛芬片", strength: "0.2g"))
        #expect(result.state == .proposed)
        #expect(result.basis == .sharedName)
        #expect(Set(result.candidates.prefix(2).map(\.ypid)) == ["100003", "100004"])
        #expect(result.reasons.contains(.infoIncomplete))
        #expect(result.reasons.contains(.multipleMatch))
    }

    @Test func `an import that is registered twice is not decided without its number`() {
        let drug = LocalDrug(productName: "碘某醇注射液", manufacturer: "Example Pharma AG", strength: "100ml:30g(I)")
        #expect(matcher.compare(drug).state == .proposed)
        #expect(matcher.compare(drug).basis == .descriptionAmongImports)
    }

    @Test(arguments: [
        ("氨溴索注射液", "15mg/2ml", "100011"), ("氨溴索口服溶液", "0.6g:100ml", "100012"), ("格列某特片（II）", "80mg*60片", "100013"),
        ("格列某特片(ⅲ)", "80mg", "100014"), ("复方丹参滴丸", "27毫克*180丸", "100010"), ("硝苯地平控释片", "0.03g×7片", "100006"),
    ])
    func `form, numeral and unit choose among relatives`(name: String, strength: String, ypid: String) {
        let maker = SampleLibrary.drugs.first { $0.ypid == ypid }?.manufacturer
        let result = matcher.compare(LocalDrug(productName: name, manufacturer: maker, strength: strength))
        #expect(result.candidates.first?.ypid == ypid)
        #expect(result.state == .decided)
    }

    @Test(
        arguments: [
            ("硝苯地平片", "30mg"), ("硝苯地平控释片", "60mg"), ("氨溴索注射液", "100ml:0.6g"), ("格列某特片(Ⅳ)", "80mg"), ("布洛芬片", nil),
        ] as [(String, String?)])
    func `another release, strength, form or numeral is never decided`(name: String, strength: String?) {
        let result = matcher.compare(LocalDrug(productName: name, strength: strength))
        #expect(result.state != .decided)
    }

    @Test func `a typing error still finds its entry and says the name differs`() {
        let drug = LocalDrug(productName: "硝本地平控释片", manufacturer: "泰山医药集团有限公司", strength: "30mg*7片")
        #expect(matcher.compare(drug).candidates.first?.ypid == "100006")
        let unlike = LocalDrug(productName: "硝苯低乎控释片", manufacturer: "泰山医药集团有限公司", strength: "30mg*7片")
        #expect(matcher.compare(unlike).candidates.first?.ypid == "100006")
        #expect(matcher.compare(unlike).state == .proposed)
    }

    @Test func `a retired entry is proposed and not taken`() {
        let drug = LocalDrug(
            approvalNumber: "国药准字H10000015", productName: "阿司匹林肠溶片", manufacturer: "泰山医药集团有限公司", strength: "100mg*30片")
        let result = matcher.compare(drug)
        #expect(result.state == .proposed)
        #expect(result.candidates.first?.vetoes == .retired)
    }

    @Test func `a code of the drug names it as well`() {
        let drug = LocalDrug(standardCode: "86900000100004", productName: "布洛芬片", strength: "0.2g")
        let result = matcher.compare(drug)
        #expect(result.method == .otherCode)
        #expect(result.ypid == "100004")
    }

    @Test func `nothing alike is nothing`() {
        let result = matcher.compare(LocalDrug(productName: "一次性注射器", strength: "5ml"))
        #expect(result.state == .none)
        #expect(result.reasons == [.noMatch])
    }

    @Test(arguments: [
        (LocalDrug(approvalNumber: "京药制字Z20200001", productName: "清热合剂"), Exemption.hospitalPreparation),
        (LocalDrug(productName: "黄芪", dosageForm: "中药饮片"), .herbalSlices),
        (LocalDrug(productName: "黄芪配方颗粒", strength: "10g"), .formulaGranules),
    ])
    func `what has no national code is exempt with a reason`(drug: LocalDrug, exemption: Exemption) {
        let result = matcher.compare(drug)
        #expect(result.state == .exempt)
        #expect(result.method == .exempt)
        #expect(result.exemption == exemption)
    }

    @Test func `an empty library and an empty name are harmless`() {
        #expect(SampleLibrary.matcher([]).compare(LocalDrug(productName: "布洛芬片")).state == .none)
        #expect(matcher.compare(LocalDrug(productName: "")).state == .none)
    }

    @Test func `the evidence of any entry can be shown`() throws {
        let drug = LocalDrug(productName: "布洛芬片", manufacturer: "黄河制药股份有限公司", strength: "0.1g")
        let shown = try #require(matcher.evidence(for: drug, ypid: "100004"))
        #expect(shown.evidence.name == .equal)
        #expect(shown.evidence.manufacturer == .equal)
        #expect(shown.evidence.strength == .contradicts)
        #expect(shown.vetoes == .strength)
        #expect(matcher.evidence(for: drug, ypid: "unknown") == nil)
    }
}
