import Core
import Testing

@testable import Matching

struct ExplanationTests {
    private let drug = LocalDrug(
        approvalNumber: "国药准字Ｈ10000011", productName: "(甲)盐酸氨溴索注射液", manufacturer: "黄河制药有限公司", strength: "15mg/2ml*5支")

    @Test func `every field says what was compared and how it came out`() throws {
        let matcher = SampleLibrary.matcher()
        let entry = try #require(SampleLibrary.drugs.first { $0.ypid == "100011" })
        let shown = try #require(matcher.evidence(for: drug, ypid: "100011"))
        let lines = Explanation(local: drug, library: entry, evidence: shown.evidence).fields
        #expect(lines.map(\.field) == EvidenceField.allCases)
        let byField = Dictionary(uniqueKeysWithValues: lines.map { ($0.field, $0) })
        #expect(byField[.approvalNumber]?.local == "H10000011")
        #expect(byField[.approvalNumber]?.agreement == .equal)
        #expect(byField[.name]?.local == "盐酸氨溴索注射液")
        #expect(byField[.name]?.agreement == .agrees)
        #expect(byField[.strength]?.local == "15mg, 2ml")
        #expect(byField[.strength]?.library == "15mg, 2ml")
        #expect(byField[.manufacturer]?.agreement == .equal)
        #expect(byField[.conversionFactor]?.local == "5")
        #expect(byField[.category]?.local == "chemical")
    }

    @Test func `everything that people read is there in both languages`() {
        let phrases =
            EvidenceField.allCases.map(\.phrase) + Basis.allCases.map(\.phrase) + UndecidedReason.allCases.map(\.phrase)
            + Exemption.allCases.map(\.phrase)
            + [Agreement.contradicts, .differs, .unknown, .partly, .agrees, .equal].map(\.phrase)
        #expect(Set(phrases).count == phrases.count)
        for phrase in phrases {
            #expect(!phrase.chinese.isEmpty && !phrase.english.isEmpty)
            #expect(phrase.english.utf8.allSatisfy { $0 < 0x80 })
        }
    }

    @Test func `spelling leaves the key of a decision alone and substance changes it`() {
        var other = drug
        other.approvalNumber = "国药准字H10000011"
        #expect(other.descriptionKey == drug.descriptionKey)
        other.strength = "30mg/2ml*5支"
        #expect(other.descriptionKey != drug.descriptionKey)
    }
}
