public import Core

/// The officers' report on a period: what was found in the submissions in force, by rule and by institution.
///
/// It is a folder of pages that link to one another, with complete lists as CSV beside them:
///
///     index.html  institutions.html  returns.html
///     violations.csv  institutions.csv  returns.csv  evaluation.csv
///     rules/P01.html  rules/P01.csv  rules/P01-institutions.csv
///     institutions/<hospital_code>.html  institutions/<hospital_code>.csv
///
/// Counts come from the summary; findings are handed in one submission at a time (`InstitutionViolations`), and only
/// samples of them are kept.
public struct ViolationReport: Sendable {
    /// Pages that list institutions or rows stop here; the CSV beside them does not.
    static let lineLimit = 5000
    /// The first page shows so many findings of the period as a whole.
    static let periodLimit = 200
    /// On the page of a rule, rows are shown of so many institutions.
    static let sampledInstitutions = 30

    /// What it is made of.
    public let summary: ViolationSummary
    let rules: RuleTexts
    let limits: GradeLimits?
    let weights: EvaluationWeights
    let prices: [PriceDistribution.Key: PriceDistribution]
    let receipts: [SubmissionID: String]
    let home: String?
    /// What is wrong with the period as a whole.
    public let periodFindings: [PeriodReport.Entry]
    /// How many findings of a rule follow from findings of another; known once all findings have come.
    public var following = FollowingFindings()

    /// A report.
    ///
    /// - Parameters:
    ///   - prices: how prices lie where they are questioned.
    ///   - limits: from which rates a return is suggested; `nil` where the rule folder does not say.
    ///   - weights: what the dimensions of a region's evaluation count.
    ///   - receipts: where receipts lie, relative to the report's folder.
    ///   - home: where the page of all runs lies, relative to the report's folder.
    ///   - periodFindings: what is wrong with the period as a whole, heaviest first.
    public init(
        _ summary: ViolationSummary, prices: [PriceDistribution], rules: RuleTexts, limits: GradeLimits?,
        weights: EvaluationWeights, receipts: [SubmissionID: String] = [:], home: String? = nil,
        periodFindings: [PeriodReport.Entry] = []
    ) {
        self.summary = summary
        self.rules = rules
        self.limits = limits
        self.weights = weights
        self.prices = Dictionary(prices.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        self.receipts = receipts
        self.home = home
        self.periodFindings = periodFindings
    }

    // MARK: Names of files

    /// The list of all findings.
    public static let violationsFile = "violations.csv"

    /// The page or list of a rule, relative to the report's folder: `P01`, `P01-institutions`.
    public static func file(of rule: RuleID, _ suffix: String) -> String { "rules/\(plain(rule.rawValue))\(suffix)" }

    /// The page or list of an institution, relative to the report's folder.
    public static func file(of submission: JudgedSubmission, _ suffix: String) -> String {
        let code = submission.hospitalCode
        let isPlain = (1...40).contains(code.utf8.count) && plain(code) == code
        return "institutions/\(isPlain ? code : "submission-\(submission.submission)")\(suffix)"
    }

    /// Letters and digits of ASCII; all else by its number, so that no two names become one.
    private static func plain(_ name: String) -> String {
        func isPlain(_ value: UInt32) -> Bool {
            (0x30...0x39).contains(value) || (0x41...0x5A).contains(value) || (0x61...0x7A).contains(value)
        }
        // Nearly all are, and every row of a page that names an institution asks.
        if name.utf8.allSatisfy({ isPlain(UInt32($0)) }) { return name }
        return name.unicodeScalars.map { isPlain($0.value) ? String($0) : "_\($0.value)_" }.joined()
    }

    // MARK: Counts

    /// What a rule found, over all institutions.
    public struct RuleTotal: Sendable, Hashable {
        /// The rule.
        public let rule: RuleID
        /// The heaviest weight its findings have.
        public internal(set) var severity: Severity
        /// How many findings.
        public internal(set) var count: Int
        /// How many of each weight.
        public internal(set) var weights: [Severity: Int]
        /// The submissions with one, those with most first.
        public internal(set) var submissions: [(submission: Int, count: Int)]

        /// The same where everything is.
        public static func == (left: RuleTotal, right: RuleTotal) -> Bool {
            left.rule == right.rule && left.weights == right.weights
                && left.submissions.count == right.submissions.count
        }

        /// Feeds what `==` compares.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(rule)
            hasher.combine(weights)
        }
    }

    /// All rules that found something: heaviest first, then the most widespread.
    public var ruleTotals: [RuleTotal] {
        var totals: [RuleID: RuleTotal] = [:]
        for (index, submission) in summary.submissions.enumerated() {
            for count in submission.counts where count.count > 0 {
                var total =
                    totals.removeValue(forKey: count.rule)
                    ?? RuleTotal(rule: count.rule, severity: count.severity, count: 0, weights: [:], submissions: [])
                total.severity = max(total.severity, count.severity)
                total.count += count.count
                total.weights[count.severity, default: 0] += count.count
                if total.submissions.last?.submission == index {
                    total.submissions[total.submissions.count - 1].count += count.count
                } else {
                    total.submissions.append((index, count.count))
                }
                totals[count.rule] = total
            }
        }
        return totals.values.map { total in
            var total = total
            total.submissions.sort { ($1.count, $0.submission) < ($0.count, $1.submission) }
            return total
        }.sorted {
            ($0.severity.rank, -$0.submissions.count, -$0.count, $0.rule)
                < ($1.severity.rank, -$1.submissions.count, -$1.count, $1.rule)
        }
    }

    /// Submissions in the order in which an officer takes them up: returns first, then by rate, then by findings.
    public func ordered(_ submissions: some Sequence<JudgedSubmission>) -> [JudgedSubmission] {
        func rank(_ item: JudgedSubmission) -> (Int, Int, Int, Int) {
            let grade =
                switch item.grade {
                case .forcedReturn: 0
                case .suggestedReturn: 1
                case .review: 2
                case nil: 3
                case .pass: 4
                }
            return (
                grade, -(item.anomalies?.hundredths ?? 0), -item.counts.reduce(0) { $0 + $1.count },
                item.submission.rawValue
            )
        }
        return submissions.map { (rank($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Institutions whose return is suggested or demanded.
    public var returns: [JudgedSubmission] {
        ordered(summary.submissions.lazy.filter { $0.grade == .forcedReturn || $0.grade == .suggestedReturn })
    }

    func isWithFindings(_ submission: JudgedSubmission) -> Bool { submission.counts.contains { $0.count > 0 } }
}

extension Sequence<JudgedSubmission> {
    /// Distinct anomalous rows of all judged rows.
    var anomalyRate: Rate { reduce(Rate(0, of: 0)) { $0 + ($1.anomalies ?? Rate(0, of: 0)) } }

    /// How many have a grade.
    func count(_ grade: Grade) -> Int { reduce(0) { $0 + ($1.grade == grade ? 1 : 0) } }

    /// How many findings have one of these weights.
    func findings(_ weights: Severity...) -> Int {
        reduce(0) { sum, item in
            item.counts.reduce(sum) { $0 + (weights.contains($1.severity) ? $1.count : 0) }
        }
    }
}
