internal import Core
internal import Logging

/// Ties the distinct drugs of catalogues to the national code before any row is judged. What was decided before is
/// looked up; only new and changed descriptions are compared.
struct CompareStage: PipelineStage {
    let stage = Stage.compare
    /// Submissions whose drugs are looked up and written together.
    private static let groupSize = 64

    func run(_ context: StageContext) async throws -> StageResult {
        let library = LazyLibrary(context)
        return try await context.forEachGroup(readingFor: stage, size: CompareStage.groupSize) { group in
            try await take(group, library, at: nil, context)
        }
    }

    /// Takes a group through the stage.
    /// - Parameter time: when; `nil` for now.
    func take(
        _ group: [Submission], _ library: LazyLibrary, at time: Timestamp?, _ context: StageContext
    ) async throws -> [StageFailure] {
        let version = try await library.version()
        var drugs: [SubmissionDrugs] = []
        var failures: [StageFailure] = []
        for (submission, found) in zip(group, await read(group, context)) {
            switch found {
            case .success(let found):
                if found.count == CatalogueDrugs.limit {
                    context.logger.warning(
                        "a catalogue has more drugs than are compared in a night; the rest stays without a code",
                        metadata: ["submission": "\(submission.id)", "compared": "\(found.count)"])
                }
                drugs.append(SubmissionDrugs(submission: submission.id, drugs: found))
            case .failure(let error):
                failures.append(StageFailure(submission: submission.id, stage: stage, reason: "\(error)"))
            }
        }
        let undecided = try await context.store.undecided(among: drugs, libraryVersion: version)
        let compared = try await compare(drugs, undecided, library, context)
        try await context.store.completeCompare(
            drugs, compared: compared, libraryVersion: version, at: time ?? context.now(), run: context.run)
        return try await context.report(failures)
    }

    /// Reads the catalogues of a group, as many at a time as there are workers; the answers keep the order of the group.
    private func read(_ group: [Submission], _ context: StageContext) async -> [Result<[KeyedDrug], any Error>] {
        let reading = CatalogueDrugs(context.settings)
        let marks = ReadingMarks(context.settings, stage)
        return await withTaskGroup(of: (Int, Result<[KeyedDrug], any Error>).self) { tasks in
            var found: [Result<[KeyedDrug], any Error>?] = Array(repeating: nil, count: group.count)
            var next = 0
            func start() {
                guard next < group.count else { return }
                let (index, submission) = (next, group[next])
                next += 1
                tasks.addTask {
                    (index, Result { try marks.reading(submission.id) { try reading.drugs(of: submission) } })
                }
            }
            for _ in 0..<max(context.settings.workers, 1) { start() }
            while let (index, drugs) = await tasks.next() {
                found[index] = drugs
                start()
            }
            return found.compactMap { $0 }
        }
    }

    /// Compares each description once, however many hospitals use it.
    private func compare(
        _ group: [SubmissionDrugs], _ undecided: [[Bool]], _ library: LazyLibrary, _ context: StageContext
    ) async throws -> [ComparedDrug] {
        var positions: [(submission: Int, drug: Int, description: Int)] = []
        var ordinals: [Fingerprint: Int] = [:]
        var descriptions: [DrugDescription] = []
        for (submission, member) in group.enumerated() {
            for (index, drug) in member.drugs.enumerated() where undecided[submission][index] {
                let ordinal = ordinals[drug.hash] ?? descriptions.count
                if ordinal == descriptions.count {
                    ordinals[drug.hash] = ordinal
                    descriptions.append(drug.description)
                }
                positions.append((submission, index, ordinal))
            }
        }
        guard !positions.isEmpty else { return [] }
        let proposals: [MatchProposal]
        if let comparer = try await library.comparer() {
            proposals = await comparer.proposals(for: descriptions, workers: context.settings.workers)
        } else {
            proposals = Array(repeating: .unchecked, count: descriptions.count)
        }
        return positions.map {
            ComparedDrug(submission: $0.submission, drug: $0.drug, proposal: proposals[$0.description])
        }
    }
}

/// The drug library, indexed when the first drug has to be compared: a night with nothing new does without.
actor LazyLibrary {
    private let context: StageContext
    private var found: String??
    private var built: DrugComparer?

    init(_ context: StageContext) { self.context = context }

    /// The library of a version that was in force once.
    init(_ context: StageContext, version: String?) {
        self.context = context
        found = .some(version)
    }

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
        let comparer = try await DrugComparer.load(version: version, from: context.store)
        built = comparer
        return comparer
    }
}
