public import Core
internal import Digests
internal import Foundation
public import Logging
internal import Readers
internal import Rules

/// Makes a database again from the archive alone: everything the ledger tells is done once more, in the same order, on the
/// same bytes, by the same code, with the same numbers and times.
///
/// A database that has the first entries already, from a backup, is carried on from there.
public struct ArchiveRebuild: Sendable {
    /// What was done.
    public struct Outcome: Sendable {
        /// Entries of the ledger that the database had before.
        public var had = 0
        /// Entries that were done again.
        public var repeated = 0
    }

    /// Why a rebuild cannot go on.
    public enum Refusal: Error, Sendable, CustomStringConvertible {
        /// The archive has no ledger.
        case noLedger(String)
        /// The database is not an earlier state of what the archive tells.
        case anotherHistory
        /// The archive lacks bytes that an entry needs.
        case missing(SHA256Digest, entry: Int)
        /// A run was recorded without what it judged by.
        case noBasis(run: Int)
        /// An entry was done without coming to anything.
        case notDone(entry: Int)

        /// What and why, for people.
        public var phrase: Phrase {
            switch self {
            case .noLedger(let folder):
                Phrase("\(folder) 中没有台账，无法重建", "there is no ledger in \(folder); nothing can be rebuilt")
            case .anotherHistory:
                Phrase(
                    "目标数据库已有内容，且不是此存档的早先状态；请给出空数据库（--into）",
                    "the database holds something that is no earlier state of this archive; name an empty one (--into)")
            case .missing(let digest, let entry):
                Phrase(
                    "台账第 \(entry) 条需要的文件 \(digest) 不在存档中",
                    "entry \(entry) needs file \(digest), which the archive lacks")
            case .noBasis(let run):
                Phrase("运行 \(run) 没有记录其规则", "run \(run) was recorded without the rules it judged by")
            case .notDone(let entry):
                Phrase(
                    "重放台账第 \(entry) 条没有产生任何结果；程序版本是否相同？",
                    "entry \(entry) came to nothing when it was done again; is it the same version of the program?")
            }
        }

        /// In English.
        public var description: String { phrase.english }
    }

    private let store: any RebuildStore
    private let settings: PipelineSettings
    private let logger: Logger
    private let progress: @Sendable (_ entry: Int) -> Void

    /// A rebuild into a store, from the archive that settings name.
    public init(
        store: any RebuildStore, settings: PipelineSettings, logger: Logger,
        progress: @escaping @Sendable (_ entry: Int) -> Void = { _ in }
    ) {
        self.store = store
        self.settings = settings
        self.logger = logger
        self.progress = progress
    }

    /// Does everything the database does not have yet.
    public func run() async throws -> Outcome {
        guard try await store.acquireRunLock() else { throw NightlyRun.Refusal.anotherRunIsActive }
        let folder = LedgerFolder(archive: settings.archive)
        let names = try folder.fileNames()
        guard !names.isEmpty else { throw Refusal.noLedger(settings.archive) }
        let head = try await store.ledgerHead()
        if head.number == 0, try await !store.isEmpty() { throw Refusal.anotherHistory }
        // Staging files of the repetition are nobody else's.
        var settings = settings
        settings.work = "\(settings.work)/rebuild"
        try FileSystem.makeFolder(settings.work)
        defer { try? FileManager.default.removeItem(atPath: settings.work) }
        var outcome = Outcome()
        var repetition = LedgerRepetition(store: store, settings: settings, logger: logger)
        var reading = LedgerReading()
        // The last lines of a file count once it is known that the next file does not begin with another one for them.
        var held: [LedgerReading.Line] = []
        for name in names {
            for (line, replacesBefore) in try folder.lines(of: name, &reading) {
                held.removeLast(min(replacesBefore, held.count))
                held.append(line)
            }
            let settled = held.prefix { $0.mark.number <= reading.tail.settled.number }
            for line in settled { try await take(line, head, &repetition, &outcome) }
            held.removeFirst(settled.count)
        }
        for line in held { try await take(line, head, &repetition, &outcome) }
        guard outcome.had == head.number else { throw Refusal.anotherHistory }
        return outcome
    }

    private func take(
        _ line: LedgerReading.Line, _ head: LedgerMark, _ repetition: inout LedgerRepetition, _ outcome: inout Outcome
    ) async throws {
        let entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(line.text.utf8))
        if entry.number <= head.number {
            guard entry.number < head.number || line.mark == head else { throw Refusal.anotherHistory }
            repetition.learn(entry)
            outcome.had += 1
            return
        }
        store.repeatNext(entry, mark: line.mark, text: line.text)
        try await repetition.do(entry)
        guard store.hasRepeated else { throw Refusal.notDone(entry: entry.number) }
        outcome.repeated += 1
        progress(entry.number)
        try Task.checkCancellation()
    }
}
