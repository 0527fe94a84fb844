/// The classes in which institutions are compared and graded: 三级, 二级, 基层.
public enum InstitutionLevel: String, Sendable, Codable, CaseIterable, Hashable {
    case tertiary, secondary, primary

    /// The class of an institution of the library. One that is ungraded and not primary, or not listed at all, counts as
    /// secondary.
    public init(level: Int?, isPrimary: Bool?) {
        switch level {
        case 3: self = .tertiary
        case 2: self = .secondary
        default: self = isPrimary ?? false ? .primary : .secondary
        }
    }
}

/// What a submission's grade is decided by, as it was counted when it was judged.
public struct GradeBasis: Sendable, Hashable {
    /// The class of the institution.
    public var level: InstitutionLevel
    /// Distinct loaded rows with an anomaly.
    public var anomalousRows: Int
    /// Loaded rows.
    public var judgedRows: Int
    /// Whether a rule demands its return.
    public var isForced: Bool
    /// Whether a rule after the load found an anomaly or gave a warning, or an error before it concerns the whole.
    public var isQuestioned: Bool

    /// What was counted.
    public init(level: InstitutionLevel, anomalousRows: Int, judgedRows: Int, isForced: Bool, isQuestioned: Bool) {
        self.level = level
        self.anomalousRows = anomalousRows
        self.judgedRows = judgedRows
        self.isForced = isForced
        self.isQuestioned = isQuestioned
    }
}

/// From which share of anomalous rows a return is suggested, in ten-thousandths, by class of institution.
public struct GradeLimits: Sendable, Hashable {
    /// The thresholds of the rule folder that these are: `P50.rate.level3` and so on.
    public static let names: [InstitutionLevel: String] = [
        .tertiary: "P50.rate.level3", .secondary: "P50.rate.level2", .primary: "P50.rate.primary",
    ]

    private var rates: [InstitutionLevel: Int64]

    /// The limits among thresholds by name; `nil` where one is not set.
    public init?(thresholds: [String: Int64]) {
        rates = [:]
        for level in InstitutionLevel.allCases {
            guard let rate = GradeLimits.names[level].flatMap({ thresholds[$0] }) else { return nil }
            rates[level] = rate
        }
    }

    /// The limit of a class.
    public subscript(level: InstitutionLevel) -> Int64 { rates[level] ?? .max }

    /// The grade that follows: forced findings first, then the rate, then anything to be looked at.
    public func grade(_ basis: GradeBasis) -> Grade {
        if basis.isForced { return .forcedReturn }
        let reaches =
            basis.judgedRows > 0
            && Int128(basis.anomalousRows) * 10_000 >= Int128(self[basis.level]) * Int128(basis.judgedRows)
        if reaches { return .suggestedReturn }
        return basis.isQuestioned ? .review : .pass
    }
}

/// A submission whose grade would be another at other thresholds.
public struct GradeChange: Sendable, Hashable {
    /// The submission.
    public var submission: SubmissionID
    /// The sender.
    public var hospitalCode: String
    /// Its name in the library.
    public var name: String?
    /// What its grade is decided by at the other thresholds.
    public var basis: GradeBasis
    /// The grade it has.
    public var before: Grade
    /// The grade it would have.
    public var after: Grade

    /// A change.
    public init(
        submission: SubmissionID, hospitalCode: String, name: String?, basis: GradeBasis, before: Grade, after: Grade
    ) {
        self.submission = submission
        self.hospitalCode = hospitalCode
        self.name = name
        self.basis = basis
        self.before = before
        self.after = after
    }
}
