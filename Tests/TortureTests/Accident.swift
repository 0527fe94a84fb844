import Core
import Foundation
import Glibc
import Postgres
import Samples
import Store
import Synchronization
import TestNight

/// What may happen to a night.
enum Accident: Sendable, Hashable {
    /// SIGKILL, as often as a run does not come to its end before.
    case kills(most: Int)
    /// SIGKILL when so many stages have ended.
    case killAtBoundary(Int)
    /// SIGKILL of the run's PostgreSQL backend; the server restarts all of them.
    case backendKilled
    /// The connection is cut while rows are copied.
    case cutInCopy
    /// The database is stopped and started again.
    case databaseRestart
    /// No room where something is written.
    case diskFull(Place)
    /// The clock jumps ten years back, then more than a year ahead, then is right.
    case clockJumps
    /// Two runs at once.
    case twoAtOnce
    /// A run stops without dying; another one is started meanwhile.
    case stopped

    enum Place: String, Sendable, CaseIterable { case archive, work, database }

    var name: String {
        switch self {
        case .kills: "SIGKILL at random moments"
        case .killAtBoundary(let stages): "SIGKILL after stage \(stages)"
        case .backendKilled: "SIGKILL of a PostgreSQL backend"
        case .cutInCopy: "connection cut in the middle of COPY"
        case .databaseRestart: "database restarted"
        case .diskFull(let place): "disk full: \(place.rawValue)"
        case .clockJumps: "clock jumps"
        case .twoAtOnce: "two runs at once"
        case .stopped: "run stopped without dying (SIGSTOP)"
        }
    }

    /// All of them once; kills come besides.
    static let others: [Accident] =
        (0...6).map { .killAtBoundary($0) } + [
            .backendKilled, .cutInCopy, .databaseRestart, .clockJumps, .twoAtOnce, .stopped,
        ] + Place.allCases.map { .diskFull($0) }
}

/// What an accident came to.
struct Aftermath: Sendable {
    /// How often something was killed.
    var kills = 0
    /// What happened, for the log.
    var note = ""
    /// What is wrong. Empty where nothing is.
    var damage: [String] = []
    /// Why it could not happen here.
    var skipped: String?
    /// How long the night took, where the kill came too late: nights take less time once the machine has less to do.
    var undisturbed: Duration?
}

extension Accident {
    /// Lets it happen to a night of its own, runs again, and looks at the damage.
    /// - Parameter isRebuilt: whether the database is made again from the archive afterwards.
    func happen(
        _ random: inout SeededGenerator, _ duration: Duration, _ expected: [String: [String]], isRebuilt: Bool
    ) async throws -> Aftermath {
        if case .diskFull(let place) = self {
            return try await DiskFull(place: place).happen(&random, expected, isRebuilt: isRebuilt)
        }
        let fractions = (0..<20).map { _ in Double(random.below(10_000)) / 10_000 }
        return try await withScene { scene, database in
            var aftermath = try await strike(scene, database, fractions, duration)
            // A clock that is behind makes files look as if they came from the future: they are seen, and taken later.
            try await Accident.conclude(
                scene, expected, isRebuilt: isRebuilt, sawMore: self == .clockJumps, &aftermath)
            return aftermath
        }
    }

    /// Runs again, compares, and makes the database again.
    static func conclude(
        _ scene: Scene, _ expected: [String: [String]], isRebuilt: Bool, sawMore: Bool = false,
        _ aftermath: inout Aftermath
    ) async throws {
        if let said = try await scene.runToTheEnd() { aftermath.damage.append("does not come to its end: \(said)") }
        aftermath.damage += try await scene.damage(expected, sawMore: sawMore)
        guard isRebuilt else { return }
        let torture = try await TortureCluster.shared()
        let other = try await torture.make()
        aftermath.damage += try await scene.rebuildDamage(into: other.url)
        try await torture.drop(other.name)
    }

