import Core
import Testing

@testable import Samples

struct DrugLibraryTests {
    private func rows(_ path: String, seed: UInt64 = 5, drugs: Int = 20_000) throws -> [[String: String]] {
        let sink = MemorySink()
        var plan = NightPlan.institutions([.primary: 300, .tertiary: 5], seed: seed)
        plan.libraryDrugs = drugs
        try SampleNight.writeLibraries(plan, into: sink)
        let lines = String(decoding: sink.files[path] ?? [], as: UTF8.self).split(separator: "\n")
        let header = lines[0].split(separator: ",").map(String.init)
        return lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(header, cells))
        }
    }

    @Test func `every code of a drug has its form, and codes do not repeat`() throws {
        let rows = try rows("libraries/drugs.csv")
        #expect(rows.count == 20_200)
        #expect(Set(rows.compactMap { $0["ypid"] }).count == rows.count)
        for row in rows {
            let ypid = row["ypid"] ?? ""
            #expect(ypid.utf8.count == 12 && ypid.allSatisfy(\.isNumber))
            let standard = StandardCode.checkHolds(Array((row["standard_code"] ?? "").utf8).span)
            #expect(standard)
            #expect((row["approval_number"] ?? "").wholeMatch(of: /国药准字[HZS]\d{8}/) != nil)
            let insurance = row["nhsa_code"] ?? ""
            #expect(
                insurance.wholeMatch(of: /X[A-Z]\d{2}[A-Z]{2}[A-Z]\d{3}[A-Z]\d{3}\d{4}\d{5}/) != nil
                    || insurance.wholeMatch(of: /Z[A-Z]\d{2}[A-Z]{2}X\d{4}\d{4}\d{5}/) != nil)
            #expect((row["manufacturer"] ?? "").isEmpty == false)
        }
        // An approval number stands for one maker, one product and one strength.
        let approvals = Dictionary(grouping: rows) { $0["approval_number"] ?? "" }
        for drugs in approvals.values {
            let identities = Set(drugs.map { [$0["product_name"], $0["strength"], $0["manufacturer"]] })
            #expect(identities.count == 1)
        }
    }

    @Test func `every code of an institution has its check character and parts that agree`() throws {
        let rows = try rows("libraries/institutions.csv", drugs: 3_000)
        #expect(rows.count == 305)
        #expect(Set(rows.compactMap { $0["hospital_code"] }).count == rows.count)
        #expect(Set(rows.compactMap { $0["name"] }).count == rows.count)
        let divisions = Set(Division.shaanxi.map(\.code))
        for row in rows {
            let org = OrganizationCode.checkHolds(Array((row["org_code"] ?? "").utf8).span)
            let code = row["hospital_code"] ?? ""
            #expect(org)
            #expect(code.utf8.count == HospitalCode.length)
            #expect(code.hasPrefix(row["org_code"] ?? "-"))
            let division = row["division_code"] ?? ""
            #expect(divisions.contains(division) && code.dropFirst(9).hasPrefix(division))
            let category = HospitalCode.isKnownCategory(Array(Array(code.utf8)[HospitalCode.category]).span)
            #expect(category)
        }
    }

    @Test func `a name belongs to one maker`() {
        #expect(Set((0..<MakerNames.count).map(MakerNames.name)).count == MakerNames.count)
    }
}
