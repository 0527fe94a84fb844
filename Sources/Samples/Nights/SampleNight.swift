import Core

/// How much a night of samples came to.
public struct SampleSummary: Sendable, Hashable {
    /// Submissions in the inbox, those that will not be taken included.
    public var submissions = 0
    /// Data files, packed ones counted by their members.
    public var files = 0
    /// Data rows that are to be read.
    public var rows = 0
    /// Findings that must be made.
    public var findings = 0
}

/// Writes libraries and nights of samples.
public enum SampleNight {
    /// Writes `libraries/`, `inbox/` and `answer-key.json` into a sink, one submission after the other; memory holds
    /// the drug library and one submission's stock at a time.
    ///
    /// - Parameter floor: gets the rows as they were before anything was planted, one plain CSV for each table over all
    ///   institutions (`usage.csv`): what a bare `\copy` is measured with.
    @discardableResult
    public static func write(
        _ plan: NightPlan, into sink: any SampleSink, floor: (any SampleSink)? = nil
    ) throws -> SampleSummary {
        let library = DrugLibrary(seed: plan.seed, count: plan.libraryDrugs)
        try LibraryFiles.writeDivisions(into: sink)
        try LibraryFiles.write(library, into: sink)
        var institutions = try LibraryFiles.institutions(into: sink)
        let floorWriters = try floor.map { try makeFloor(in: $0) } ?? [:]
        let key = try AnswerKeyWriter(
            try sink.makeFile(at: "answer-key.json", age: .settled),
            head: AnswerKey(seed: plan.seed, period: "\(plan.period)", rules: plan.rules.sorted()))
        let rules = Set(plan.rules)
        let small = plan.content == .small ? SmallNight(seed: plan.seed) : nil
        let submissions =
            plan.content == .planted
            ? PlantedNight(seed: plan.seed).submissions
            : small?.submissions ?? plan.roster().map(plan.submission(of:))
        var intake: [ExpectedIntake] = []
        var summary = SampleSummary()
        for (index, submission) in submissions.enumerated() {
            let rows = SubmissionRows(
                submission.institution, library: library, seed: plan.seed, period: plan.period,
                version: submission.version, changes: submission.wholeChanges)
            if submission.version == 1, !submission.institution.isUnlisted {
                try institutions.add(submission.institution, income: rows.annualDrugIncome)
            }
            let other = submissions[(index + 1) % submissions.count].institution
            let writing = SubmissionWriting(
                plan: submission, rows: rows, rules: rules, other: other, seed: plan.seed,
                level: plan.compressionLevel, sink: sink)
            let expected = try writing.write(floor: floorWriters)
            summary.submissions += 1
            intake.append(
                ExpectedIntake(
                    source: submission.source(period: plan.period), outcome: submission.outcome,
                    about: submission.about.chinese, aboutInEnglish: submission.about.english))
            guard let expected else { continue }
            summary.files += expected.files.count
            summary.rows += expected.files.reduce(0) { $0 + $1.rowsRead }
            summary.findings += expected.findings.count
            try key.add(expected)
        }
        if let small {
            intake += try small.writeStrangers(into: sink)
            for institution in small.silent {
                let rows = SubmissionRows(institution, library: library, seed: plan.seed, period: plan.period)
                try institutions.add(institution, income: rows.annualDrugIncome)
            }
        }
        try institutions.close()
        try key.close(intake: intake)
        for writer in floorWriters.values { try writer.close() }
        return summary
    }

    /// Writes `libraries/` alone.
    public static func writeLibraries(_ plan: NightPlan, into sink: any SampleSink) throws {
        let library = DrugLibrary(seed: plan.seed, count: plan.libraryDrugs)
        try LibraryFiles.writeDivisions(into: sink)
        try LibraryFiles.write(library, into: sink)
        var institutions = try LibraryFiles.institutions(into: sink)
        let small = plan.content == .small ? SmallNight(seed: plan.seed) : nil
        let listed =
            small.map { night in
                night.submissions.filter { $0.version == 1 && !$0.institution.isUnlisted }.map(\.institution)
                    + night.silent
            }
            ?? (plan.content == .planted
                ? PlantedNight(seed: plan.seed).submissions.filter { !$0.institution.isUnlisted }.map(\.institution)
                : plan.roster())
        for institution in listed {
            let rows = SubmissionRows(institution, library: library, seed: plan.seed, period: plan.period)
            try institutions.add(institution, income: rows.annualDrugIncome)
        }
        try institutions.close()
    }

    private static func makeFloor(in sink: any SampleSink) throws -> [DataTable: DelimitedFileWriter] {
        let format = FileFormat().with { $0.headers = .english }
        var random = SeededGenerator(seed: 0)
        var writers: [DataTable: DelimitedFileWriter] = [:]
        for dataSet in DataSet.all {
            let file = try sink.makeFile(at: "\(dataSet.table.rawValue).csv", age: .settled)
            let output = try TextOutput(file, encoding: .utf8, isPacked: false, level: 0)
            writers[dataSet.table] = try DelimitedFileWriter(
                output, format, dataSet: dataSet, title: "", columns: format.columns(of: dataSet, using: &random))
        }
        return writers
    }
}
