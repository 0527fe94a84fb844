/// A drug of an institution and what it was tied to: one row of the comparison's memory.
public struct MatchItem: Sendable, Hashable, Codable {
    /// Its number.
    public var item: Int
    /// The institution; `nil` for a comparison file of no institution.
    public var hospitalCode: String?
    /// What the hospital says.
    public var drug: DrugDescription
    /// Where it stands.
    public var state: MatchState
    /// The code it is tied to; with `invalid_target` the one that is gone.
    public var matchedYPID: String?
    /// How far the drug is what the code says; `nil` where it is tied to none.
    public var equivalence: Equivalence?
    /// How it was found; `manual` for a person.
    public var method: String?
    /// L0 … L5, LX.
    public var level: String?
    /// 0 … 10 000.
    public var score: Int?
    /// Why.
    public var reason: String?
    /// The library it was compared with.
    public var libraryVersion: String?
    /// The likeliest codes.
    public var candidates: [MatchCandidate]
    /// What the fields say of the first candidate.
    public var evidence: [String: String]
    /// Who decided; `auto` for the comparison itself.
    public var decidedBy: String?
    /// When.
    public var decidedAt: Timestamp?
    /// Counts the decisions: who decides says which one he saw.
    public var version: Int
    /// How many loaded rows name the drug; `nil` where none was counted.
    public var rows: Int?
    /// Fen of use in those rows.
    public var amount: Int?

    /// An item.
    public init(
        item: Int, hospitalCode: String?, drug: DrugDescription, state: MatchState, matchedYPID: String?,
        equivalence: Equivalence? = nil, method: String?, level: String?, score: Int?, reason: String?,
        libraryVersion: String?,
        candidates: [MatchCandidate], evidence: [String: String], decidedBy: String?, decidedAt: Timestamp?,
        version: Int, rows: Int?, amount: Int?
    ) {
        self.item = item
        self.hospitalCode = hospitalCode
        self.drug = drug
        self.state = state
        self.matchedYPID = matchedYPID
        self.equivalence = equivalence
        self.method = method
        self.level = level
        self.score = score
        self.reason = reason
        self.libraryVersion = libraryVersion
        self.candidates = candidates
        self.evidence = evidence
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.version = version
        self.rows = rows
        self.amount = amount
    }

    /// What people and columns call it: the machine's answer until a person has given one.
    public var answer: String? { state == .approved || state == .needsSecondReader ? matchedYPID : nil }
}

/// What a person decides on an item.
public enum MatchDecision: Sendable, Hashable, Codable {
    /// It is this code. A second reader has to agree where that is asked for.
    case approve(ypid: String, equivalence: Equivalence = .equal, needsSecondReader: Bool)
    /// It is not compared, for a reason.
    case ignore(reason: String)
    /// The library has no such drug.
    case noMatch(reason: String)
}

/// One line of an item's history.
public struct MatchEvent: Sendable, Hashable, Codable {
    /// When.
    public var at: Timestamp
    /// Who.
    public var by: String
    /// `decide`, `accept`, `revoke`, `rename`, `requeue`, `change`, `restore`, `compare`.
    public var action: String
    /// Where it stood.
    public var stateBefore: MatchState
    /// What it was tied to.
    public var ypidBefore: String?
    /// Who had decided that.
    public var decidedByBefore: String?
    /// Where it stands since.
    public var stateAfter: MatchState
    /// What it has been tied to since.
    public var ypidAfter: String?
    /// How far it has been that since.
    public var equivalenceAfter: Equivalence?
    /// Why.
    public var reason: String?
    /// How many named drugs of loaded submissions were resolved again.
    public var resolved: Int

    /// An event.
    public init(
        at: Timestamp, by: String, action: String, stateBefore: MatchState, ypidBefore: String?,
        decidedByBefore: String?, stateAfter: MatchState, ypidAfter: String?, equivalenceAfter: Equivalence? = nil,
        reason: String?, resolved: Int
    ) {
        self.at = at
        self.by = by
        self.action = action
        self.stateBefore = stateBefore
        self.ypidBefore = ypidBefore
        self.decidedByBefore = decidedByBefore
        self.stateAfter = stateAfter
        self.ypidAfter = ypidAfter
        self.equivalenceAfter = equivalenceAfter
        self.reason = reason
        self.resolved = resolved
    }
}

/// A comparison task: a file that was compared as a whole.
public struct MatchTask: Sendable, Hashable, Codable {
    /// `YPID_20250731_000001`
    public var task: String
    /// The file's name.
    public var source: String
    /// The institution; `nil` where the file is of none.
    public var hospitalCode: String?
    /// The library it was compared with.
    public var libraryVersion: String?
    /// When.
    public var createdAt: Timestamp
    /// Who.
    public var createdBy: String
    /// How many rows the file has.
    public var total: Int
    /// How many rows stand where, by state.
    public var states: [String: Int]

    /// A task.
    public init(
        task: String, source: String, hospitalCode: String?, libraryVersion: String?, createdAt: Timestamp,
        createdBy: String, total: Int, states: [String: Int]
    ) {
        self.task = task
        self.source = source
        self.hospitalCode = hospitalCode
        self.libraryVersion = libraryVersion
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.total = total
        self.states = states
    }

    /// Whether nothing of it waits for a person.
    public var isDone: Bool { MatchState.allCases.allSatisfy { !$0.isOpen || (states[$0.rawValue] ?? 0) == 0 } }
}

/// What a new version of the library did to the decisions of an institution.
public struct LibraryImpact: Sendable, Hashable, Codable {
    /// The institution.
    public var hospitalCode: String
    /// Decisions that followed their code to its successor.
    public var followed: Int
    /// Decisions queued again: their code was retired, split or merged.
    public var requeued: Int
    /// Decisions queued again: what the library says of their code has changed.
    public var changed: Int
    /// Decisions whose code is valid again.
    public var restored: Int

    /// An impact.
    public init(hospitalCode: String, followed: Int, requeued: Int, changed: Int = 0, restored: Int) {
        self.hospitalCode = hospitalCode
        self.followed = followed
        self.requeued = requeued
        self.changed = changed
        self.restored = restored
    }
}

/// Which proposals are accepted together.
public struct MatchAcceptance: Sendable, Hashable, Codable {
    /// The least score of the first candidate, in hundredths of a per cent.
    public var minimumScore: Int
    /// How it was found; any way for `nil`.
    public var methods: [String]?
    /// Only this institution's.
    public var hospitalCode: String?
    /// At most so many, the likeliest first.
    public var limit: Int

    /// Proposals to accept.
    public init(minimumScore: Int, methods: [String]? = nil, hospitalCode: String? = nil, limit: Int = 1_000_000) {
        self.minimumScore = minimumScore
        self.methods = methods
        self.hospitalCode = hospitalCode
        self.limit = limit
    }
}

/// What institutions decided for one description.
public struct OtherDecisions: Sendable, Hashable, Codable {
    /// The code; `nil` for those who found none or do not compare it.
    public var ypid: String?
    /// Approved, ignored or no match.
    public var state: MatchState
    /// How many other institutions.
    public var count: Int

    /// A decision that others took.
    public init(ypid: String?, state: MatchState, count: Int) {
        self.ypid = ypid
        self.state = state
        self.count = count
    }
}
