internal import Core
internal import Digests
internal import Logging
internal import Readers
internal import Rules

/// From the inbox into the archive.
///
/// What is to be taken is written down first (the journal), then moved, then made a submission: a run that dies in
/// between is finished by the next. Files are made durable once for a whole group.
struct ReceiveStage: PipelineStage {
    let stage = Stage.receive
    private static let groupSize = 256
    /// How many are hashed together.
    private static let hashedAhead = 64

    func run(_ context: StageContext) async throws -> StageResult {
        var result = StageResult()
        let unfinished = try await context.store.unfinishedIntake()
        if !unfinished.isEmpty {
            context.logger.notice(
                "finishing what an earlier run had begun to take", metadata: ["plans": "\(unfinished.count)"])
            result.items += try await take(unfinished, context)
        }
        var scanner = InboxScanner(
            inbox: context.settings.inbox, settleSeconds: context.settings.settleSeconds, now: context.now())
        try scanner.scan()
        var sightings = scanner.sightings
        var group: [IntakePlan] = []
        var keys: Set<String> = []
        var decisions: [Decision] = []
        for (place, _) in scanner.ready.enumerated() {
            let ahead = place % ReceiveStage.hashedAhead
            if ahead == 0 {
                decisions = try await self.decisions(
                    on: scanner.ready[place...].prefix(ReceiveStage.hashedAhead), context)
            }
            switch decisions[ahead] {
            case .sighting(let sighting):
                sightings.append(sighting)
            case .plan(let plan):
                // Two for one institution and period must not share a group: the second may equal the first.
                let key = "\(plan.hospitalCode) \(plan.period)"
                if keys.contains(key) || group.count >= ReceiveStage.groupSize {
                    result.items += try await journalAndTake(group, context)
                    group.removeAll()
                    keys.removeAll()
                }
                group.append(plan)
                keys.insert(key)
            }
            context.progress(.receive, result.items + group.count)
        }
        result.items += try await journalAndTake(group, context)
        try await context.store.record(sightings, run: context.run, seenAt: context.now())
        return result
    }

    private enum Decision: Sendable {
        case plan(IntakePlan)
        case sighting(IntakeSighting)
    }

    /// What becomes of some candidates, as many at a time as there are workers; the answers keep their order.
    private func decisions(
        on candidates: ArraySlice<InboxCandidate>, _ context: StageContext
    ) async throws -> [Decision] {
        let workers = max(context.settings.workers, 1)
        let candidates = Array(candidates)
        return try await withThrowingTaskGroup(of: [(Int, Decision)].self) { tasks in
            for worker in 0..<min(workers, candidates.count) {
                tasks.addTask {
                    try stride(from: worker, to: candidates.count, by: workers).map { place in
                        (place, try plan(candidates[place], context))
                    }
                }
            }
            var found: [(Int, Decision)] = []
            for try await some in tasks { found += some }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Hashes a candidate's files and makes a plan of it.
    private func plan(_ candidate: InboxCandidate, _ context: StageContext) throws -> Decision {
        func refused(_ outcome: IntakeSighting.Outcome, _ reason: Phrase) -> Decision {
            .sighting(IntakeSighting(sourceName: candidate.sourceName, sha256: nil, outcome: outcome, reason: reason))
        }
        let inbox = context.settings.inbox
        var files: [ArchivedFile] = []
        for file in candidate.files {
            do {
                let digest = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: "\(inbox)/\(file.path)"))
                if WriteLease("\(inbox)/\(file.path)").state == .writer {
                    return refused(.notReady, IntakeReason.beingWritten)
                }
                let after = try FileSystem.status(of: "\(inbox)/\(file.path)")
                guard after == file.status else { return refused(.notReady, IntakeReason.changedWhileRead) }
                files.append(ArchivedFile(name: file.name, sha256: digest, size: file.status.size))
            } catch {
                return refused(.refused, IntakeReason.unreadable(error))
            }
        }
        var markers: [String] = []
        if case .loose(let found) = candidate.shape { markers = found }
        guard let period = candidate.period ?? periodInManifest(of: candidate, inbox, context.settings.limits) else {
            return refused(.refused, IntakeReason.periodUnknown)
        }
        return .plan(
            IntakePlan(
                hospitalCode: candidate.hospitalCode, period: period, sourceName: candidate.sourceName,
                sha256: whole(files, candidate.shape), files: files, paths: candidate.files.map(\.path),
                markers: markers, identicalTo: nil))
    }

    /// The hash of a package is that of its bytes; that of loose files is over their sorted names and hashes, because
    /// the same bytes under another table's name say something else.
    private func whole(_ files: [ArchivedFile], _ shape: InboxCandidate.Shape) -> SHA256Digest {
        if case .package = shape, let file = files.first { return file.sha256 }
        let list = files.sorted { $0.name < $1.name }.map { "\($0.sha256)  \($0.name)\n" }.joined()
        return SHA256Digest(bytes: SHA256Hasher.digest(of: Array(list.utf8)))
    }

    private func periodInManifest(of candidate: InboxCandidate, _ inbox: String, _ limits: ReadingLimits) -> Period? {
        let files = candidate.files.map { (name: $0.name, path: "\(inbox)/\($0.path)") }
        // A package that cannot be opened states nothing; without a period nobody could be told what is wrong with it.
        guard let package = try? Package.open(files: files, limits: limits), let source = package.manifest,
            let stated = Manifest(source, limits: limits)?.period
        else { return nil }
        return Period(stated)
    }

    private func journalAndTake(_ plans: [IntakePlan], _ context: StageContext) async throws -> Int {
        guard !plans.isEmpty else { return 0 }
        var plans = plans
        let equal = try await context.store.submissions(equalTo: plans, ruleSetHash: context.rules.hash)
        for (place, submission) in equal.enumerated() { plans[place].identicalTo = submission }
        let journals = try await context.store.journal(plans)
        return try await take(Array(zip(journals, plans)).map { (journal: $0, plan: $1) }, context)
    }

