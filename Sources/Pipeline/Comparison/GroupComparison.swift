internal import Core

/// Compares the drugs of some submissions, in chunks: while one is compared, the next is read and the one before is
/// written. What a drug comes to depends on nothing but its description and the library, so neither the size of a chunk
/// nor the order nor the number of threads counts.
struct GroupComparison: Sendable {
    /// What a group came to.
    struct Outcome: Sendable {
        /// The drugs of every submission that could be read.
        var items: [SubmissionItems]
        /// How many answers were staged.
        var staged: Int
        /// What the operating system refused.
        var failures: [SubmissionID: any Error]
    }

    private let store: any ComparisonStore
    private let settings: PipelineSettings
    private let chunkSize: Int
    private let library: LazyLibrary

    /// - Parameter chunkSize: drugs that are in memory together, three times: read, compared and written.
    init(
        _ store: any ComparisonStore, _ settings: PipelineSettings, _ library: LazyLibrary, chunkSize: Int = 3_000
    ) {
        self.store = store
        self.settings = settings
        self.chunkSize = chunkSize
        self.library = library
    }

    /// Compares a group and stages the answers; whoever calls completes it.
    func run(_ group: [Submission]) async throws -> Outcome {
        let version = try await library.version()
        let source = CatalogueDrugs(group, settings)
        var items = Dictionary(uniqueKeysWithValues: group.map { ($0.id, SubmissionItems(submission: $0.id)) })
        let hospitals = Dictionary(uniqueKeysWithValues: group.map { ($0.id, $0.hospitalCode) })
        var staged = 0
        var comparing: DrugChunk?
        var read = await source.read(chunkSize)
        while comparing != nil || !read.isEmpty {
            let isAllRead = read.isEmpty
            async let following = isAllRead ? [] : source.read(chunkSize)
            var next: DrugChunk?
            if !read.isEmpty {
                var chunk = await DrugChunk(read, hospitals, workers: settings.workers)
                chunk.standings = try await store.standings(of: chunk.drugs, libraryVersion: version)
                next = chunk
            }
            let finished = comparing
            let before = staged
            async let written: Void = stage(finished, after: before)
            if next != nil { try await compare(&next) }
            try await written
            finished?.note(in: &items, after: before)
            staged += finished?.open.count ?? 0
            comparing = next
            read = await following
        }
        let failures = await source.failures
        return Outcome(
            items: group.compactMap { failures[$0.id] == nil ? items[$0.id] : nil }, staged: staged, failures: failures)
    }

    private func stage(_ chunk: DrugChunk?, after staged: Int) async throws {
        guard let chunk, !chunk.open.isEmpty else { return }
        try await store.stage(chunk.compared, after: staged)
    }

    private func compare(_ chunk: inout DrugChunk?) async throws {
        guard let open = chunk?.findOpen(), !open.isEmpty else { return }
        if let comparer = try await library.comparer() {
            chunk?.proposals = await library.proposals(for: open, comparer)
        } else {
            chunk?.proposals = Array(repeating: .unchecked, count: open.count)
        }
    }
}

/// Some drugs on their way: read, then looked up, then compared, then written.
private struct DrugChunk: Sendable {
    let drugs: [SubmissionDrug]
    var standings: [DrugStanding] = []
    /// The drugs that have to be compared, each institution's code and description once, and the proposal of each.
    private(set) var open: [(drug: Int, proposal: Int)] = []
    /// For every drug its place in `open`; -1 where it is decided.
    private var places: [Int32] = []
    var proposals: [MatchProposal] = []
    private let hospitals: [SubmissionID: String]

    private struct Key: Hashable {
        var hospital: String
        var code: String
        var hash: Fingerprint
    }

    init(
        _ read: [(submission: SubmissionID, drug: DrugDescription)], _ hospitals: [SubmissionID: String], workers: Int
    ) async {
        self.hospitals = hospitals
        drugs = await inPieces(of: read, workers: workers) { part in
            part.map { SubmissionDrug(submission: $0.submission, drug: $0.drug.keyed) }
        }
    }

    /// Descriptions that have to be compared, each once however many hospitals use it.
    mutating func findOpen() -> [KeyedDrug] {
        var descriptions: [KeyedDrug] = []
        var ordinals: [Fingerprint: Int] = [:]
        var known: [Key: Int32] = [:]
        places = Array(repeating: -1, count: drugs.count)
        for (index, owned) in drugs.enumerated() where !standings[index].isDecided {
            let key = Key(
                hospital: hospitals[owned.submission] ?? "", code: owned.drug.description.hospitalDrugCode,
                hash: owned.drug.hash)
            if let place = known[key] {
                places[index] = place
                continue
            }
            let ordinal = ordinals[owned.drug.hash] ?? descriptions.count
            if ordinal == descriptions.count {
                ordinals[owned.drug.hash] = ordinal
                descriptions.append(owned.drug)
            }
            places[index] = Int32(open.count)
            known[key] = Int32(open.count)
            open.append((index, ordinal))
        }
        return descriptions
    }

    var compared: [(drug: SubmissionDrug, proposal: MatchProposal)] {
        open.map { (drugs[$0.drug], proposals[$0.proposal]) }
    }

    /// Adds the items of the drugs to those of their submissions.
    func note(in items: inout [SubmissionID: SubmissionItems], after staged: Int) {
        for (index, owned) in drugs.enumerated() {
            let place = Int(places.isEmpty ? -1 : places[index])
            guard let item = place >= 0 ? -1 - staged - place : standings[index].item else { continue }
            items[owned.submission, default: SubmissionItems(submission: owned.submission)].items.append(item)
            if standings[index].isPast, let item = standings[index].item {
                items[owned.submission]?.returning.append(item)
            }
        }
    }
}

/// The drug library, indexed when the first drug has to be compared: a night with nothing new does without.
actor LazyLibrary {
    private let store: any ComparisonStore
    private let workers: Int
    private var found: String??
    /// Descriptions that were compared in this run, by their hash: as many as take some 20 MiB.
    private var known: [Fingerprint: MatchProposal] = [:]
    private static let remembered = 30_000
    private var built: DrugComparer?

    /// The version in force, asked for once: all submissions of a run are compared with the same library.
    init(_ store: any ComparisonStore, workers: Int) {
        self.store = store
        self.workers = workers
    }

    /// A version that was in force once; `nil` where none was.
    init(_ store: any ComparisonStore, workers: Int, version: String?) {
        self.store = store
        self.workers = workers
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
        // What is remembered may be given up while this waits.
        let before = known
        let open = drugs.filter { before[$0.hash] == nil }
        let found = await comparer.proposals(for: open.map(\.description), workers: workers)
        let new = Dictionary(zip(open.map(\.hash), found)) { first, _ in first }
        if known.count + new.count > LazyLibrary.remembered { known = [:] }
        known.merge(new) { first, _ in first }
        return drugs.compactMap { new[$0.hash] ?? before[$0.hash] }
    }
}
