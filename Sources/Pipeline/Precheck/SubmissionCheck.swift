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
    ///   - keepsRows: whether the rows are staged for a load too; who only wants the findings does without.
    /// - Throws: what the disk refuses; whatever is wrong with the data is a finding.
    public func outcome(
        of input: CheckInput, stagingPath: String, isWhole: Bool = true, keepsRows: Bool = true
    ) throws -> CheckOutcome {
        var condemned = CondemnedKeys()
        let pieces = KeptPieces(limit: settings.readAheadBytes)
        var isFirst = true
        while true {
            var pass = try CheckPass(
                input, environment: environment, settings: settings, plan: plan, stagingPath: stagingPath,
                condemned: condemned)
            pass.keepsRows = keepsRows
            pass.pieces = pieces
            pass.mayLookAtKeysFirst = isFirst
            isFirst = false
            try pass.run(isWhole: isWhole)
            guard !pass.isReadAgain else {
                condemned.merge(pass.newlyCondemned)
                continue
            }
            return try pass.finish(StagingFile(path: stagingPath))
        }
    }
}

/// Keys whose rows cannot be trusted, by table; and how many rows the institution table has where they are several.
struct CondemnedKeys {
    var keys: [DataTable: [UInt64: KeyConflict]] = [:]
    var institutionRows = 0

    var hasSeveralInstitutionRows: Bool { institutionRows > 1 }

    var isEmpty: Bool { keys.isEmpty && !hasSeveralInstitutionRows }

    mutating func add(_ conflicts: [UInt64: KeyConflict], in table: DataTable) {
        guard !conflicts.isEmpty else { return }
        keys[table, default: [:]].merge(conflicts) { $0.union($1) }
    }

    mutating func merge(_ other: CondemnedKeys) {
        for (table, conflicts) in other.keys { add(conflicts, in: table) }
        institutionRows = max(institutionRows, other.institutionRows)
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
    /// Which conditions are judged here.
    var conditionPart = ConditionCheck.Part.all
    let matches: MatchIndex?
    /// Whether the catalogue could be read to its end, so that what it lacks is really missing.
    var isCatalogueWhole = true
    /// What is kept of the files for another reading.
    var pieces: KeptPieces?
    /// Whether this reading may turn out to be one that only looks at keys.
    var mayLookAtKeysFirst = false
    /// Whether it is one.
    private(set) var looksAtKeysOnly = false
    private var rowsSeen = 0
    private var observationsSeen = 0
    /// Whether rows are staged, and not only findings.
    var keepsRows = true
    var names = RowNames()
    var drugs: DrugLedger
    /// The hospital code of the row before, to see whose drugs a row names.
    var lastOwner: [UInt8] = []
    var files: [FileOutcome] = []
    /// Hospital codes in the rows that pass their own checks, for A21.
    var hospitalCodes: Set<String> = []
    /// What the cells that say whose the row before is hash to; 0 before the first.
    var lastNoted: UInt64 = 0
    /// What rows of different tables say together.
    var cross = CrossState()
    let limits: CheckLimits
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
        limits = CheckLimits(environment.rules.parameters, on: environment.businessDate)
        drugs = DrugLedger(sender: input.hospitalCode)
        writer = try StagingWriter(path: stagingPath)
        log = FindingLog(rules: environment.rules, hospitalCode: input.hospitalCode, period: input.period)
    }

    mutating func run(isWhole: Bool) throws {
        try checkSender()
        let contents = try openPackage(isWhole: isWhole)
        let feed = feed(of: contents)
        for table in DataTable.allCases {
            try checkTable(table, contents.sources[table] ?? [], feed)
        }
        guard !isReadAgain else { return }
        try checkManifest(contents)
        try checkWhole()
        tallyWholes(isWhole: isWhole, hasManifest: contents.manifest != nil)
    }

    /// Whether keys turned out to conflict, so that the submission is read once more: nothing of this reading is kept but
    /// which keys those are.
    var isReadAgain: Bool { looksAtKeysOnly || !newlyCondemned.isEmpty }

    /// Where many rows of a submission that is kept have something wrong by themselves, some keys nearly always conflict, and
    /// that may show in its last row. So this reading only looks at keys then, and what is said of rows is said once.
    mutating func lookAtKeysFirst(rows: Int, observations: Int) {
        guard mayLookAtKeysFirst, pieces?.isKeeping == true else { return }
        rowsSeen += rows
        observationsSeen += observations
        looksAtKeysOnly = observationsSeen * CheckPass.rowsForOneObservation > rowsSeen
        mayLookAtKeysFirst = !looksAtKeysOnly
    }

    /// With fewer rows to one observation, keys are looked at first. It decides what is done first, not what comes of it.
    private static var rowsForOneObservation: Int { 16 }

    /// The files that `checkTable` will ask for, in the order in which it will.
    private mutating func feed(of contents: PackageContents) -> FileFeed {
        var tasks: [FileTask] = []
        for table in DataTable.allCases {
            for (source, role) in contents.sources[table] ?? [] where role != .copy {
                tasks.append(FileTask(source: source, dataSet: DataSet.of(table)))
            }
        }
        var work = FileFeed.Work(
            tasks: tasks, limits: settings.limits, context: context, parameters: environment.rules.parameters)
        let bytes = input.files.reduce(0) { $0 + $1.size }
        guard settings.workers > 1, bytes >= settings.readAheadBytes else {
            return FileFeed(work, threads: 0, keeping: pieces)
        }
        // What needs no other row of the submission is said with the rest, by whoever has time.
        work.conditions = OwnConditions(
            plan: plan, scopes: environment.rules.scopes, library: environment.drugs, matches: matches)
        conditionPart = .joined
        return FileFeed(work, threads: min(settings.workers - 1, CheckPass.mostThreads))
    }

    /// The caller alone looks at rows together: with two more, reading and judging take no longer than that.
    private static var mostThreads: Int { 2 }

    /// A finding on the submission or on one of its files.
    mutating func add(_ observation: Observation) throws {
        guard !log.silent.contains(observation.rule) else { return }
        let place = observation.place
        let file = place.file.map { files[$0].member ?? files[$0].name } ?? ""
        let detail = observation.details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let key = ([file] + (place.file == nil ? detail : [])).joined(separator: "\u{0}")
        try log.add(observation, key: Array(key.utf8), to: &writer)
        tally.violated(observation.rule)
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
        let results = results()
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
        return CheckOutcome(
            files: files, verdict: verdict, findingCounts: log.counts, tally: tally, results: results, staged: staged)
    }
}
