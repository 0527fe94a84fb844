internal import Core

/// Compares the drugs of some submissions, in chunks: while one is looked up and compared, the next is read and the one
/// before is written. What a drug comes to depends on nothing but its description and the library, so neither the size of a chunk
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
        // In one catalogue hardly any words come twice.
        let wordings = group.count > 1 ? library.wordings : nil
        let source = CatalogueDrugs(group, settings, wordings)
        // Of these nothing has to be looked up, so that a chunk never waits for the one before to be written.
        let new = try await store.withoutItems(group.map(\.id))
        var items = Dictionary(uniqueKeysWithValues: group.map { ($0.id, SubmissionItems(submission: $0.id)) })
        let hospitals = GroupComparison.repeatedHospitals(group)
        var staged = 0
        try await withThrowingTaskGroup(of: Void.self) { writing in
            var read = await source.read(chunkSize)
            while !read.isEmpty {
                async let following = source.read(chunkSize)
                var chunk = await DrugChunk(read, hospitals, wordings, workers: settings.workers)
                chunk.standings = try await standings(of: chunk.drugs, new, version)
                try await compare(&chunk, remembering: wordings != nil)
                // One is written at a time: what is staged has an order.
                try await writing.next()
                if !chunk.open.isEmpty {
                    let (compared, before) = (chunk.compared, staged)
                    writing.addTask { [store] in
                        try await store.stage(compared, after: before, remembering: wordings != nil)
                    }
                }
                chunk.note(in: &items, after: staged)
                staged += chunk.open.count
                read = await following
            }
            try await writing.next()
        }
        let failures = await source.failures
        return Outcome(
            items: group.compactMap { failures[$0.id] == nil ? items[$0.id] : nil }, staged: staged, failures: failures)
    }

    /// The institutions of which there are several submissions, by submission.
    private static func repeatedHospitals(_ group: [Submission]) -> [SubmissionID: String] {
        let counts = Dictionary(group.map { ($0.hospitalCode, 1) }, uniquingKeysWith: +)
        return Dictionary(
            uniqueKeysWithValues: group.filter { counts[$0.hospitalCode] != 1 }.map { ($0.id, $0.hospitalCode) })
    }

    /// - Parameter new: submissions of institutions that have no items.
    private func standings(
        of drugs: [SubmissionDrug], _ new: Set<SubmissionID>, _ version: String?
    ) async throws -> [DrugStanding] {
        let unknown = DrugStanding(item: nil, isDecided: false, isPast: false)
        var standings = [DrugStanding](repeating: unknown, count: drugs.count)
        let asked = drugs.indices.filter { !new.contains(drugs[$0].submission) }
        guard !asked.isEmpty else { return standings }
        let found = try await store.standings(of: asked.map { drugs[$0] }, libraryVersion: version)
        for (place, standing) in zip(asked, found) { standings[place] = standing }
        return standings
    }

    private func compare(_ chunk: inout DrugChunk, remembering: Bool) async throws {
        let open = chunk.findOpen()
        guard !open.isEmpty else { return }
        chunk.proposals =
            try await library.proposals(for: open, remembering: remembering)
            ?? Array(repeating: .unchecked, count: open.count)
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
    /// Of the submissions whose institution has several in the group.
    private let hospitals: [SubmissionID: String]

    private struct Key: Hashable {
        var hospital: String
        var code: String
        var hash: Fingerprint
    }

    init(
        _ read: [CatalogueDrug], _ hospitals: [SubmissionID: String], _ wordings: WordingMemory?, workers: Int
    ) async {
        self.hospitals = hospitals
        drugs = await inPieces(of: read, workers: workers) { part in
            part.map { drug in
                switch drug.words {
                case .known(let wording):
                    return SubmissionDrug(
                        submission: drug.submission, drug: KeyedDrug(code: drug.code, wording: wording))
                case .new(let description, let hash):
                    let wording = description.keyed.wording
                    wordings?.remember(wording, hash)
                    return SubmissionDrug(
                        submission: drug.submission, drug: KeyedDrug(code: drug.code, wording: wording))
                }
            }
        }
    }

    /// Descriptions that have to be compared, each once however many hospitals use it.
    mutating func findOpen() -> [KeyedDrug] {
        var descriptions: [KeyedDrug] = []
        var ordinals: [Fingerprint: Int] = [:]
        var known: [Key: Int32] = [:]
        places = Array(repeating: -1, count: drugs.count)
        for (index, owned) in drugs.enumerated() where !standings[index].isDecided {
            // A catalogue has each code once.
            let key = hospitals[owned.submission].map {
                Key(hospital: $0, code: owned.drug.code, hash: owned.drug.hash)
            }
            if let key, let place = known[key] {
                places[index] = place
                continue
            }
            let ordinal = ordinals[owned.drug.hash] ?? descriptions.count
            if ordinal == descriptions.count {
                ordinals[owned.drug.hash] = ordinal
                descriptions.append(owned.drug)
            }
            places[index] = Int32(open.count)
            if let key { known[key] = Int32(open.count) }
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
