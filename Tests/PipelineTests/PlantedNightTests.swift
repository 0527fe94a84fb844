import Core
import Digests
import Foundation
import Pipeline
import Readers
import Rules
import Samples
import TestNight
import Testing

/// Every defect that can be planted against the checks that run every night, without a database.
@Suite struct `A planted night` {
    @Test(arguments: [20_260_101, 7, 4_711] as [UInt64])
    func `is found completely, and nothing else is`(seed: UInt64) throws {
        try withFolder { folder in
            try SampleNight.write(.planted(seed: seed), into: FolderSink(folder: folder.file(".")))
            let key = try AnswerKey(json: try folder.bytes("answer-key.json"))
            let checks = try PlantedChecks(folder)
            for expected in key.submissions {
                let found = try checks.check(expected)
                let wanted = expected.findings.map { finding in
                    var finding = finding
                    // A warning where the comparison knows the drug for certain; here nothing is compared.
                    if finding.rule == "D01" { finding.severity = .error }
                    return PlantedChecks.line(finding, finding.root)
                }
                compare(found.lines, wanted, "\(seed) \(expected.source)")
                checkResults(found.outcome.results, found.findings)
                #expect(found.outcome.verdict == expected.verdict, "\(seed) \(expected.source)")
                compare(
                    found.outcome.files.map(PlantedChecks.sums), expected.files.map(PlantedChecks.sums),
                    "\(seed) \(expected.source)")
            }
        }
    }

    /// Every rule has one status, and what it counts is what the findings add up to.
    private func checkResults(_ results: [RuleResult], _ findings: [Finding]) {
        #expect(results.map(\.rule.rawValue) == Defect.precheckRules)
        var rows: [RuleID: Set<[Int]>] = [:]
        var others: [RuleID: Int] = [:]
        var worst: [RuleID: Severity] = [:]
        for finding in findings {
            worst[finding.rule] = max(worst[finding.rule] ?? .info, finding.severity)
            if let file = finding.place.file, let row = finding.place.row {
                rows[finding.rule, default: []].insert([file, row])
            } else {
                others[finding.rule, default: 0] += 1
            }
        }
        for result in results {
            let wrong = (rows[result.rule]?.count ?? 0) + (others[result.rule] ?? 0)
            #expect(result.violated == wrong, "\(result)")
            #expect(result.evaluated >= result.violated, "\(result)")
            let expected: RuleResult.Status =
                wrong > 0
                ? (worst[result.rule] ?? .info) >= .error ? .failed : .passedWithViolations
                : result.evaluated > 0 ? .passed : .notApplicable
            #expect(result.status == expected, "\(result)")
            #expect((result.reason != nil) == (result.status == .notApplicable), "\(result)")
        }
    }

    /// Whoever puts right exactly the rows that were reported, and nothing else, has nothing more to put right.
    @Test(arguments: [3, 90_210] as [UInt64]) func `has nothing left once every reported row is corrected`(
        seed: UInt64
    ) throws {
        try withFolder { folder in
            var plan = NightPlan.institutions([.primary: 3, .secondary: 1], seed: seed)
            plan.formats = .plain
            plan.libraryDrugs = 1_200
            plan.varieties = [.primary: 60, .secondary: 160]
            // Without those that add rows: lines must stand where they stood.
            plan.rules = Defect.precheckRules.filter { !$0.hasPrefix("E") }
            try SampleNight.write(plan, into: FolderSink(folder: folder.file("clean")))
            plan.badRowsPerMille = 80
            try SampleNight.write(plan, into: FolderSink(folder: folder.file("bad")))
            let key = try AnswerKey(json: try folder.bytes("bad/answer-key.json"))
            let checks = try PlantedChecks(folder, "bad")
            for expected in key.submissions {
                let first = try checks.check(expected)
                #expect(!first.findings.isEmpty)
                for (index, file) in first.outcome.files.enumerated() {
                    let path = "inbox/\(expected.source)/\(file.name)"
                    var lines = try PlantedChecks.lines(folder, "bad/\(path)")
                    let right = try PlantedChecks.lines(folder, "clean/\(path)")
                    try #require(lines.count == right.count)
                    for finding in first.findings where finding.place.file == index {
                        guard let line = finding.place.line else { continue }
                        lines[line - 1] = right[line - 1]
                    }
                    try folder.write(Array(lines.joined(separator: [UInt8(ascii: "\n")])), to: "bad/\(path)")
                }
                let second = try checks.check(expected)
                #expect(second.lines == [], "\(seed) \(expected.source)")
                #expect(second.outcome.verdict == .passed)
            }
        }
    }

    private func compare(_ found: [String], _ wanted: [String], _ about: String) {
        var counts: [String: Int] = [:]
        for line in found { counts[line, default: 0] += 1 }
        for line in wanted { counts[line, default: 0] -= 1 }
        let more = counts.filter { $0.value > 0 }.keys.sorted().joined(separator: "\n  ")
        let less = counts.filter { $0.value < 0 }.keys.sorted().joined(separator: "\n  ")
        #expect(
            more.isEmpty && less.isEmpty,
            "\(about)\nfound and not planted:\n  \(more)\nplanted and not found:\n  \(less)")
    }
}

