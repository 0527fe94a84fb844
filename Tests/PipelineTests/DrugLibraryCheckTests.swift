import Core
import Digests
import Pipeline
import Rules
import TestNight
import Testing

/// A whole submission against a drug library made from its own catalogue: what follows from what.
@Suite struct `A submission checked against a drug library` {
    private static let catalogue = DataSet.of(.catalogue).columns.map(\.name)
    private static let usage = DataSet.of(.usage).columns.map(\.name)

    /// The cells of a plain CSV file: the samples quote nothing.
    private func rows(_ bytes: [UInt8]?) throws -> [[String]] {
        String(decoding: try #require(bytes), as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private func bytes(_ rows: [[String]]) -> [UInt8] {
        Array(rows.map { $0.joined(separator: ",") + "\n" }.joined().utf8)
    }

    private func entries(_ rows: [[String]]) -> DrugEntries {
        var entries = DrugEntries()
        for row in rows.dropFirst() {
            var values = Dictionary(uniqueKeysWithValues: zip(Self.catalogue, row))
            for flag in ["is_essential", "is_central_procurement", "is_consistency_evaluated"] {
                values[flag] = values[flag] == "1" ? "1" : "0"
            }
            entries.append(values)
        }
        return entries
    }

    private func check(
        _ submission: TestSubmission, _ library: DrugLibrary?, institutions: [String: InstitutionEntry]? = nil,
        in folder: TestFolder
    ) throws -> CheckOutcome {
        var input: [CheckInput.File] = []
        for (file, bytes) in submission.files.sorted(by: { $0.key < $1.key }) {
            let path = try folder.write(bytes, to: "in/\(file)")
            let digest = SHA256Digest(bytes: SHA256Hasher.digest(of: bytes))
            input.append(CheckInput.File(name: file, path: path, sha256: digest, size: bytes.count))
        }
        let environment = CheckEnvironment(
            rules: try TestRules.book.get(), businessDate: Night.businessDate, institutions: institutions,
            divisions: nil,
            drugs: library)
        let settings = PipelineSettings(inbox: "", archive: "", work: "", outbox: "", reports: "")
        return try SubmissionCheck(environment, settings: settings).outcome(
            of: CheckInput(hospitalCode: submission.hospitalCode, period: submission.period, files: input),
            stagingPath: folder.file("staged"))
    }

    private func position(_ name: String, _ columns: [String]) throws -> Int {
        try #require(columns.firstIndex(of: name))
    }

    @Test func `names the wrong factor as the root of what follows from it`() throws {
        try withFolder { folder in
            var submission = try TestSubmission(.utf8, drugs: 40)
            var drugs = try rows(submission.files["catalogue.csv"])
            let library = DrugLibrary(entries(drugs))
            let factor = try position("conversion_factor", Self.catalogue)
            let code = drugs[1][try position("hospital_drug_code", Self.catalogue)]
            drugs[1][factor] = "7777"
            submission.files["catalogue.csv"] = bytes(drugs)
            let findings = try check(submission, library, in: folder).findings()
            let root = try #require(findings.first { $0.rule == "D11" })
            #expect(root.place.table == .catalogue && root.place.column == "conversion_factor" && root.root == nil)
            let usage = try rows(submission.files["usage.csv"])
            let hasUse = usage.contains { $0.contains(code) }
            let followers = findings.filter { $0.root == root.fingerprint }
            #expect(followers.contains { $0.rule == "F01" && $0.place.table == .usage } == hasUse)
            #expect(followers.contains { $0.rule == "G01" && $0.severity == .warning && $0.place.table == .stockIn })
            #expect(followers.allSatisfy { $0.rule == "F01" || $0.rule == "G01" })
            #expect(findings.filter { $0.rule == "F01" || $0.rule == "G01" }.allSatisfy { $0.root == root.fingerprint })
        }
    }

    @Test func `shows a dash for what the library does not know of a drug`() throws {
        try withFolder { folder in
            var submission = try TestSubmission(.utf8, drugs: 40)
            var drugs = try rows(submission.files["catalogue.csv"])
            let library = DrugLibrary(entries(drugs))
            drugs[1][try position("manufacturer", Self.catalogue)] = "别处药厂"
            submission.files["catalogue.csv"] = bytes(drugs)
            let found = try check(submission, library, in: folder).findings().filter { $0.rule == "D07" }
            #expect(found.map { $0.observation.details["holder"] } == ["—"])
        }
    }

    @Test func `says how many rows an institution table has that should have one`() throws {
        try withFolder { folder in
            var submission = try TestSubmission(.utf8, drugs: 40)
            var rows = try rows(submission.files["institution.csv"])
            let beds = try #require(rows[0].firstIndex(of: "实有床位数"))
            for count in ["77", "78"] {
                rows.append(rows[1])
                rows[rows.count - 1][beds] = count
            }
            submission.files["institution.csv"] = bytes(rows)
            let found = try check(submission, nil, in: folder).findings().filter { $0.rule == "E05" }
            #expect(found.map(\.observation.value) == ["3", "3", "3"])
        }
    }

    @Test func `lets the lead of a medical community report a row for each member`() throws {
        try withFolder { folder in
            var submission = try TestSubmission(.utf8, drugs: 40)
            let member = try TestSubmission(.utf8, seed: 2)
            func entry(_ code: String, leadBy lead: String?) -> InstitutionEntry {
                InstitutionEntry(
                    hospitalCode: code, orgCode: String(code.prefix(9)), name: "卫生院", level: 1,
                    divisionCode: "610102", isPrimary: true, leadHospitalCode: lead)
            }
            let entries = [
                submission.hospitalCode: entry(submission.hospitalCode, leadBy: nil),
                member.hospitalCode: entry(member.hospitalCode, leadBy: submission.hospitalCode),
            ]
            var table = try rows(submission.files["institution.csv"])
            table.append(try rows(member.files["institution.csv"])[1])
            submission.files["institution.csv"] = bytes(table)
            let both = try check(submission, nil, institutions: entries, in: folder).findings()
            #expect(!both.contains { ["E05", "A20", "A21"].contains($0.rule) })
            table.append(table[1])
            table[3][try #require(table[0].firstIndex(of: "实有床位数"))] = "77"
            submission.files["institution.csv"] = bytes(table)
            let twice = try check(submission, nil, institutions: entries, in: folder).findings()
            let found = twice.filter { $0.rule == "E05" }
            #expect(found.map(\.place.row) == [1, 3])
            #expect(found.map(\.observation.value) == ["2", "2"])
        }
    }

    @Test(arguments: [true, false])
    func `adds nothing up where amounts are missing`(isColumnMissing: Bool) throws {
        try withFolder { folder in
            var submission = try TestSubmission(.utf8, drugs: 40)
            var usage = try rows(submission.files["usage.csv"])
            let amount = try position("amount", Self.usage)
            for row in usage.indices {
                if isColumnMissing { usage[row].remove(at: amount) } else if row > 0 { usage[row][amount] = "无" }
            }
            submission.files["usage.csv"] = bytes(usage)
            let outcome = try check(submission, nil, in: folder)
            #expect(outcome.tally.counts["G11"]?.notApplicable.keys.map(\.self) == [NotApplicable("incomplete_tables")])
            let findings = try outcome.findings()
            #expect(!findings.contains { $0.rule == "G11" })
            // A placeholder explains why it is no number.
            let placeholders = Set(findings.filter { $0.rule == "B04" }.map(\.fingerprint))
            let numbers = findings.filter { $0.rule == "C16" }
            #expect(placeholders.count == numbers.count)
            #expect(numbers.allSatisfy { $0.root.map(placeholders.contains) ?? false })
        }
    }

    @Test func `names what is wrong in a row as the root of what follows in that row`() throws {
        try withFolder { folder in
            var submission = try TestSubmission(.utf8, drugs: 40)
            var usage = try rows(submission.files["usage.csv"])
            usage[2][try position("pack_quantity", Self.usage)] = "0"
            submission.files["usage.csv"] = bytes(usage)
            let findings = try check(submission, nil, in: folder).findings().filter { $0.place.row == 2 }
            let root = try #require(findings.first { $0.rule == "F04" })
            #expect(findings.filter { $0.rule == "F01" }.map(\.root) == [root.fingerprint])
            #expect(root.root == nil)
        }
    }

    @Test func `counts what every rule looked at, and what could not be judged without the library`() throws {
        try withFolder { folder in
            let submission = try TestSubmission(.utf8, drugs: 40)
            let without = try check(submission, nil, in: folder)
            #expect(without.tally.counts["D11"] == nil || without.tally.counts["D11"]?.evaluated == 0)
            #expect(without.tally.counts["D11"]?.notApplicable == [NotApplicable("no_drug_library"): 40])
            #expect(without.tally.counts["C19"]?.evaluated == 40)
            #expect(without.tally.counts["F09"]?.evaluated == 0)
            let movements = without.files.filter { $0.table?.isMovement == true }.reduce(0) { $0 + $1.rowsRead }
            #expect(without.tally.counts["F01"]?.evaluated == movements)
            let library = DrugLibrary(entries(try rows(submission.files["catalogue.csv"])))
            let with = try check(submission, library, in: folder)
            #expect(with.tally.counts["D11"]?.evaluated == 40 && with.tally.counts["D11"]?.violated == 0)
            #expect(with.tally.counts["D01"]?.evaluated == 40 + movements)
            #expect(try with.findings().filter { $0.rule.rawValue.hasPrefix("D") } == [])
        }
    }
}
