import Foundation
import TestDatabase

/// The built program in a folder of its own, on a database of its own.
struct Yaoce {
    struct Ended {
        var code: Int32
        var output: String
        var errors: String

        var json: Any? { try? JSONSerialization.jsonObject(with: Data(output.utf8), options: .fragmentsAllowed) }
        var object: [String: Any] { json as? [String: Any] ?? [:] }
        var list: [[String: Any]] { json as? [[String: Any]] ?? [] }
    }

    let folder: String
    let database: TestDatabase

    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// It lies beside the test bundle.
    static let program: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("yaoce").path
    }()

    /// Gives a test a folder with a configuration and the sample's libraries, and removes it afterwards.
    static func use(_ body: @Sendable (Yaoce) async throws -> Void) async throws {
        try await withDatabase { database in
            let folder = NSTemporaryDirectory() + "yaoce-comparison-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let yaoce = Yaoce(folder: folder, database: database)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = try await yaoce.run("init", folder)
            for kind in ["drugs", "institutions", "divisions"] {
                let file = "\(repository)/SampleData/libraries/\(kind).csv"
                _ = try await yaoce.run("library", "import", kind, file, "--version", "v2026.1", "--publish")
            }
            try await body(yaoce)
        }
    }

    func file(_ name: String) -> String { "\(folder)/\(name)" }

    /// Runs a command to its end. Its output goes through a file, so that no pipe fills up.
    func run(_ arguments: String...) async throws -> Ended {
        let out = file("\(UUID().uuidString).out")
        let errors = file("\(UUID().uuidString).err")
        for path in [out, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Yaoce.program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "YAOCE_DATABASE_URL": database.url,
            "YAOCE_RULES_FOLDER": "\(Yaoce.repository)/Rules", "LANG": "en_US.UTF-8", "USER": "tester",
        ]
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: errors)
        let code = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        return Ended(
            code: code, output: String(decoding: try Data(contentsOf: URL(fileURLWithPath: out)), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: errors)), as: UTF8.self))
    }
}
