internal import Core
internal import Matching
internal import Synchronization

/// The drug library: its texts are read when the first drug has to be compared, and it is indexed when the first has to be
/// looked for. A night with nothing new does without both.
actor LazyLibrary {
    private let store: any ComparisonStore
    private let workers: Int
    private var found: String??
    /// Descriptions that were compared in this run, by their hash.
    private var known: Remembered<Fingerprint, MatchProposal>
    /// What is said as the library says it needs no index.
    private var printed: PrintedAnswers?
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

    private func comparer(_ version: String) async throws -> DrugComparer {
        if let built { return built }
        let comparer = try await DrugComparer.load(version: version, from: store, workers: workers)
        built = comparer
        // What the index can say too.
        printed = nil
        return comparer
    }

    private func printed(_ version: String) async throws -> PrintedAnswers? {
        if let printed { return printed }
        guard built == nil else { return nil }
        let library = Mutex(PrintedLibrary())
        try await store.forEachPrinted(version: version) { drugs in library.withLock { $0.add(drugs) } }
        let answers = PrintedAnswers(library.withLock { $0 })
        printed = answers
        return answers
    }

    /// What the drugs come to; `nil` without a library. A description that other institutions have too is compared once
    /// in a run, as long as there is room to remember it.
    /// - Parameter remembering: whether the same may be asked again.
    func proposals(for drugs: [KeyedDrug], remembering: Bool) async throws -> [MatchProposal]? {
        guard let version = try await version() else { return nil }
        var answers = drugs.map { remembering ? known.value(for: $0.hash) : nil }
        try await answer(drugs, &answers, remembering) { [workers] open in
            // Only a code that the hospital supplied leads to a printed entry.
            guard open.contains(where: { $0.wording.description.ypid != nil }), let printed = try await printed(version)
            else { return open.map { _ in nil } }
            return await inPieces(of: open, workers: workers) {
                $0.map { printed.proposal(for: $0.wording.description) }
            }
        }
        try await answer(drugs, &answers, remembering) { open in
            try await comparer(version).proposals(for: open.map(\.wording.description), workers: workers)
        }
        return answers.compactMap { $0 }
    }

    /// Asks for the answers that are missing, and remembers them.
    private func answer(
        _ drugs: [KeyedDrug], _ answers: inout [MatchProposal?], _ remembering: Bool,
        _ ask: ([KeyedDrug]) async throws -> [MatchProposal?]
    ) async throws {
        let open = answers.indices.filter { answers[$0] == nil }
        guard !open.isEmpty else { return }
        for (place, answer) in zip(open, try await ask(open.map { drugs[$0] })) {
            guard let answer else { continue }
            answers[place] = answer
            if remembering { known.insert(answer, for: drugs[place].hash) }
        }
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
