internal import Core
internal import Digests
internal import Foundation
internal import Pipeline
internal import Rules

/// Runs examples through the checks before the load: the code of the nightly run, over real files.
struct PrecheckRunner {
    let rules: RuleBook
    /// A folder of its own.
    let folder: String

    /// What the checks find in an example's submission, and whether its rule could not judge anything in it.
    func findings(_ scenario: ExampleScenario) throws -> (findings: [Finding], isNotApplicable: Bool) {
        let outcome = try outcome(scenario.submission, scenario.files, history: scenario.history)
        defer { try? FileManager.default.removeItem(atPath: outcome.folder) }
        var findings: [Finding] = []
        try outcome.check.staged.forEachFinding { findings.append($0) }
        let count = outcome.check.tally.counts[scenario.example.rule]
        return (findings, count.map { $0.evaluated == 0 && !$0.notApplicable.isEmpty } ?? false)
    }

    /// Checks a submission and leaves what was staged in a folder for the caller to remove.
    func outcome(
        _ submission: ExampleCase, _ patch: FilePatch, history: SubmissionHistory? = nil
    ) throws -> (check: CheckOutcome, input: CheckInput, folder: String) {
        let place = "\(folder)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        var settings = PipelineSettings(
            inbox: place, archive: place, work: place, outbox: place, reports: place)
        settings.limits = patch.limits
        settings.province = patch.province
        var files: [CheckInput.File] = []
        for (index, file) in try ExampleFiles(example: submission, patch: patch).all().enumerated() {
            let path = "\(place)/file-\(index)"
            try Data(file.bytes).write(to: URL(fileURLWithPath: path))
            files.append(
                CheckInput.File(
                    name: file.name, path: path, sha256: SHA256Digest(bytes: SHA256Hasher.digest(of: file.bytes)),
                    size: file.bytes.count))
        }
        var input = CheckInput(
            hospitalCode: submission.senderCode, period: submission.period, files: files, history: history)
        if submission.hasDrugLibrary { input.matches = submission.drugMatches }
        let environment = CheckEnvironment(
            rules: rules, businessDate: submission.businessDate, institutions: submission.institutionEntries,
            divisions: Set(submission.divisions.rows.compactMap { $0["division_code"] }),
            drugs: submission.hasDrugLibrary ? submission.drugEntries : nil)
        let check = SubmissionCheck(environment, settings: settings)
        return (try check.outcome(of: input, stagingPath: "\(place)/staged"), input, place)
    }
}

extension ExampleCase {
    /// The drug library as the checks see it.
    var drugEntries: DrugLibrary {
        var entries = DrugEntries()
        for row in drugLibrary.rows { entries.append(row.filter { !$0.value.isEmpty }) }
        return DrugLibrary(entries)
    }

    /// What the comparison decided; rows without a code were never compared.
    var drugMatches: DrugMatches {
        var decided = DrugMatches()
        for row in matches.rows {
            guard let code = row["hospital_drug_code"], !code.isEmpty else { continue }
            func value(_ name: String) -> String? { row[name].flatMap { $0.isEmpty ? nil : $0 } }
            decided.append(
                code: code, state: value("state") ?? "", ypid: value("ypid"), method: value("method"),
                score: value("score").flatMap { Int($0) })
        }
        return decided
    }

    /// The institution library as the checks see it.
    var institutionEntries: [String: InstitutionEntry] {
        var entries: [String: InstitutionEntry] = [:]
        for row in institutionLibrary.rows {
            guard let code = row["hospital_code"], !code.isEmpty else { continue }
            func value(_ name: String) -> String? { row[name].flatMap { $0.isEmpty ? nil : $0 } }
            entries[code] = InstitutionEntry(
                hospitalCode: code, orgCode: value("org_code") ?? "", name: value("name") ?? "",
                level: value("level").flatMap { Int($0) } ?? 9, grade: value("grade").flatMap { Int($0) },
                divisionCode: value("division_code") ?? "", city: value("city"), county: value("county"),
                isPrimary: value("is_primary") == "1", mustReport: value("must_report") != "0",
                validFrom: value("valid_from").flatMap { CalendarDay($0) },
                validTo: value("valid_to").flatMap { CalendarDay($0) }, leadHospitalCode: value("lead_hospital_code"))
        }
        return entries
    }
}

extension ExampleScenario {
    /// What the database would know of the submission.
    var history: SubmissionHistory {
        var history = SubmissionHistory()
        history.isFinal = isFinal
        let matches = submission.matches.rows
        history.compared = SubmissionHistory.Compared(
            drugs: matches.count, matched: matches.filter { $0["ypid", default: ""] != "" }.count)
        guard let before else { return history }
        history.rowsBefore = before.tables.mapValues(\.rows.count)
        func doses(_ table: DataTable) -> [String: Double] {
            let rows = (before.tables[table]?.rows ?? []).map {
                ($0["hospital_drug_code", default: ""], Double($0["dose_quantity", default: ""]) ?? 0)
            }
            return Dictionary(rows, uniquingKeysWith: +)
        }
        let issued = doses(.stockOut)
        history.carriedDrugs = Set(doses(.stockIn).filter { $0.value > issued[$0.key, default: 0] }.keys)
        return history
    }
}
