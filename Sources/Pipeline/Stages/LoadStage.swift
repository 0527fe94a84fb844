internal import Core
internal import Logging

/// Copies validated rows into the fact tables, many submissions in one transaction, each all or nothing.
struct LoadStage: PipelineStage {
    let stage = Stage.load
    private static let groupSize = 128

    func run(_ context: StageContext) async throws -> StageResult {
        let result = try await context.forEachGroup(waitingFor: stage, size: LoadStage.groupSize) { group in
            try await take(group, at: nil, context)
            return []
        }
        try await sweep(context)
        return result
    }

    /// Takes a group through the stage.
    /// - Parameter time: when; `nil` for now.
    func take(_ group: [Submission], at time: Timestamp?, _ context: StageContext) async throws {
        var whole: [(submission: Submission, rows: any StagedRows)] = []
        var lost: [SubmissionID] = []
        for submission in group {
            let file = StagingFile(path: context.settings.stagingPath(of: submission.id))
            if file.isWhole { whole.append((submission, file)) } else { lost.append(submission.id) }
        }
        if !lost.isEmpty {
            // Somebody emptied the work folder: precheck makes the files again from the archive.
            context.logger.notice("staging files are gone; back to precheck", metadata: ["submissions": "\(lost)"])
            try await context.store.sendBack(lost, to: .precheck)
        }
        try await context.store.completeLoad(whole, run: context.run, at: time)
        for (submission, _) in whole {
            try FileSystem.remove(context.settings.stagingPath(of: submission.id))
        }
    }

    /// Removes staging files whose rows are loaded: a run that died between the two left them.
    private func sweep(_ context: StageContext) async throws {
        guard FileSystem.exists(context.settings.work) else { return }
        let waiting = Set(
            try await context.store.waiting(for: stage, limit: Int(Int32.max)).map {
                context.settings.stagingPath(of: $0.id)
            })
        for (name, isReadable) in try FileSystem.entries(of: context.settings.work) {
            let path = "\(context.settings.work)/\(name)"
            if isReadable, name.hasSuffix(".staged"), !waiting.contains(path) { try FileSystem.remove(path) }
        }
    }
}
