internal import Core
internal import Synchronization

/// The drug library, indexed when the first drug has to be compared: a night with nothing new does without.
actor LazyLibrary {
    private let store: any ComparisonStore
    private let workers: Int
    private var found: String??
    /// Descriptions that were compared in this run, by their hash.
    private var known: Remembered<Fingerprint, MatchProposal>
    private var built: DrugComparer?
    /// How drugs were described in this run.
    nonisolated let wordings: WordingMemory

    /// Answers and wordings that are remembered: some 400 and 700 bytes each.
    private static let remembered = 24_000

    /// The version in force, asked for once: all submissions of a run are compared with the same library.
    init(_ store: any ComparisonStore, workers: Int, remembering limit: Int = remembered) {
        self.store = store
        self.workers = workers
        known = Remembered(limit: limit)
        wordings = WordingMemory(limit: limit)
    }

    /// A version that was in force once; `nil` where none was.
    init(_ store: any ComparisonStore, workers: Int, version: String?) {
        self.store = store
        self.workers = workers
        known = Remembered(limit: LazyLibrary.remembered)
        wordings = WordingMemory(limit: LazyLibrary.remembered)
        found = .some(version)
    }

    func version() async throws -> String? {
        if let found { return found }
        let version = try await store.publishedDrugLibrary()
        found = .some(version)
        return version
    }

    func comparer() async throws -> DrugComparer? {
        if let built { return built }
        guard let version = try await version() else { return nil }
        let comparer = try await DrugComparer.load(version: version, from: store, workers: workers)
        built = comparer
        return comparer
    }

    /// What the drugs come to. A description that other institutions have too is compared once in a run, as long as
    /// there is room to remember it.
    func proposals(for drugs: [KeyedDrug], _ comparer: DrugComparer) async -> [MatchProposal] {
        var answers = drugs.map { known.value(for: $0.hash) }
        let open = answers.indices.filter { answers[$0] == nil }
        guard !open.isEmpty else { return answers.compactMap { $0 } }
        let found = await comparer.proposals(for: open.map { drugs[$0].description }, workers: workers)
        for (place, answer) in zip(open, found) {
            answers[place] = answer
            known.insert(answer, for: drugs[place].hash)
        }
        return answers.compactMap { $0 }
    }

    /// How many answers are held.
    var rememberedCount: Int { known.count }
}

/// How drugs were described lately, by a hash of the bytes of their rows: words that were met before need neither be taken
/// apart nor hashed again.
final class WordingMemory: Sendable {
    private let known: Mutex<Remembered<UInt64, DrugWording>>

    init(limit: Int) { known = Mutex(Remembered(limit: limit)) }

    /// What may be the words; whoever asks compares them.
    func wording(_ hash: UInt64) -> DrugWording? { known.withLock { $0.value(for: hash) } }

    func remember(_ wording: DrugWording, _ hash: UInt64) { known.withLock { $0.insert(wording, for: hash) } }
}
