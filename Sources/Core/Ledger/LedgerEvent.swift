/// What a run judged by, besides the libraries: enough to judge the same again.
public struct RunBasis: Sendable, Hashable, Codable {
    /// Names the rule set.
    public var ruleSetHash: String
    /// The rule files as one file of the archive.
    public var rules: SHA256Digest
    /// What the operator decided and results depend on, by key of the configuration.
    public var settings: [String: String]
    /// The program.
    public var program: String

    /// A basis.
    public init(ruleSetHash: String, rules: SHA256Digest, settings: [String: String], program: String) {
        self.ruleSetHash = ruleSetHash
        self.rules = rules
        self.settings = settings
        self.program = program
    }
}

/// Something that changed what the database holds and that no file of the archive tells: one transaction.
///
/// Done again in the same order over the same archive, these give the same database. Texts are what people wrote and
/// numbers what the database gave; rows are never in them.
public enum LedgerEvent: Sendable, Hashable, Codable {
    /// A run began.
    case runBegan(run: Int, businessDate: CalendarDay, startedAt: Timestamp, basis: RunBasis?)
    /// A stage of a run ended.
    case stageEnded(RunReport.StageTime, run: Int)
    /// A run ended.
    case runEnded(run: Int, finishedAt: Timestamp, exitCode: Int)
    /// Files are about to move from the inbox into the archive.
    case planned([IntakePlan], journals: [Int])
    /// What was planned came to nothing: its files had gone before they could be taken.
    case unplanned(journals: [Int])
    /// Files moved, and became submissions or repeats of some.
    case taken([IntakePlan], journals: [Int], run: Int, receivedAt: Timestamp, submissions: [SubmissionID])
    /// Something in the inbox was not taken.
    case seen([IntakeSighting], run: Int, seenAt: Timestamp)
    /// Drugs of catalogues were compared with a library.
    case compared([SubmissionID], libraryVersion: String?, at: Timestamp, run: Int)
    /// Submissions were read and judged.
    case judged([SubmissionID], run: Int)
    /// Rows were loaded.
    case loaded([SubmissionID], at: Timestamp, run: Int)
    /// What was loaded was judged.
    case postchecked(Period, [SubmissionID], run: Int)
    /// Submissions passed a stage without rows of its own.
    case passed(Stage, [SubmissionID], run: Int)
    /// Submissions went back to an earlier stage.
    case sentBack([SubmissionID], to: Stage)
    /// Submissions failed for technical reasons.
    case failed([StageFailure], run: Int)
    /// Somebody took a submission's rows out again.
    case withdrawn(SubmissionID, reason: String, at: Timestamp)
    /// Somebody took up a submission again that had been set aside.
    case resumed(SubmissionID)
    /// A library was imported.
    case libraryImported(
        LibraryKind, version: String, file: SHA256Digest, at: Timestamp, publishing: Bool, importKind: LibraryImportKind
    )
    /// A version of a library was put in force.
    case libraryPublished(LibraryKind, version: String, at: Timestamp)
    /// Somebody decided what a drug is.
    case decided(item: Int, MatchDecision, seen: Int, by: String, at: Timestamp)
    /// Somebody accepted many proposals together.
    case accepted(MatchAcceptance, by: String, at: Timestamp)
    /// Somebody took such a decision back.
    case revoked(item: Int, reason: String, seen: Int, by: String, at: Timestamp)
    /// Somebody asked to make a period final.
    case finalised(Period, by: String, at: Timestamp)
    /// Somebody opened a final period again.
    case reopened(Period, by: String, reason: String, at: Timestamp)
    /// Somebody had a file of drugs compared.
    case task(
        String, source: String, file: SHA256Digest?, hospitalCode: String?, libraryVersion: String?, by: String,
        at: Timestamp)
}

/// One line of the ledger: an event, its place in the order, and what the database would number next.
public struct LedgerEntry: Sendable, Hashable, Codable {
    /// 1, 2, 3 … without gaps.
    public var number: Int
    /// The hash of the entry before it; blank for the first.
    public var previous: String
    /// When the transaction began, by the database's clock.
    public var at: Timestamp
    /// Where the database's sequences stood before the transaction: their gaps are part of what has to come out equal.
    public var sequences: [String: Int]
    /// What happened.
    public var event: LedgerEvent

    /// An entry.
    public init(number: Int, previous: String, at: Timestamp, sequences: [String: Int], event: LedgerEvent) {
        self.number = number
        self.previous = previous
        self.at = at
        self.sequences = sequences
        self.event = event
    }
}

/// An entry's place: what two ledgers are compared by.
public struct LedgerMark: Sendable, Hashable {
    /// The number of the entry; 0 before the first.
    public var number: Int
    /// The hash of its line; blank before the first.
    public var hash: String

    /// A place.
    public init(number: Int, hash: String) {
        self.number = number
        self.hash = hash
    }

    /// Before the first entry.
    public static let beginning = LedgerMark(number: 0, hash: "")
}

/// The end of a ledger: what the next line may follow.
///
/// A line comes before its transaction is committed, so the lines of the last transaction may be ones that no database has.
/// They give way to the line that follows what was committed. Lines of one transaction have its time.
public struct LedgerTail: Sendable, Hashable {
    /// The entry before the last transaction, then those of the last transaction.
    public private(set) var marks: [LedgerMark]
    private var at: Timestamp?

    /// The end of a ledger that ends with an entry, of which nothing more is known.
    public init(after mark: LedgerMark = .beginning) { marks = [mark] }

    /// The last entry.
    public var last: LedgerMark { marks.last ?? .beginning }

    /// The entry before the last transaction: it counts whatever follows.
    public var settled: LedgerMark { marks.first ?? .beginning }

    /// Takes the next line.
    /// - Parameter at: when its transaction began; `nil` where that is not known.
    /// - Returns: how many entries give way to it; `nil` where it follows none of those that it may follow.
    public mutating func take(_ mark: LedgerMark, previous: String, at: Timestamp?) -> Int? {
        guard let place = marks.lastIndex(where: { $0.hash == previous && $0.number + 1 == mark.number }) else {
            return nil
        }
        let replaced = marks.count - 1 - place
        if replaced == 0, let at, at == self.at {
            marks.append(mark)
        } else {
            marks = [marks[place], mark]
        }
        self.at = at
        return replaced
    }
}

/// Where the ledger is kept besides the database: beside the archive, so that the two of them are enough.
public protocol LedgerKeeping: Sendable {
    /// What the next line may follow.
    func tail() throws -> LedgerTail
    /// Adds lines, durable when this returns.
    func append(_ lines: [(mark: LedgerMark, previous: String, text: String)]) throws
}