/// Runs the checks before the load over the inbox of a generated night.
private struct PlantedChecks {
    private let folder: TestFolder
    private let night: String
    private let environment: CheckEnvironment
    private let settings: PipelineSettings

    init(_ folder: TestFolder, _ night: String = ".") throws {
        self.folder = folder
        self.night = night
        var institutions: [String: InstitutionEntry] = [:]
        try PlantedChecks.forEachRow(folder.file("\(night)/libraries/institutions.csv")) { row in
            guard let code = row.values["hospital_code"] else { return }
            institutions[code] = InstitutionEntry(
                hospitalCode: code, orgCode: row.values["org_code"] ?? "", name: row.values["name"] ?? "",
                level: Int(row.values["level"] ?? "") ?? 9, divisionCode: row.values["division_code"] ?? "",
                isPrimary: row.values["is_primary"] == "1", mustReport: row.values["must_report"] != "0",
                validFrom: row.values["valid_from"].flatMap { CalendarDay($0) },
                validTo: row.values["valid_to"].flatMap { CalendarDay($0) })
        }
        var divisions: Set<String> = []
        try PlantedChecks.forEachRow(folder.file("\(night)/libraries/divisions.csv")) { row in
            if let code = row.values["division_code"] { divisions.insert(code) }
        }
        var entries = DrugEntries()
        try PlantedChecks.forEachRow(folder.file("\(night)/libraries/drugs.csv")) { entries.append($0.values) }
        environment = CheckEnvironment(
            rules: try TestRules.book.get(), businessDate: Night.businessDate, institutions: institutions,
            divisions: divisions, drugs: DrugLibrary(entries))
        settings = PipelineSettings(
            inbox: folder.file("inbox"), archive: folder.file("archive"), work: folder.file("work"),
            outbox: folder.file("outbox"), reports: folder.file("reports"))
    }

    private static func forEachRow(_ path: String, _ each: (LibraryRow) throws -> Void) throws {
        try LibraryFileReader(name: path).forEachRow(of: FileByteSource(path: path, name: path), each)
    }

    /// What is found in one submission of the night.
    func check(_ expected: ExpectedSubmission) throws -> (outcome: CheckOutcome, findings: [Finding], lines: [String]) {
        let base = "\(night)/inbox/\(expected.source)"
        let isPackage = expected.source.hasSuffix(".zip")
        let names = isPackage ? [String(base.split(separator: "/").last ?? "")] : folder.files(below: base)
        let files = try names.filter { $0 != "submission.ok" }.sorted().map { name in
            let path = folder.file(isPackage ? base : "\(base)/\(name)")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            return CheckInput.File(
                name: name, path: path, sha256: SHA256Digest(bytes: SHA256Hasher.digest(of: Array(bytes))),
                size: bytes.count)
        }
        let input = CheckInput(
            hospitalCode: expected.hospitalCode, period: try #require(Period(expected.period)), files: files)
        let outcome = try SubmissionCheck(environment, settings: settings)
            .outcome(of: input, stagingPath: folder.file("staged"))
        var findings: [Finding] = []
        try outcome.staged.forEachFinding { findings.append($0) }
        let rules = Dictionary(findings.map { ($0.fingerprint, $0.rule.rawValue) }) { first, _ in first }
        let lines = findings.map { finding in
            let place = finding.place
            let file = place.file.map { outcome.files[$0] }
            return PlantedChecks.line(
                ExpectedFinding(
                    rule: finding.rule.rawValue, severity: finding.severity, table: place.table,
                    file: file?.name ?? finding.observation.details["file"],
                    member: file == nil ? finding.observation.details["member"] : file?.member, line: place.line,
                    row: place.row, column: place.column),
                finding.root.map { rules[$0] ?? "?" })
        }
        return (outcome, findings, lines)
    }

    static func lines(_ folder: TestFolder, _ path: String) throws -> [ArraySlice<UInt8>] {
        try folder.bytes(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    static func line(_ finding: ExpectedFinding, _ root: String?) -> String {
        let parts: [String?] = [
            finding.rule, finding.severity.rawValue, finding.table?.rawValue, finding.file, finding.member,
            finding.line.map { "line \($0)" }, finding.row.map { "row \($0)" }, finding.column,
            root.map { "root \($0)" },
        ]
        return parts.map { $0 ?? "-" }.joined(separator: " | ")
    }

    static func sums(_ file: FileOutcome) -> String {
        "\(file.name) \(file.member ?? "") \(file.rowsRead) \(file.rowsLoaded) \(file.rowsQuarantined) \(file.rowsSkippedTotal)"
    }

    static func sums(_ file: ExpectedFile) -> String {
        "\(file.name) \(file.member ?? "") \(file.rowsRead) \(file.rowsLoaded) \(file.rowsQuarantined) "
            + "\(file.rowsSkipped.values.reduce(0, +))"
    }
}
