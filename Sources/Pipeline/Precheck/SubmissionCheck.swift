internal import Core
internal import Readers
internal import Rules

/// All checks that need no other institution, over one submission: the same code for the nightly run, with staging for
/// the load behind it, and for `yaoce validate`, which only wants the findings.
public struct SubmissionCheck: Sendable {
    private let environment: CheckEnvironment
    private let settings: PipelineSettings
    private let plan: ConditionPlan

    /// Checks with an environment.
    public init(_ environment: CheckEnvironment, settings: PipelineSettings) {
        self.environment = environment
        var settings = settings
        settings.limits.invalidRowsInTenThousand = Int(
            environment.rules.parameters.threshold(
                "A15.share", on: environment.businessDate.description, decimals: 4, default: 100))
        self.settings = settings
        plan = ConditionPlan(environment.rules, businessDate: environment.businessDate)
    }

    /// Reads a submission once, or twice where keys turned out to conflict (see `KeyLedger`).
    ///
    /// - Parameters:
    ///   - stagingPath: where findings and rows are written.
    ///   - isWhole: whether a missing table is a finding (A07).
    /// - Throws: what the disk refuses; whatever is wrong with the data is a finding.
    public func outcome(of input: CheckInput, stagingPath: String, isWhole: Bool = true) throws -> CheckOutcome {
        var condemned = CondemnedKeys()
        while true {
            var pass = try CheckPass(
                input, environment: environment, settings: settings, plan: plan, stagingPath: stagingPath,
                condemned: condemned)
            try pass.run(isWhole: isWhole)
            guard pass.newlyCondemned.isEmpty else {
                condemned.merge(pass.newlyCondemned)
                continue
            }
            return try pass.finish(StagingFile(path: stagingPath))
        }
    }
}

/// Keys whose rows cannot be trusted, by table; and whether the institution table has more than one row.
struct CondemnedKeys {
    var keys: [DataTable: [UInt64: KeyConflict]] = [:]
    var hasSeveralInstitutionRows = false

    var isEmpty: Bool { keys.isEmpty && !hasSeveralInstitutionRows }

    mutating func merge(_ other: CondemnedKeys) {
        keys.merge(other.keys) { mine, theirs in mine.merging(theirs) { $0.union($1) } }
        hasSeveralInstitutionRows = hasSeveralInstitutionRows || other.hasSeveralInstitutionRows
    }
}

/// One reading of one submission.
struct CheckPass: ~Copyable {
    let input: CheckInput
    let environment: CheckEnvironment
    let settings: PipelineSettings
    let plan: ConditionPlan
    let condemned: CondemnedKeys
    var newlyCondemned = CondemnedKeys()
    var writer: StagingWriter
    var log: FindingLog
    var tally = RuleTally()
    let matches: MatchIndex?
    /// Whether the catalogue could be read to its end, so that what it lacks is really missing.
    var isCatalogueWhole = true
    var names = RowNames()
    var drugs: DrugLedger
    /// The hospital code of the row before, to see whose drugs a row names.
    var lastOwner: [UInt8] = []
    var files: [FileOutcome] = []
    /// Hospital codes in the rows that pass their own checks, for A21.
    var hospitalCodes: Set<String> = []
    /// The code of the row before: rows of a file nearly always share it.
    var lastCode: [UInt8] = []
    var blankCells = 0
    var cells = 0

    init(
        _ input: CheckInput, environment: CheckEnvironment, settings: PipelineSettings, plan: ConditionPlan,
        stagingPath: String, condemned: CondemnedKeys
    ) throws {
        self.input = input
        self.environment = environment
        self.settings = settings
        self.plan = plan
        self.condemned = condemned
        matches = input.matches.map { MatchIndex($0) }
        drugs = DrugLedger(sender: input.hospitalCode)
        writer = try StagingWriter(path: stagingPath)
        log = FindingLog(rules: environment.rules, hospitalCode: input.hospitalCode, period: input.period)
    }

    mutating func run(isWhole: Bool) throws {
        try checkSender()
        let contents = try openPackage(isWhole: isWhole)
        for table in DataTable.allCases {
            try checkTable(table, contents.sources[table] ?? [])
        }
        try checkManifest(contents)
        try checkWhole()
    }

    /// A finding on the submission or on one of its files.
    mutating func add(_ observation: Observation) throws {
        let place = observation.place
        let file = place.file.map { files[$0].member ?? files[$0].name } ?? ""
        let detail = observation.details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let key = ([file] + (place.file == nil ? detail : [])).joined(separator: "\u{0}")
        try log.add(observation, key: Array(key.utf8), to: &writer)
        tally.violated(observation.rule)
    }

    /// A19 and D04: whether the sender may report at all.
    private mutating func checkSender() throws {
        guard let institutions = environment.institutions else { return }
        guard let entry = institutions[input.hospitalCode] else {
            try add(Observation("A19", value: input.hospitalCode, expected: ""))
            return
        }
        let period = input.period
        let isOver = entry.validTo.map { $0 < period.start } ?? false
        let isEarly = entry.validFrom.map { $0 > period.end } ?? false
        if isOver || isEarly {
            let window = "\(entry.validFrom?.description ?? "")…\(entry.validTo?.description ?? "")"
            try add(Observation("D04", value: input.hospitalCode, expected: window))
        }
    }

    /// What only the whole submission shows: A21, B05.
    private mutating func checkWhole() throws {
        let others = hospitalCodes.subtracting([input.hospitalCode])
        if hospitalCodes.count > 1, !areMembers(others) {
            try add(
                Observation(
                    "A21", value: "\(hospitalCodes.count)", expected: "1",
                    details: ["codes": hospitalCodes.sorted().prefix(10).joined(separator: ", ")]))
        }
        let share = environment.rules.parameters.threshold(
            "B05.share", on: environment.businessDate.description, decimals: 4, default: 1000)
        if cells > 0, Int64(blankCells) * 10_000 > Int64(cells) * share {
            let percent = FixedPoint.shortText(Int64(blankCells) * 10_000 / Int64(cells), decimals: 2)
            try add(
                Observation(
                    "B05", value: "\(percent)%", expected: "≤ \(FixedPoint.shortText(share, decimals: 2))%",
                    details: ["blank": "\(blankCells)", "cells": "\(cells)"]))
        }
    }

    private func areMembers(_ codes: Set<String>) -> Bool {
        guard let institutions = environment.institutions else { return false }
        return codes.allSatisfy { institutions[$0]?.leadHospitalCode == input.hospitalCode }
    }

    /// Closes the staging file and says what became of the submission.
    consuming func finish(_ staged: StagingFile) throws -> CheckOutcome {
        let quarantined = files.reduce(0) { $0 + $1.rowsQuarantined }
        let isReturned = log.hasInterrupt || (settings.recordErrors == .return && quarantined > 0)
        if isReturned {
            for index in files.indices where files[index].rowsLoaded > 0 {
                files[index].rowsSkipped[SkipReason.submissionReturned.rawValue, default: 0] += files[index].rowsLoaded
                files[index].rowsLoaded = 0
            }
        }
        for (index, counts) in log.countsByFile { files[index].findings = counts }
        try writer.finish()
        let verdict: Verdict =
            if isReturned {
                .returned
            } else if quarantined > 0 || log.counts[.error] != nil {
                .partlyLoaded
            } else if log.counts[.warning] != nil {
                .passedWithWarnings
            } else {
                .passed
            }
        return CheckOutcome(files: files, verdict: verdict, findingCounts: log.counts, tally: tally, staged: staged)
    }
}
