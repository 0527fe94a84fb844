internal import Core
internal import Logging

/// Ties the distinct drugs of catalogues to the national code before any row is judged. What was decided before is
/// looked up; only new and changed descriptions are compared.
///
/// Drugs go through in chunks: while one is compared, the next is read and the one before is written. What a drug comes
/// to depends on nothing but its description and the library, so neither the size of a chunk nor the order counts.
struct CompareStage: PipelineStage {
    let stage = Stage.compare
    /// Submissions that are passed on together.
    private static let groupSize = 64
    /// Drugs that are in memory together, three times: read, compared and written.
    private let chunkSize: Int

    init(chunkSize: Int = 3_000) { self.chunkSize = chunkSize }

    func run(_ context: StageContext) async throws -> StageResult {
        let library = LazyLibrary(context)
        return try await context.forEachGroup(waitingFor: stage, size: CompareStage.groupSize) { group in
            let version = try await library.version()
            let source = CatalogueDrugs(group, context.settings)
            var items = Dictionary(uniqueKeysWithValues: group.map { ($0.id, SubmissionItems(submission: $0.id)) })
            let hospitals = Dictionary(uniqueKeysWithValues: group.map { ($0.id, $0.hospitalCode) })
            var comparing: DrugChunk?
            var read = await source.read(chunkSize)
            while comparing != nil || !read.isEmpty {
                let isAllRead = read.isEmpty
                async let following = isAllRead ? [] : source.read(chunkSize)
                var next: DrugChunk?
                if !read.isEmpty {
                    var chunk = await DrugChunk(read, hospitals, workers: context.settings.workers)
                    chunk.standings = try await context.store.standings(of: chunk.drugs, libraryVersion: version)
                    next = chunk
                }
                let finished = comparing
                async let written = keep(finished, version, context)
                if next != nil { try await compare(&next, library, context) }
                finished?.note(try await written, in: &items)
                comparing = next
                read = await following
            }
            let failed = await source.failures
            let done = group.compactMap { failed[$0.id] == nil ? items[$0.id] : nil }
            try await context.store.completeCompare(done, libraryVersion: version, at: context.now(), run: context.run)
            return try await context.report(
                group.compactMap { submission in
                    failed[submission.id].map {
                        StageFailure(submission: submission.id, stage: stage, reason: "\($0)")
                    }
                })
        }
    }

    private func keep(_ chunk: DrugChunk?, _ version: String?, _ context: StageContext) async throws -> [Int] {
        guard let chunk, !chunk.open.isEmpty else { return [] }
        return try await context.store.keep(chunk.compared, libraryVersion: version, at: context.now())
    }

    private func compare(_ chunk: inout DrugChunk?, _ library: LazyLibrary, _ context: StageContext) async throws {
        guard let descriptions = chunk?.findOpen(), !descriptions.isEmpty else { return }
        if let comparer = try await library.comparer() {
            chunk?.proposals = await comparer.proposals(for: descriptions, workers: context.settings.workers)
        } else {
            chunk?.proposals = Array(repeating: .unchecked, count: descriptions.count)
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
    mutating func findOpen() -> [DrugDescription] {
        var descriptions: [DrugDescription] = []
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
                descriptions.append(owned.drug.description)
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
    func note(_ written: [Int], in items: inout [SubmissionID: SubmissionItems]) {
        for (index, owned) in drugs.enumerated() {
            let place = Int(places.isEmpty ? -1 : places[index])
            guard let item = place >= 0 ? written[place] : standings[index].item else { continue }
            items[owned.submission, default: SubmissionItems(submission: owned.submission)].items.append(item)
            if standings[index].isPast { items[owned.submission]?.returning.append(item) }
        }
    }
}

/// The drug library, indexed when the first drug has to be compared: a night with nothing new does without.
private actor LazyLibrary {
    private let context: StageContext
    private var found: String??
    private var built: DrugComparer?

    init(_ context: StageContext) { self.context = context }

    /// The version in force, asked for once: all submissions of a run are compared with the same library.
    func version() async throws -> String? {
        if let found { return found }
        let version = try await context.store.publishedDrugLibrary()
        found = .some(version)
        if version == nil { context.logger.notice("no drug library is published; drugs stay unchecked") }
        return version
    }

    func comparer() async throws -> DrugComparer? {
        if let built { return built }
        guard let version = try await version() else { return nil }
        let comparer = try await DrugComparer.load(
            version: version, from: context.store, workers: context.settings.workers)
        built = comparer
        return comparer
    }
}
