import Core
import Foundation
import Samples
import TestDatabase
import TestNight
import Testing

/// A night that is killed at any moment and run again ends where an undisturbed one ends.
@Suite struct `A run that is killed` {
    private static let kills = 50
    private static let workers = 2

    /// A third of the sample night: loose files in both encodings, gzip, XML, packages, dirty ones, a resubmission, one
    /// that is not ready and a stranger. What a run does to a submission does not depend on how many there are.
    private static let sources: [String] = {
        guard let key = try? AnswerKeyFile.read() else { return [] }
        let some = key.intake.enumerated().filter { $0.offset % 4 == 0 || $0.element.outcome != .taken }
        let resubmitted = key.submissions.filter { $0.version > 1 }.map(\.hospitalCode)
        return some.map(\.element.source) + resubmitted
    }()

    @Test(.timeLimit(.minutes(10))) func `and run again leaves the same content as an undisturbed one`() async throws {
        let (expected, duration) = try await withNight { night in
            try await prepare(night)
            let ended = try await program(night).run(arguments)
            #expect(ended.exitCode == 0, "\(ended.errors)")
            return (try await night.views(), ended.duration)
        }
        #expect(expected["usage"]?.isEmpty == false)

        let total = try await withThrowingTaskGroup { group in
            for worker in 0..<Self.workers {
                group.addTask {
                    var random = SeededGenerator(seed: 9, path: UInt64(worker))
                    var kills = 0
                    var duration = duration
                    while kills < Self.kills / Self.workers {
                        let night = try await killedNight(
                            &random, duration, expected, most: Self.kills / Self.workers - kills)
                        kills += night.kills
                        // The computer may have more time for a run than when it was measured.
                        duration = min(duration, night.undisturbed ?? duration)
                    }
                    return kills
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == Self.kills)
    }

    private let arguments = ["run", "--json", "--business-date", Night.businessDate.description]

    private func program(_ night: Night) -> Program {
        Program(night.folder, environment: ["YAOCE_DATABASE_URL": night.database.url, "YAOCE_LOG_LEVEL": "error"])
    }

    private func prepare(_ night: Night) async throws {
        try await night.publishLibraries()
        try await program(night).expectDone("init", ".")
        try night.addSampleNight { source in Self.sources.contains { source.hasPrefix($0) } }
    }

    /// One night, killed until a run comes to its end by itself; how often it was killed, and how long a run took that
    /// was not.
    private func killedNight(
        _ random: inout SeededGenerator, _ duration: Duration, _ expected: [String: [String]], most: Int
    ) async throws -> (kills: Int, undisturbed: Duration?) {
        // A generator cannot be lent to the night while it is the caller's.
        var own = SeededGenerator(seed: random.next())
        let delays = (0..<most).map { _ in duration * Double(own.below(10_000)) / 10_000 }
        return try await withNight { night in
            try await prepare(night)
            var moments: [Duration] = []
            var isDone = false
            var undisturbed: Duration?
            for delay in delays where !isDone {
                let ended = try await program(night).run(arguments, killedAfter: delay)
                if ended.exitCode == nil { moments.append(delay) } else { isDone = true }
                if moments.isEmpty { undisturbed = ended.duration }
                if let code = ended.exitCode { #expect(code == 0, "after \(moments): \(ended.errors)") }
            }
            let ended = try await program(night).run(arguments)
            #expect(ended.exitCode == 0, "after \(moments): \(ended.errors)")
            let differences = PublicViews.differences(try await night.views(), expected)
            #expect(differences == [], "killed after \(moments)")
            let papers = night.folder.files(below: "outbox")
            #expect(papers.filter { $0.hasSuffix(".tmp") } == [])
            #expect(papers.filter { $0.hasSuffix("receipt.html") }.count == expected["submission"]?.count)
            #expect(night.folder.files(below: "data/work") == [], "killed after \(moments)")
            return (moments.count, undisturbed)
        }
    }
}
