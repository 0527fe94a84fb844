public import Core
import Digests
import Foundation
import Logging
public import Pipeline
public import Postgres
import Readers
import Rules
import Samples
import Store
public import TestDatabase

/// Folders and a database for nightly runs.
public struct Night: Sendable {
    /// Where inbox, archive, work, outbox and reports lie.
    public let folder: TestFolder
    /// The database.
    public let database: TestDatabase
    /// What the runs go by.
    public var settings: PipelineSettings

    /// Folders that are made, and a database that has the program's schema.
    public init(_ folder: TestFolder, _ database: TestDatabase) throws {
        self.folder = folder
        self.database = database
        for name in ["inbox", "archive", "outbox", "reports"] { try folder.makeFolder(name) }
        settings = PipelineSettings(
            inbox: folder.file("inbox"), archive: folder.file("archive"), work: folder.file("data/work"),
            outbox: folder.file("outbox"), reports: folder.file("reports"))
    }

    /// The day that the sample night is judged by.
    public static let businessDate = CalendarDay(year: 2026, month: 3, day: 2) ?? CalendarDay(daysSince2000: 9557)

    /// Puts the sample night into the inbox: all of it has settled but the one that is still being written.
    /// - Parameter isWanted: which of it, by its path below the inbox.
    public func addSampleNight(_ isWanted: (String) -> Bool = { _ in true }) throws {
        let manager = FileManager.default
        let key = try AnswerKeyFile.read()
        for entry in key.intake where isWanted(entry.source) {
            let target = "\(settings.inbox)/\(entry.source)"
            let parent = URL(fileURLWithPath: target).deletingLastPathComponent().path
            try manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try manager.copyItem(atPath: "\(Repository.path)/SampleData/inbox/\(entry.source)", toPath: target)
            let isFresh = entry.outcome == .notReady
            let path = "inbox/\(entry.source)"
            let inside = folder.files(below: path)
            let date = isFresh ? Date(timeIntervalSinceNow: 5) : Date(timeIntervalSince1970: 1_767_225_600)
            for file in inside.isEmpty ? [path] : inside.map({ "\(path)/\($0)" }) where !isLink(file) {
                try folder.setModified(file, date)
            }
        }
    }

    private func isLink(_ name: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.file(name))) != nil
    }

    /// Imports and publishes the libraries of the sample night.
    public func publishLibraries() async throws {
        let store = try await database.store()
        do {
            for kind in LibraryKind.allCases {
                let path = "\(Repository.path)/SampleData/libraries/\(kind.rawValue).csv"
                let digest = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: path))
                _ = try await store.importLibrary(
                    kind, version: "v2026.1", sha256: digest, at: Timestamp(microseconds: 1_767_225_600_000_000),
                    publishing: true
                ) { each in
                    try LibraryFileReader(name: path).forEachRow(of: FileByteSource(path: path, name: path), each)
                }
            }
            await store.close()
        } catch {
            await store.close()
            throw error
        }
    }

    /// Runs stages to their end.
    @discardableResult
    public func run(
        _ stages: [Stage] = Stage.allCases, now: @escaping @Sendable () -> Timestamp = Night.now
    ) async throws -> NightlyRun.Outcome {
        let store = try await database.store()
        do {
            let run = NightlyRun(
                store: store, settings: settings, rules: try TestRules.book.get(), now: now,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let outcome = try await run.run(stages, businessDate: Night.businessDate)
            await store.close()
            return outcome
        } catch {
            await store.close()
            throw error
        }
    }

    /// The time of the computer.
    public static let now: @Sendable () -> Timestamp = {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    }

    /// What the public views show.
    public func views(leavingOut columns: [String] = []) async throws -> [String: [String]] {
        let connection = try await database.connect()
        do {
            let content = try await PublicViews.content(connection, leavingOut: columns)
            await connection.close()
            return content
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Asks the database something: each row as one text, columns separated by `|`, NULL as `-`.
    public func rows(_ sql: SQL) async throws -> [String] {
        let connection = try await database.connect()
        do {
            let rows = try await connection.perform { connection in
                let wrapped: SQL =
                    "SELECT array_to_string(ARRAY(SELECT coalesce(e.value, '-') FROM json_each_text(row_to_json(q)) e), '|') FROM (\(sql)) q"
                return try connection.query(wrapped).column(0, as: String.self)
            }
            await connection.close()
            return rows
        } catch {
            await connection.close()
            throw error
        }
    }
}

/// Gives a test a night of its own and removes it afterwards.
public func withNight<Value: Sendable>(_ body: @Sendable (Night) async throws -> Value) async throws -> Value {
    try await withDatabase { database in
        try await withFolder { folder in try await body(try Night(folder, database)) }
    }
}
