/// A submission in force for its institution and period, as officers see it.
public struct JudgedSubmission: Sendable, Hashable {
    /// The submission.
    public var submission: SubmissionID
    /// The sender.
    public var hospitalCode: String
    /// Its name in the library; `nil` where it is not listed.
    public var name: String?
    /// Its class.
    public var level: InstitutionLevel
    /// The division code of its city; `nil` where it is not listed.
    public var cityCode: String?
    /// Its city's name.
    public var city: String?
    /// Its county's name.
    public var county: String?
    /// 1 for the first of its institution and period.
    public var version: Int
    /// What became of it before its load.
    public var verdict: Verdict?
    /// The grade after its load.
    public var grade: Grade?
    /// Distinct rows with an anomaly, of the rows judged; `nil` where it was not graded.
    public var anomalies: Rate?
    /// Rows kept aside.
    public var rowsQuarantined: Int
    /// Its quality in figures.
    public var quality: QualityScore
    /// Findings by rule and weight.
    public var counts: [RuleCount]

    /// A submission.
    public init(
        submission: SubmissionID, hospitalCode: String, name: String?, level: InstitutionLevel, cityCode: String?,
        city: String?, county: String?, version: Int, verdict: Verdict?, grade: Grade?, anomalies: Rate?,
        rowsQuarantined: Int, quality: QualityScore, counts: [RuleCount]
    ) {
        self.submission = submission
        self.hospitalCode = hospitalCode
        self.name = name
        self.level = level
        self.cityCode = cityCode
        self.city = city
        self.county = county
        self.version = version
        self.verdict = verdict
        self.grade = grade
        self.anomalies = anomalies
        self.rowsQuarantined = rowsQuarantined
        self.quality = quality
        self.counts = counts
    }

    /// How many findings have one of these weights.
    public func count(_ weights: Severity...) -> Int {
        counts.reduce(0) { $0 + (weights.contains($1.severity) ? $1.count : 0) }
    }
}

/// What a period before came to, to compare with.
public struct EarlierPeriod: Sendable, Hashable {
    /// The period.
    public var period: Period
    /// Its submissions in force, by city and class, without their findings and quality.
    public var submissions: [JudgedSubmission]
    /// Findings by rule and weight, over all of them.
    public var counts: [RuleCount]
    /// Institutions by rule.
    public var institutions: [RuleID: Int]

    /// A period.
    public init(
        period: Period, submissions: [JudgedSubmission], counts: [RuleCount], institutions: [RuleID: Int]
    ) {
        self.period = period
        self.submissions = submissions
        self.counts = counts
        self.institutions = institutions
    }
}

/// What was found in the submissions of a period, counted; the findings themselves are read one submission at a time.
public struct ViolationSummary: Sendable, Hashable {
    /// The period.
    public var period: Period
    /// Its submissions in force, by number.
    public var submissions: [JudgedSubmission]
    /// The period of the same length before it; `nil` where nothing is known of that.
    public var earlier: EarlierPeriod?
    /// Cities and provinces, by code.
    public var regions: [RegionEvaluation]
    /// How long the rules took, by rule.
    public var seconds: [RuleID: Double]

    /// A summary.
    public init(
        period: Period, submissions: [JudgedSubmission], earlier: EarlierPeriod?, regions: [RegionEvaluation],
        seconds: [RuleID: Double]
    ) {
        self.period = period
        self.submissions = submissions
        self.earlier = earlier
        self.regions = regions
        self.seconds = seconds
    }
}

/// How the institutions' prices of a drug lie, and the benchmark they were judged by.
public struct PriceDistribution: Sendable, Hashable {
    /// What it is of.
    public struct Key: Sendable, Hashable {
        /// stock_in or usage.
        public var table: DataTable
        /// The drug.
        public var ypid: String

        /// A drug in a table.
        public init(table: DataTable, ypid: String) {
            self.table = table
            self.ypid = ypid
        }
    }

    /// Yuan for a dosage unit.
    public struct Benchmark: Sendable, Hashable {
        /// Over how many institutions.
        public var institutions: Int
        /// The middle.
        public var median: Double
        /// The mean.
        public var mean: Double
        /// The sample standard deviation; `nil` of a single institution.
        public var deviation: Double?
        /// Below it lies a twentieth.
        public var p5: Double
        /// Above it lies a twentieth.
        public var p95: Double

        /// A benchmark.
        public init(institutions: Int, median: Double, mean: Double, deviation: Double?, p5: Double, p95: Double) {
            self.institutions = institutions
            self.median = median
            self.mean = mean
            self.deviation = deviation
            self.p5 = p5
            self.p95 = p95
        }
    }

    /// Into how many classes the prices are sorted.
    public static let classes = 48

    /// The drug.
    public var key: Key
    /// A name that it has.
    public var productName: String
    /// The benchmark in force; `nil` where there is none.
    public var benchmark: Benchmark?
    /// The lowest price.
    public var lowest: Double
    /// The highest price.
    public var highest: Double
    /// How many institutions have a price in each class; the classes are equally wide on a logarithmic scale.
    public var counts: [Int]

    /// A distribution.
    public init(
        key: Key, productName: String, benchmark: Benchmark?, lowest: Double, highest: Double, counts: [Int]
    ) {
        self.key = key
        self.productName = productName
        self.benchmark = benchmark
        self.lowest = lowest
        self.highest = highest
        self.counts = counts
    }
}
