import ArgumentParser
import Core
import Foundation
import Pipeline
import Readers
import Reports
import Rules

/// `yaoce validate PATH…`
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "报送前自查：与夜间相同的读取和规则，无需数据库 · The nightly reading and rules with no database.",
        discussion: """
            PATH is a submission's folder, a package, or single files. Only a folder or a package is held to be a whole
            submission, of which no table may be missing.
            Examples:
              yaoce validate inbox/52719949061070211A1001/2025
              yaoce validate --fail-on warning --findings list.csv 2025.zip
              yaoce validate --period 2025 usage.csv
            """)

    @Argument(help: "文件、文件夹或压缩包 · Files, a folder or a package.")
    var paths: [String]
    @Option(name: .long, help: "医疗机构代码，默认从路径或第一行得知 · The sender; default: from path or first row.")
    var hospital: String?
    @Option(name: .long, help: "期间，默认从路径或清单得知 · The period; default: from path or manifest.")
    var period: String?
    @Option(name: .long, help: "机构库 CSV · An institution library to check against.")
    var institutions: String?
    @Option(name: .long, help: "区划库 CSV · A division library to check against.")
    var divisions: String?
    @Option(name: .long, help: "药品标准库 CSV · A drug library to check against.")
    var drugs: String?
    @Option(name: .customLong("fail-on"), help: "达到此级别时退出码为 3 · interrupt | error | warning | info | never.")
    var failOn = "error"
    @Option(name: .long, help: "把全部发现写入 CSV · Write the complete list of findings to this CSV.")
    var findings: String?
    @Option(name: .long, help: "业务日期 · The day dates are judged by; default: today.")
    var businessDate: String?
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false
    @OptionGroup var common: CommonOptions

    func run() throws {
        common.language.apply()
        let threshold = try self.threshold()
        let configuration = try Configuration.load(
            common.config, environment: ProcessEnvironment.variables, isOptional: true)
        let environment = CheckEnvironment(
            rules: try configuration.ruleBook(), businessDate: try day(),
            institutions: try ValidationLibraries.institutions(institutions),
            divisions: try ValidationLibraries.divisions(divisions), drugs: try ValidationLibraries.drugs(drugs))
        let target = try ValidationTarget(
            paths: paths, hospital: hospital, period: period, isHashed: json, limits: configuration.pipeline.limits)
        let staging = FileManager.default.temporaryDirectory.appendingPathComponent("yaoce-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: staging) }
        let check = SubmissionCheck(environment, settings: configuration.pipeline)
        let outcome = try check.outcome(
            of: target.input, stagingPath: staging, isWhole: target.isWhole, keepsRows: false)
        try report(outcome, target, environment.rules)
        if let threshold, outcome.findingCounts.contains(where: { $0.key >= threshold && $0.value > 0 }) {
            throw ExitStatus.findings
        }
    }

    private func report(_ outcome: CheckOutcome, _ target: ValidationTarget, _ rules: RuleBook) throws {
        let texts = RuleTexts(rules.sorted.map(\.stored))
        var groups = FindingGroups(placesPerRule: 20)
        let csv = FindingsCSV(files: outcome.files, rules: texts)
        let list = try findings.map { path in
            guard FileManager.default.createFile(atPath: path, contents: nil),
                let handle = FileHandle(forWritingAtPath: path)
            else { throw CommandError(.incomplete, Phrase("无法写入 \(path)", "\(path) cannot be written")) }
            return handle
        }
        try list?.write(contentsOf: Data(csv.header))
        var number = 0
        var all: [JSON] = []
        try outcome.staged.forEachFinding { finding in
            number += 1
            groups.add(finding)
            try list?.write(contentsOf: Data(csv.row(for: finding, number: number)))
            if json { all.append(FindingJSON.value(finding, outcome.files, texts)) }
        }
        try list?.close()
        if json {
            return Output.write(ValidationJSON.bytes(outcome, target.input, all))
        }
        if let note = target.note { StandardError.write(note[Environment.language] + "\n") }
        let report = ValidateReport(
            files: outcome.files, groups: groups, rules: texts, verdict: outcome.verdict)
        let isTerminal = isatty(STDOUT_FILENO) == 1
        Output.line(report.text(Environment.language, isColoured: isTerminal))
    }

    private func threshold() throws -> Severity? {
        if failOn == "never" { return nil }
        guard let severity = Severity(rawValue: failOn) else {
            throw CommandError(
                .usage,
                Phrase(
                    "--fail-on “\(failOn)” 应为 interrupt、error、warning、info 或 never",
                    "--fail-on '\(failOn)' should be interrupt, error, warning, info or never"))
        }
        return severity
    }

    private func day() throws -> CalendarDay {
        guard let businessDate else { return Environment.now().shanghaiDay }
        guard let day = CalendarDay(businessDate) else {
            throw CommandError(
                .usage, Phrase("--business-date “\(businessDate)” 不是日期", "--business-date '\(businessDate)' is no day"))
        }
        return day
    }
}

/// Libraries from files, for those who have no database.
private enum ValidationLibraries {
    static func institutions(_ path: String?) throws -> [String: InstitutionEntry]? {
        guard let path else { return nil }
        var result: [String: InstitutionEntry] = [:]
        try forEachRow(path) { row in
            guard let code = row.values["hospital_code"] else { return }
            result[code] = InstitutionEntry(
                hospitalCode: code, orgCode: row.values["org_code"] ?? "", name: row.values["name"] ?? "",
                level: row.values["level"].flatMap { Int($0) } ?? 9, divisionCode: row.values["division_code"] ?? "",
                isPrimary: row.values["is_primary"] == "1", mustReport: row.values["must_report"] != "0",
                validFrom: row.values["valid_from"].flatMap { CalendarDay($0) },
                validTo: row.values["valid_to"].flatMap { CalendarDay($0) },
                leadHospitalCode: row.values["lead_hospital_code"])
        }
        return result
    }

    static func divisions(_ path: String?) throws -> Set<String>? {
        guard let path else { return nil }
        var result: Set<String> = []
        try forEachRow(path) { row in
            if let code = row.values["division_code"] { result.insert(code) }
        }
        return result
    }

    static func drugs(_ path: String?) throws -> DrugLibrary? {
        guard let path else { return nil }
        var entries = DrugEntries()
        try forEachRow(path) { entries.append($0.values) }
        return DrugLibrary(entries)
    }

    private static func forEachRow(_ path: String, _ each: (LibraryRow) throws -> Void) throws {
        do {
            try LibraryFileReader(name: path).forEachRow(of: FileByteSource(path: path, name: path), each)
        } catch let failure as LibraryFileReader.Failure {
            throw CommandError(
                .usage,
                Phrase(
                    "\(path):\(failure.line ?? 0): \(failure.phrase.chinese)",
                    "\(path):\(failure.line ?? 0): \(failure.phrase.english)"))
        } catch let error as ReadingError {
            throw CommandError(
                .usage, Phrase("无法读取 \(path)（\(error.problem)）", "\(path) cannot be read (\(error.problem))"))
        }
    }
}