    private func strike(
        _ scene: Scene, _ database: String, _ fractions: [Double], _ duration: Duration
    ) async throws -> Aftermath {
        var aftermath = Aftermath()
        let arguments = Scene.arguments
        switch self {
        case .kills(let most):
            var moments: [String] = []
            for (index, fraction) in fractions.prefix(most).enumerated() {
                // The first anywhere in the night; what is left after it takes less time.
                let moment = duration * (index == 0 ? fraction : fraction * 0.4)
                let ended = try await scene.program.run(arguments, killedAfter: moment)
                guard ended.exitCode == nil else {
                    if index == 0 { aftermath.undisturbed = ended.duration }
                    break
                }
                aftermath.kills += 1
                moments.append("\(moment.milliseconds)")
            }
            aftermath.note = "after \(moments.joined(separator: ", ")) ms"
        case .killAtBoundary(let stages):
            let ended = try await scene.program.run(
                arguments,
                watching: { running in
                    if running.said().components(separatedBy: "stage ended").count - 1 >= stages,
                        running.said().contains("run began")
                    {
                        kill(running.process, SIGKILL)
                    }
                })
            aftermath.kills = ended.exitCode == nil ? 1 : 0
        case .backendKilled:
            try await meanwhile(scene, after: duration * fractions[0]) { torture in
                let found = try await torture.ask(
                    "SELECT pid::text FROM pg_stat_activity WHERE datname = \(database) AND application_name LIKE 'yaoce%'"
                )
                for process in found.compactMap({ pid_t($0) }).prefix(1) { kill(process, SIGKILL) }
                aftermath.kills = found.isEmpty ? 0 : 1
                return true
            }
        case .cutInCopy:
            var cut = 0
            try await meanwhile(scene, after: .zero) { torture in
                let found = try await torture.ask(
                    """
                    SELECT pg_terminate_backend(p.pid)::text FROM pg_stat_progress_copy p
                    WHERE p.datname = \(database)
                    """)
                cut += found.count
                return !found.isEmpty
            }
            aftermath.note = cut > 0 ? "cut" : "no COPY was seen"
        case .databaseRestart:
            try await meanwhile(scene, after: duration * fractions[0]) { torture in
                try torture.cluster.stop()
                try await torture.cluster.start()
                return true
            }
        case .clockJumps:
            let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
            let day: Int64 = 86_400_000_000
            var there = scene
            there.variables["YAOCE_NOW"] = "\(now - 3_650 * day)"
            // Neither night judges what is loaded: a benchmark of the few that came then is another one, and is kept.
            _ = try await there.program.run(
                arguments + ["--only", "receive,compare,precheck,load"], killedAfter: duration * fractions[0])
            there.variables["YAOCE_NOW"] = "\(now + 400 * day)"
            // Not the receiving: what is still being written would have settled by then.
            _ = try await there.program.run(
                arguments + ["--only", "compare,precheck,load"], killedAfter: duration * fractions[1])
        case .twoAtOnce:
            async let one = scene.program.run(arguments)
            async let two = scene.program.run(arguments)
            let codes = [try await one.exitCode, try await two.exitCode]
            aftermath.note = "exit codes \(codes.map { $0.map(String.init) ?? "-" }.joined(separator: " and "))"
            if !codes.contains(0) || !codes.allSatisfy({ $0 == 0 || $0 == 75 }) {
                aftermath.damage.append("two runs ended with \(codes)")
            }
        case .stopped:
            let stopped = Shared<pid_t?>(nil)
            let moment = duration * fractions[0]
            async let one = scene.program.run(
                arguments,
                watching: { running in
                    guard running.elapsed >= moment else { return }
                    stopped.withLock { process in
                        guard process == nil else { return }
                        kill(running.process, SIGSTOP)
                        process = running.process
                    }
                })
            // The other one is started once it stands still; where it has ended before, right after it.
            async let other: Program.Ended = {
                while stopped.withLock({ $0 }) == nil { try await Task.sleep(for: .milliseconds(5)) }
                let ended = try await scene.program.run(arguments)
                if let process = stopped.withLock({ $0 }), process > 0 { kill(process, SIGCONT) }
                return ended
            }()
            let first = try await one
            stopped.withLock { $0 = $0 ?? -1 }
            let codes = [first.exitCode, try await other.exitCode]
            aftermath.note = "exit codes \(codes.map { $0.map(String.init) ?? "-" }.joined(separator: " and "))"
        case .diskFull: break
        }
        return aftermath
    }

    /// Runs, and does something meanwhile, again and again until it says that it is done or the run has ended.
    private func meanwhile(
        _ scene: Scene, after delay: Duration, _ body: (TortureCluster) async throws -> Bool
    ) async throws {
        let torture = try await TortureCluster.shared()
        let hasEnded = Shared(false)
        async let ended: Void = {
            _ = try await scene.program.run(Scene.arguments)
            hasEnded.withLock { $0 = true }
        }()
        let moment = ContinuousClock.now + delay
        while !hasEnded.withLock({ $0 }) {
            if ContinuousClock.now >= moment, try await body(torture) { break }
            try await Task.sleep(for: .milliseconds(1))
        }
        try await ended
    }
}

extension Duration {
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}

/// A small value that several tasks see.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        value.withLock { value in body(&value) }
    }
}
