import Testing

@testable import Matching

/// Holders change and registrations follow one another; only what the library itself says tells who was who.
struct HolderTests {
    private func entry(
        _ ypid: String, _ name: String, _ maker: String, number: String, code: String? = nil
    ) -> LibraryDrug {
        LibraryDrug(
            ypid: ypid, standardCode: code, approvalNumber: number, productName: name, manufacturer: maker,
            dosageForm: "片剂", strength: "10mg")
    }

    private func matcher(_ drugs: [LibraryDrug]) -> Matcher {
        var builder = LibraryIndexBuilder()
        for drug in drugs { builder.add(drug) }
        return Matcher(index: builder.build())
    }

    private func local(_ maker: String) -> LocalDrug {
        LocalDrug(productName: "丙丁地平片", manufacturer: maker, dosageForm: "片剂", strength: "10mg*7片")
    }

    /// The enterprise part of the 本位码 stays with a product when its holder changes: another product under the same
    /// part still names the former holder. The old registration, packed here, bears the very text and is out of date.
    @Test func `an import is found by the holder it had before`() {
        let matcher = matcher([
            entry("NEW", "丙丁地平片", "Newholder Pharma Ltd.", number: "国药准字HJ20170001", code: "86979436000019"),
            entry("OLD", "丙丁地平片", "Altenberg GmbH", number: "J20130001"),
            entry("ANY", "戊己沙坦片", "Altenberg GmbH", number: "国药准字HJ20170002", code: "86979436000026"),
            entry("ELSE", "丙丁地平片", "Stranger S.p.A.", number: "国药准字HJ20170003", code: "86912345000018"),
        ])
        let comparison = matcher.compare(local("Altenberg GmbH"))
        #expect(comparison.candidates.first?.ypid == "NEW")
        #expect(comparison.candidates.first?.evidence.manufacturer == .agrees)
        #expect(comparison.state == .proposed)
    }

    @Test func `a code that many makers share makes none of them another`() {
        var drugs = (0..<12).map { number in
            entry(
                "Y\(number)", "品种\(number)片", "Company Nr\(number) AG", number: "国药准字HJ201700\(10 + number)",
                code: "86955555000019")
        }
        drugs.append(
            entry("WANT", "丙丁地平片", "Newholder Pharma Ltd.", number: "国药准字HJ20170001", code: "86955555000026"))
        let comparison = matcher(drugs).compare(local("Company Nr3 AG"))
        #expect((comparison.candidates.first?.evidence.manufacturer ?? .unknown) < .agrees)
    }

    @Test func `who names the packer means the registration that is packed here`() {
        let matcher = matcher([
            entry("IMPORT", "丙丁地平片", "Altenberg GmbH", number: "国药准字HJ20170001"),
            entry("PACKED", "丙丁地平片", "Altenberg GmbH（分包装：长江药业有限公司）", number: "J20130001"),
        ])
        #expect(matcher.compare(local("Altenberg GmbH")).candidates.first?.ypid == "IMPORT")
        #expect(matcher.compare(local("AltenbergGmbH(分包装:长江药业有限公司)")).candidates.first?.ypid == "PACKED")
    }

    @Test func `imports of strangers leave no doubt, imports of kin do`() {
        let own = entry("OWN", "丙丁地平片", "Altenberg GmbH", number: "国药准字HJ20170001")
        let strange = entry("STRANGE", "丙丁地平片", "Quixote Farma S.A.", number: "国药准字HJ20170002")
        let kin = entry("KIN", "丙丁地平片", "Altenberg Nederland Holding", number: "国药准字HJ20170003")
        let alone = matcher([own, strange]).compare(local("Altenberg GmbH"))
        #expect(alone.basis == .descriptionAmongStrangers)
        #expect(alone.ypid == "OWN")
        let among = matcher([own, strange, kin]).compare(local("Altenberg GmbH"))
        #expect(among.basis == .descriptionAmongImports)
        #expect(among.state == .proposed)
    }

    @Test func `what hospital and library say alike in every field needs no search`() {
        var drug = LocalDrug(
            ypid: "A", approvalNumber: "国药准字Ｈ20010001", productName: "丙丁地平片", manufacturer: "长江药业有限公司",
            dosageForm: "片剂", strength: "10mg", conversionFactor: "7.0000")
        let library = [
            LibraryDrug(
                ypid: "A", approvalNumber: "国药准字H20010001", productName: "丙丁地平片", manufacturer: "长江药业有限公司",
                dosageForm: "片剂", strength: "10mg", conversionFactor: "7"),
            LibraryDrug(
                ypid: "B", approvalNumber: "国药准字H20010001", productName: "丙丁地平片", manufacturer: "长江药业有限公司",
                dosageForm: "片剂", strength: "10mg", conversionFactor: "14"),
        ]
        let found = matcher(library).compare(drug)
        #expect(found.state == .decided && found.ypid == "A" && found.method == .suppliedCode)
        #expect(found.suppliedCode == .agrees)
        // Another factor is the other entry's: the code contradicts its own description.
        drug.conversionFactor = "14"
        let other = matcher(library).compare(drug)
        #expect(other.ypid != "A")
        #expect(other.candidates.first?.ypid == "B")
    }
}
