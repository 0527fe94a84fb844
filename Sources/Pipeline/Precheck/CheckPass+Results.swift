internal import Core
internal import Rules

extension NotApplicable {
    /// A table is missing, has no rows, or could not be read to its end.
    static let incompleteTables = NotApplicable("incomplete_tables")
    /// Only the nightly run knows what came before.
    static let noDatabase = NotApplicable("no_database")
    /// The institution has not reported on the period before.
    static let firstPeriod = NotApplicable("first_period")
    /// Too few rows to speak of a share.
    static let tooFew = NotApplicable("too_few_rows")
    /// There was nothing to look at.
    static let noRows = NotApplicable("no_rows")
    /// No manifest came with the submission, and no file says it of itself.
    static let noManifest = NotApplicable("no_manifest")
    /// No file has a total line.
    static let noTotalLine = NotApplicable("no_total_line")
    /// Some files were checked, not a whole submission.
    static let singleFiles = NotApplicable("single_files")
    /// The institution table does not say who reports.
    static let noIdentification = NotApplicable("no_identification")
}

extension CheckPass {
    /// What rules on packages, files and the whole submission looked at; rules on rows are counted while rows are read.
    mutating func tallyWholes(isWhole: Bool, hasManifest: Bool) {
        let rows = cross.rows.reduce(0, +)
        let institutions: NotApplicable? = environment.institutions == nil ? .without(.institution) : nil
        let database: NotApplicable? = input.history == nil ? .noDatabase : nil
        let saysItself = files.contains { $0.delimiter == nil && $0.encoding != nil }
        func tally(_ rules: [RuleID], _ count: Int, unless reason: NotApplicable? = nil) {
            for rule in rules {
                if let reason {
                    self.tally.notApplicable(rule, reason)
                } else {
                    self.tally.evaluated(rule, count)
                }
            }
        }
        tally(["A01", "A02", "A03", "A04", "A05", "A06"], input.files.count)
        tally(["A07"], 1, unless: isWhole ? nil : .singleFiles)
        tally(["A08", "A09", "A10", "A11", "A12", "A13", "A14", "A23"], files.count)
        tally(["A17", "A24"], 1, unless: database)
        tally(["A18", "A21"], 1)
        tally(["A19", "D04"], 1, unless: institutions)
        tally(["A20"], rows)
        tally(["A22"], 1, unless: hasManifest || saysItself ? nil : .noManifest)
        tally(["A25"], files.count, unless: hasManifest || saysItself ? nil : .noManifest)
        tally(["B05"], 1, unless: cells > 0 ? nil : .noRows)
        tally(["E01"], rows)
        tally(["E05"], cross.rows[DataTable.institution.number])
        tally(
            ["G04"], rows - cross.rows[DataTable.institution.number],
            unless: cross.identification.isKnown ? nil : .noIdentification)
        let totals = files.reduce(0) { $0 + ($1.rowsSkipped[SkipReason.totalLine.rawValue] ?? 0) }
        tally(["F12"], totals, unless: totals > 0 ? nil : .noTotalLine)
        if !cross.wholeTables.contains(.stockOut) {
            for rule in ["G06", "G08"] as [RuleID] { self.tally.withdraw(rule, .incompleteTables) }
        }
        if input.history?.carriedDrugs == nil {
            self.tally.withdraw("G07", input.history == nil ? .noDatabase : .firstPeriod)
        } else if !cross.wholeTables.contains(.stockIn) {
            self.tally.withdraw("G07", .incompleteTables)
        }
    }

    /// One exclusive status for every rule before the load.
    ///
    /// What was found decides first, then what could be judged: a rule that some rows broke has failed (or passed with
    /// violations, where none of its findings is an error), one that nothing could be said about is not applicable.
    func results() -> [RuleResult] {
        environment.rules.beforeLoad.map { rule in
            let count = tally.counts[rule.id] ?? RuleTally.Count()
            let status: RuleResult.Status
            if count.violated > 0 {
                status = log.worst[rule.id].map { $0 >= .error } ?? false ? .failed : .passedWithViolations
            } else {
                status = count.evaluated > 0 ? .passed : .notApplicable
            }
            return RuleResult(
                rule: rule.id, ruleHash: rule.hash, status: status,
                reason: status == .notApplicable ? (count.mainReason ?? .noRows).reason : nil,
                evaluated: max(count.evaluated, count.violated), violated: count.violated)
        }
    }
}
