import Foundation
public import Glibc

/// The built `yaoce`, run in a process of its own.
public struct Program: Sendable {
    /// What a process came to.
    public struct Ended: Sendable {
        /// Its exit code; `nil` where a signal ended it.
        public var exitCode: Int32?
        /// Standard output.
        public var output: String
        /// Standard error.
        public var errors: String
        /// The most memory it had, in bytes, as far as it lived long enough to be looked at.
        public var peakBytes: Int
        /// How long it ran.
        public var duration: Duration
    }

    /// Where it runs, and where its output goes.
    public let folder: TestFolder
    /// Its variables, besides a few that every process needs.
    public var environment: [String: String]

    /// A program that runs in a folder.
    public init(_ folder: TestFolder, environment: [String: String] = [:]) {
        self.folder = folder
        self.environment = environment
    }

    /// It lies beside the test bundle.
    public static let path: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("yaoce").path
    }()

    /// Runs it to its end, or kills it (SIGKILL) after a while.
    public func run(_ arguments: String..., killedAfter: Duration? = nil) async throws -> Ended {
        try await run(arguments, killedAfter: killedAfter)
    }

    /// A process that runs, for whoever watches it.
    public struct Running: Sendable {
        /// Its number: its own until it has been waited for.
        public let process: pid_t
        /// Where its standard error goes.
        public let errors: String
        /// How long it has run.
        public let elapsed: Duration

        /// What it has said on standard error so far.
        public func said() -> String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }
    }

    /// The same with arguments in a list.
    /// - Parameter watching: called every few milliseconds while it runs.
    public func run(
        _ arguments: [String], killedAfter: Duration? = nil, watching: (@Sendable (Running) -> Void)? = nil
    ) async throws -> Ended {
        let name = "output-\(UUID().uuidString)"
        let (out, err) = (folder.file("\(name).out"), folder.file("\(name).err"))
        defer {
            unlink(out)
            unlink(err)
        }
        let began = ContinuousClock.now
        let child = try spawn(arguments, out, err)
        let (status, peak) = await withCheckedContinuation { continuation in
            // Waiting blocks a thread; none of the shared pool's.
            Thread.detachNewThread {
                var status: Int32 = 0
                var peak = 0
                // What `wait4` says of memory begins with that of the process that started it; the kernel's own mark does not.
                while wait4(child, &status, WNOHANG, nil) != child {
                    // Until it is waited for, the number is its own, whether it still runs or not.
                    if let killedAfter, began.duration(to: .now) >= killedAfter { kill(child, SIGKILL) }
                    watching?(Running(process: child, errors: err, elapsed: began.duration(to: .now)))
                    peak = max(peak, Program.peakBytes(of: child))
                    usleep(killedAfter == nil && watching == nil ? 5_000 : 1_000)
                }
                continuation.resume(returning: (status, peak))
            }
        }
        return Ended(
            exitCode: status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, output: try text(out), errors: try text(err),
            peakBytes: peak, duration: began.duration(to: .now))
    }

    private static func peakBytes(of process: pid_t) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return 0 }
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    private func spawn(_ arguments: [String], _ out: String, _ err: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var variables = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "TMPDIR": folder.path, "LANG": "C.UTF-8"]
        variables.merge(environment) { $1 }
        var words: [UnsafeMutablePointer<CChar>?] =
            (["env", "-C", folder.path, Program.path] + arguments).map { strdup($0) } + [nil]
        var pairs: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + pairs).forEach { free($0) } }
        var child: pid_t = 0
        // `env` gives its place to the program: the number stays the same.
        let code = posix_spawn(&child, "/usr/bin/env", &actions, nil, &words, &pairs)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return child
    }
}