    /// Moves what a plan names; `nil` where nothing of it is left.
    ///
    /// What counts is what lies in the archive. A file that changed between hashing and moving is taken as it is; one that
    /// has gone is left out. Where the archive has what was planned and another file has its name by now, that one was
    /// dropped since: it stays for the scan.
    private func move(_ plan: IntakePlan, _ archive: Archive, _ inbox: String) throws -> IntakePlan? {
        var found: [ArchivedFile] = []
        for (index, file) in plan.files.enumerated() {
            let source = "\(inbox)/\(plan.paths[index])"
            if archive.holds(file.sha256) {
                let isSame =
                    try !FileSystem.exists(source)
                    || SHA256Digest(bytes: SHA256Hasher.digest(ofFileAt: source)) == file.sha256
                if isSame { _ = try archive.take(source, expecting: file.sha256) }
                found.append(file)
                continue
            }
            guard FileSystem.exists(source) else { continue }
            let digest = try archive.take(source, expecting: file.sha256)
            let size = try FileSystem.status(of: archive.path(of: digest)).size
            found.append(ArchivedFile(name: file.name, sha256: digest, size: size))
        }
        guard !found.isEmpty else { return nil }
        guard found != plan.files else { return plan }
        var changed = plan
        let isPackage = plan.files.count == 1 && plan.sha256 == plan.files[0].sha256
        changed.sha256 = whole(found, isPackage ? .package : .loose(markers: []))
        changed.files = found
        changed.paths = zip(plan.files, plan.paths).filter { file, _ in found.contains { $0.name == file.name } }.map(
            \.1)
        changed.identicalTo = nil
        return changed
    }

    /// Moves what some plans name, as many at a time as there are workers; the answers keep their order. A plan with bytes
    /// that one before it has too is moved after it: two must not make the same file of the archive at once.
    private func moveAll(
        _ plans: [IntakePlan], _ archive: Archive, _ inbox: String, workers: Int
    ) async throws -> [IntakePlan?] {
        var digests: Set<SHA256Digest> = []
        var (alone, rest): ([Int], [Int]) = ([], [])
        for (place, plan) in plans.enumerated() {
            let own = Set(plan.files.map(\.sha256))
            if digests.isDisjoint(with: own), own.count == plan.files.count {
                alone.append(place)
            } else {
                rest.append(place)
            }
            digests.formUnion(own)
        }
        let workers = max(workers, 1)
        return try await withThrowingTaskGroup(of: [(Int, IntakePlan?)].self) { [alone] tasks in
            for worker in 0..<min(workers, alone.count) {
                tasks.addTask {
                    try stride(from: worker, to: alone.count, by: workers).map { place in
                        (alone[place], try move(plans[alone[place]], archive, inbox))
                    }
                }
            }
            var moved = [IntakePlan?](repeating: nil, count: plans.count)
            for try await some in tasks {
                for (place, plan) in some { moved[place] = plan }
            }
            for place in rest { moved[place] = try move(plans[place], archive, inbox) }
            return moved
        }
    }

    /// Whether a marker was made after files that lie beside it.
    private func isNewer(_ marker: String, than paths: [String], _ inbox: String) -> Bool {
        guard let own = try? FileSystem.status(of: "\(inbox)/\(marker)").modified else { return false }
        return paths.allSatisfy { path in
            guard let status = try? FileSystem.status(of: "\(inbox)/\(path)") else { return true }
            return status.modified <= own
        }
    }

    private func take(_ plans: [(journal: Int, plan: IntakePlan)], _ context: StageContext) async throws -> Int {
        let inbox = context.settings.inbox
        let archive = Archive(root: context.settings.archive)
        var taken: [(journal: Int, plan: IntakePlan)] = []
        var gone: [(journal: Int, plan: IntakePlan)] = []
        let moved = try await moveAll(plans.map(\.plan), archive, inbox, workers: context.settings.workers)
        for ((journal, plan), moved) in zip(plans, moved) {
            if let moved { taken.append((journal, moved)) } else { gone.append((journal, plan)) }
        }
        if !gone.isEmpty {
            let sightings = gone.map {
                IntakeSighting(
                    sourceName: $0.plan.sourceName, sha256: nil, outcome: .refused, reason: IntakeReason.gone)
            }
            try await context.store.record(sightings, run: context.run, seenAt: context.now())
            try await context.store.forget(gone.map(\.journal))
        }
        guard !taken.isEmpty else { return 0 }
        try FileSystem.synchronise(context.settings.archive)
        // While the journal is open still: a marker that outlived it would be taken for a submission without files.
        for (_, plan) in taken {
            // Where something new lies beside it the marker may be the new one's: those files wait until they have settled,
            // or for a marker that was made after they were.
            let isLeft = plan.paths.contains { FileSystem.exists("\(inbox)/\($0)") }
            for marker in plan.markers where !isLeft || !isNewer(marker, than: plan.paths, inbox) {
                try FileSystem.remove("\(inbox)/\(marker)")
            }
            let isFolder = !plan.sourceName.hasSuffix(".zip")
            if isFolder { FileSystem.removeIfEmpty("\(inbox)/\(plan.sourceName)") }
        }
        let submissions = try await context.store.finishIntake(taken, run: context.run, receivedAt: context.now())
        for submission in submissions {
            context.logger.info(
                "received",
                metadata: [
                    "submission": "\(submission.id)", "hospital": "\(submission.hospitalCode)",
                    "period": "\(submission.period)", "files": "\(submission.files.count)",
                ])
        }
        return taken.count
    }
}
