import Core
import Glibc
import Postgres
import Store
import TestNight
import Testing

/// Several processes on one queue come to what one run comes to.
@Suite(.serialized) struct `Several workers` {
    private static let worker = ["worker", "--until-empty", "--business-date", Night.businessDate.description]

    private func undisturbed() async throws -> [String: [String]] {
        try await withScene { scene, _ in
            #expect(try await scene.runToTheEnd(tries: 1) == nil)
            return try await scene.views()
        }
    }

    @Test(.timeLimit(.minutes(10))) func `do what one run does`() async throws {
        let expected = try await undisturbed()
        try await withScene { scene, _ in
            let day = ["--business-date", Night.businessDate.description]
            #expect(try await scene.program.run(["receive"] + day).exitCode == 0)
            async let one = scene.program.run(Self.worker)
            async let other = scene.program.run(Self.worker)
            let (first, second) = (try await one, try await other)
            #expect(first.exitCode == 0, "\(first.errors)")
            #expect(second.exitCode == 0, "\(second.errors)")
            #expect(try await scene.runToTheEnd(tries: 1) == nil)
            #expect(try await scene.damage(expected) == [])
            let torture = try await TortureCluster.shared()
            let again = try await torture.make()
            #expect(try await scene.rebuildDamage(into: again.url) == [])
            try await torture.drop(again.name)
        }
    }

    /// It holds claims, and maybe locks; then it wakes and wants to write.
    @Test(.timeLimit(.minutes(10))) func `go on without one that stops and do not let it write late`() async throws {
        let expected = try await undisturbed()
        try await withScene { scene, database in
            var scene = scene
            scene.variables["YAOCE_RUN_PATIENCE_SECONDS"] = "2"
            let day = ["--business-date", Night.businessDate.description]
            #expect(try await scene.program.run(["receive"] + day).exitCode == 0)
            let url = scene.url
            let stopped = Shared<pid_t?>(nil)
            let asked = Shared(false)
            // Where it is done before anybody could stop it, there was no accident, and nothing to wait for.
            let done = Shared(false)
            let here = scene
            async let sleeper = {
                defer { done.withLock { $0 = true } }
                return try await here.program.run(
                    Self.worker,
                    watching: { running in
                        guard asked.withLock({ $0 }) else { return }
                        stopped.withLock { process in
                            guard process == nil else { return }
                            kill(running.process, SIGSTOP)
                            process = running.process
                        }
                    })
            }()
            // Stopped while it has claims.
            let connection = try await Connection.connect(ConnectionOptions(url: url))
            while !done.withLock({ $0 }) {
                let isBusy = try await connection.perform {
                    try $0.query("SELECT EXISTS (SELECT FROM yaoce.claim)").single(Bool.self)
                }
                if isBusy { break }
                try await Task.sleep(for: .milliseconds(2))
            }
            asked.withLock { $0 = true }
            while stopped.withLock({ $0 }) == nil, !done.withLock({ $0 }) {
                try await Task.sleep(for: .milliseconds(2))
            }
            await connection.close()
            let said = try await here.runToTheEnd(tries: 1)
            #expect(said == nil, "\(said ?? "")")
            let before = try await here.views()
            if let process = stopped.withLock({ $0 }) { kill(process, SIGCONT) }
            let ended = try await sleeper
            #expect(ended.exitCode == 0 || ended.exitCode == 75, "\(ended.errors)")
            #expect(PublicViews.differences(try await here.views(), before) == [])
            #expect(try await here.runToTheEnd() == nil)
            let damage = try await here.damage(expected).filter { !$0.contains("left in the work folder") }
            #expect(damage == [])
        }
    }
}
