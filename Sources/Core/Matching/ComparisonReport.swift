/// What the comparison of a period's current submissions came to, by institution.
public struct ComparisonReport: Sendable, Hashable {
    /// One institution.
    public struct Institution: Sendable, Hashable {
        /// 医疗机构代码
        public var hospitalCode: String
        /// Its name, where the published library knows it.
        public var name: String?
        /// Its submission in force.
        public var submission: SubmissionID
        /// How its drugs stand.
        public var drugs: DrugCounts
        /// Rows of use, and those of drugs with a code.
        public var rows = 0
        /// Rows of use whose drug has a code.
        public var matchedRows = 0
        /// Fen of use.
        public var amount = 0
        /// Fen of use of drugs with a code.
        public var matchedAmount = 0
        /// The period its drugs are set against; `nil` where it sent none before.
        public var previous: Period?
        /// Drugs that are new, gone, renamed, or described otherwise since.
        public var changes: [CatalogueChange.Kind: Int] = [:]

        /// An institution without drugs.
        public init(hospitalCode: String, submission: SubmissionID) {
            self.hospitalCode = hospitalCode
            self.submission = submission
            drugs = DrugCounts()
        }
    }

    /// How many drugs stand where.
    public struct DrugCounts: Sendable, Hashable {
        /// By state.
        public var states: [MatchState: Int] = [:]
        /// Those with a code, by how it was found.
        public var methods: [String: Int] = [:]
        /// Those without one, by reason.
        public var reasons: [String: Int] = [:]
        /// Those on which people decided.
        public var byPeople = 0
        /// The sum of the scores of those with a code and a score, and how many those are.
        public var scores = (sum: 0, count: 0)

        /// None yet.
        public init() {}

        /// How many there are.
        public var total: Int { states.values.reduce(0, +) }
        /// How many have a code.
        public var matched: Int { states[.approved] ?? 0 }
        /// How many wait for a person.
        public var open: Int { states.reduce(0) { $0 + ($1.key.isOpen ? $1.value : 0) } }
        /// The mean score of those with a code, 0 … 10 000.
        public var meanScore: Int? { scores.count == 0 ? nil : scores.sum / scores.count }

        /// With those of another institution.
        public mutating func add(_ other: DrugCounts) {
            states.merge(other.states, uniquingKeysWith: +)
            methods.merge(other.methods, uniquingKeysWith: +)
            reasons.merge(other.reasons, uniquingKeysWith: +)
            byPeople += other.byPeople
            scores = (scores.sum + other.scores.sum, scores.count + other.scores.count)
        }

        /// Whether all counts are the same.
        public static func == (left: DrugCounts, right: DrugCounts) -> Bool {
            left.states == right.states && left.methods == right.methods && left.reasons == right.reasons
                && left.byPeople == right.byPeople && left.scores == right.scores
        }

        /// By state is enough.
        public func hash(into hasher: inout Hasher) { hasher.combine(states) }
    }

    /// The period.
    public var period: Period
    /// The library in force.
    public var libraryVersion: String?
    /// Institutions by code.
    public var institutions: [Institution]

    /// A report.
    public init(period: Period, libraryVersion: String?, institutions: [Institution]) {
        self.period = period
        self.libraryVersion = libraryVersion
        self.institutions = institutions
    }

    /// All institutions together.
    public var total: Institution {
        var total = Institution(hospitalCode: "", submission: SubmissionID(0))
        for institution in institutions {
            total.drugs.add(institution.drugs)
            total.rows += institution.rows
            total.matchedRows += institution.matchedRows
            total.amount += institution.amount
            total.matchedAmount += institution.matchedAmount
            total.changes.merge(institution.changes, uniquingKeysWith: +)
        }
        return total
    }
}

/// A drug of a catalogue that was not so in the period before.
public struct CatalogueChange: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The local code was not there.
        case new
        /// The local code is no longer there.
        case gone
        /// The code has another product name.
        case renamed
        /// The code has the same name and is described otherwise.
        case changed
    }

    /// 医疗机构代码
    public var hospitalCode: String
    /// 院内药品唯一码
    public var hospitalDrugCode: String
    /// What happened.
    public var kind: Kind
    /// Columns that differ, by English name.
    public var columns: [String]
    /// As it was; `nil` for a new one.
    public var before: DrugDescription?
    /// As it is; `nil` where it is gone.
    public var after: DrugDescription?

    /// A change.
    public init(
        hospitalCode: String, hospitalDrugCode: String, kind: Kind, columns: [String], before: DrugDescription?,
        after: DrugDescription?
    ) {
        self.hospitalCode = hospitalCode
        self.hospitalDrugCode = hospitalDrugCode
        self.kind = kind
        self.columns = columns
        self.before = before
        self.after = after
    }
}

/// What the comparison's report asks of whatever keeps the data.
public protocol ComparisonReportStore: Sendable {
    /// What the comparison of a period came to: of all institutions, or one.
    func comparisonReport(of period: Period, hospitalCode: String?) async throws -> ComparisonReport
    /// Drugs that are new, gone, renamed or described otherwise than in the period before, by institution and code.
    func forEachCatalogueChange(
        of period: Period, hospitalCode: String?, _ body: @escaping @Sendable (CatalogueChange) throws -> Void
    ) async throws
}
