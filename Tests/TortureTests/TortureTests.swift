import Foundation
import Samples
import TestNight
import Testing

/// Whatever happens to a night, running again ends where an undisturbed one ends. `make torture` lets more happen:
/// `YAOCE_TORTURE_KILLS` says how much, `YAOCE_TORTURE_SEED` when, `YAOCE_TORTURE_LOG` where it is written down.
@Suite(.serialized) struct `Accidents` {
    private static let variables = ProcessInfo.processInfo.environment
    private static let kills = variables["YAOCE_TORTURE_KILLS"].flatMap { Int($0) } ?? 4
    private static let seed = variables["YAOCE_TORTURE_SEED"].flatMap { UInt64($0) } ?? 20_260_101
    private static let isLong = kills > 50

    @Test(.timeLimit(.minutes(60 * 24))) func `leave no damage that running again does not mend`() async throws {
        var random = SeededGenerator(seed: Self.seed)
        var log = try TortureLog(path: Self.variables["YAOCE_TORTURE_LOG"])
        var (expected, duration) = try await withScene { scene, _ in
            let ended = try await scene.program.run(Scene.arguments)
            try #require(ended.exitCode == 0, "\(ended.errors)")
            return (try await scene.views(), ended.duration)
        }
        try #require(expected["usage"]?.isEmpty == false)
        log.say("seed \(Self.seed), an undisturbed run takes \(duration.milliseconds) ms")
        var killed = 0
        var others = Self.isLong ? Accident.others : Self.few(&random)
        var night = 0
        while killed < Self.kills || !others.isEmpty {
            night += 1
            // In a long campaign every other accident comes again and again.
            if others.isEmpty, Self.isLong, night % 12 == 0 {
                others = [Accident.others[random.below(Accident.others.count)]]
            }
            let isOther = !others.isEmpty && (killed >= Self.kills || night % 3 == 0)
            let accident = isOther ? others.removeFirst() : .kills(most: min(12, Self.kills - killed))
            let isRebuilt = isOther ? night % 2 == 0 : night % 5 == 0
            let aftermath = try await accident.happen(&random, duration, expected, isRebuilt: isRebuilt)
            killed += aftermath.kills
            duration = aftermath.undisturbed ?? duration
            log.add(night, accident, aftermath, isRebuilt: isRebuilt, killed: killed)
            #expect(aftermath.damage == [], "night \(night) of seed \(Self.seed): \(accident.name), \(aftermath.note)")
            if aftermath.skipped != nil { continue }
        }
        log.finish(nights: night, killed: killed)
    }

    /// For every day: one stage boundary and one of the others besides those that take no time.
    private static func few(_ random: inout SeededGenerator) -> [Accident] {
        [
            .killAtBoundary(random.below(7)), .cutInCopy, .twoAtOnce, .stopped, .clockJumps,
            .diskFull(Accident.Place.allCases[random.below(3)]),
        ]
    }
}

/// What happened, line by line.
struct TortureLog {
    private let handle: FileHandle?
    private let began = ContinuousClock.now
    private var damaged = 0

    init(path: String?) throws {
        guard let path else {
            handle = nil
            return
        }
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        handle = FileHandle(forWritingAtPath: path)
    }

    func say(_ text: String) {
        guard let handle else { return }
        handle.write(Data((text + "\n").utf8))
    }

    mutating func add(_ night: Int, _ accident: Accident, _ aftermath: Aftermath, isRebuilt: Bool, killed: Int) {
        let verdict =
            if let reason = aftermath.skipped {
                "skipped: \(reason)"
            } else if aftermath.damage.isEmpty {
                isRebuilt ? "no damage, rebuilt equal" : "no damage"
            } else {
                "DAMAGE " + aftermath.damage.joined(separator: "; ")
            }
        if !aftermath.damage.isEmpty { damaged += 1 }
        // What did not happen must be seen also where nobody keeps a log.
        if let reason = aftermath.skipped, handle == nil { print("\(accident.name): skipped, \(reason)") }
        say("\(night) · \(accident.name) · \(aftermath.note) · \(killed) kills so far · \(verdict)")
    }

    func finish(nights: Int, killed: Int) {
        let seconds = began.duration(to: .now).components.seconds
        say("\(nights) nights, \(killed) kills, \(damaged) with damage, \(seconds) s")
    }
}
