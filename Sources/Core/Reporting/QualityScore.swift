/// How good a submission is, in figures. Rates are rounded to hundredths of a per cent first and the score is made of
/// the rounded rates, so that whoever reads them can calculate it again.
public struct QualityScore: Sendable, Hashable {
    /// Rows without an error or an anomaly, of all rows that are data. Called completeness.
    public var records: Rate
    /// Rules without a finding that is an anomaly or heavier, of all rules that were judged. Called accuracy.
    public var rules: Rate
    /// Checks between columns or between tables that passed, of all that were made. Called consistency.
    public var checks: Rate

    /// What was counted.
    public init(records: Rate, rules: Rate, checks: Rate) {
        self.records = records
        self.rules = rules
        self.checks = checks
    }

    /// 0.7 × records + 0.3 × rules, hundredths of a point of 100; `nil` where there are no records or no rules.
    public var score: Int? {
        guard let records = records.hundredths, let rules = rules.hundredths else { return nil }
        return (7 * records + 3 * rules).dividedHalfUp(by: 10)
    }
}

/// How much each dimension counts in the evaluation of a region: thresholds of the rule folder, in ten-thousandths.
public struct EvaluationWeights: Sendable, Hashable {
    /// The thresholds they are.
    public static let names = [
        "region.weight.coverage", "region.weight.match", "region.weight.accuracy", "region.weight.progress",
    ]

    /// In the order of the names.
    public var values: [Int]

    /// The weights among thresholds by name, none below 0 or above 1 000; 25 where one is not set.
    public init(thresholds: [String: Int64] = [:]) {
        values = EvaluationWeights.names.map { Int(min(max(thresholds[$0] ?? 250_000, 0), 10_000_000)) }
    }
}

/// The four dimensions by which a city or a province is evaluated (四维评价).
public struct RegionEvaluation: Sendable, Hashable {
    /// GB/T 2260, ending in `0000` for a province and in `00` for a city.
    public var regionCode: String
    /// Its name, where a library gives it.
    public var name: String?
    /// Institutions with an accepted submission, of those expected.
    public var coverage: Rate
    /// Drugs with a national code, of all drugs of the catalogues but hospital preparations.
    public var match: Rate
    /// Rows without an error or an anomaly, of all rows that are data.
    public var accuracy: Rate
    /// Institutions that sent anything, of those expected.
    public var firstSubmitted: Rate
    /// Institutions that sent again, of those whose first submission was returned or should be.
    public var resubmitted: Rate
    /// Institutions whose first submission passed, of those that sent one.
    public var firstAccurate: Rate

    /// What was counted.
    public init(
        regionCode: String, name: String?, coverage: Rate, match: Rate, accuracy: Rate, firstSubmitted: Rate,
        resubmitted: Rate, firstAccurate: Rate
    ) {
        self.regionCode = regionCode
        self.name = name
        self.coverage = coverage
        self.match = match
        self.accuracy = accuracy
        self.firstSubmitted = firstSubmitted
        self.resubmitted = resubmitted
        self.firstAccurate = firstAccurate
    }

    /// Whether it is a province and not a city.
    public var isProvince: Bool { regionCode.hasSuffix("0000") }

    /// The mean of the three rates of progress that there are, hundredths of a per cent.
    public var progress: Int? {
        let rates = [firstSubmitted, resubmitted, firstAccurate].compactMap(\.hundredths)
        return rates.isEmpty ? nil : rates.reduce(0, +).dividedHalfUp(by: rates.count)
    }

    /// Coverage, match, accuracy and progress, hundredths of a per cent; `nil` where there is nothing to count.
    public var dimensions: [Int?] { [coverage.hundredths, match.hundredths, accuracy.hundredths, progress] }

    /// The weighted mean of the dimensions that there are, hundredths of a point of 100.
    public func score(_ weights: EvaluationWeights = EvaluationWeights()) -> Int? {
        var sum = 0
        var total = 0
        for (value, weight) in zip(dimensions, weights.values) {
            guard let value, weight > 0 else { continue }
            sum += value * weight
            total += weight
        }
        return total == 0 ? nil : sum.dividedHalfUp(by: total)
    }
}
