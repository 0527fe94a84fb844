public import Core
internal import Digests
internal import Foundation
internal import Glibc
internal import Synchronization

/// What a line of the ledger in the archive is: its hash, a blank, the entry.
///
/// A line counts when it follows the line before it. One that follows an earlier line takes the place of those since, which
/// are all of one transaction that was never committed. What a full disk or a power cut left of a line is passed over if a
/// whole one follows.
struct LedgerReading {
    /// A line that counts.
    struct Line: Sendable {
        var mark: LedgerMark
        var previous: String
        var text: String
    }

    /// Why a line does not count.
    enum Wrong: Error {
        case broken(line: Int)
    }

    private(set) var tail = LedgerTail()
    private var torn: Int?
    private var line = 0

    /// What a reader needs of an entry to follow the chain.
    private struct Link: Decodable {
        var number: Int
        var previous: String
        var at: Timestamp?
    }

    /// When the transaction of an entry began.
    static func time(of text: String) -> Timestamp? {
        (try? JSONDecoder().decode(Link.self, from: Data(text.utf8)))?.at
    }

    /// Takes the next line; `nil` where it is torn. `replaces` says how many of those before it do not count.
    mutating func take(_ bytes: ArraySlice<UInt8>) throws(Wrong) -> (line: Line, replaces: Int)? {
        line += 1
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, SHA256Digest(bytes: SHA256Hasher.digest(of: Array(parts[1].utf8))).hex == parts[0],
            let link = try? JSONDecoder().decode(Link.self, from: Data(parts[1].utf8))
        else {
            torn = torn ?? line
            return nil
        }
        let mark = LedgerMark(number: link.number, hash: String(parts[0]))
        let found = Line(mark: mark, previous: link.previous, text: String(parts[1]))
        if let replaces = tail.take(mark, previous: link.previous, at: link.at) {
            torn = nil
            return (found, replaces)
        }
        throw Wrong.broken(line: line)
    }

    /// At the end of a file that another one follows.
    mutating func endOfFile() { line = 0 }
}

/// `archive/ledger`: files of lines, each named by the number of its first entry; only the last one grows.
public final class LedgerFolder: LedgerKeeping {
    /// Above this size the next line begins a new file.
    private static let fileBytes = 16 << 20
    /// As much of the end is read first.
    private static let tailBytes = 64 << 10
    private let folder: String
    private let known = Mutex<Known?>(nil)

    private struct Known {
        var file: String
        var size: Int
        var tail: LedgerTail
    }

    /// The ledger of an archive.
    public init(archive: String) { folder = "\(archive)/ledger" }

    /// What the next line may follow.
    public func tail() throws -> LedgerTail {
        try known.withLock { known in
            let state = try current(known)
            known = state
            return state?.tail ?? LedgerTail()
        }
    }

    /// What is at the end: what is remembered, where nobody has written since.
    private func current(_ known: Known?) throws -> Known? {
        guard FileSystem.exists(folder) else { return nil }
        let names = try files()
        guard let newest = names.last else { return nil }
        let size = try FileSystem.status(of: "\(folder)/\(newest)").size
        if let known, known.file == newest, known.size == size { return known }
        let reading = try ending(names, newestSize: size)
        return Known(file: newest, size: size, tail: reading.tail)
    }

    /// Reads the last lines. Files become large, and every run asks; so no more of the end is read than has a whole line in
    /// it. Where these do not follow one another all is read, to say which line it is.
    private func ending(_ names: [String], newestSize: Int) throws -> LedgerReading {
        var window = LedgerFolder.tailBytes
        // The file before the newest is read too where the newest may hold a single line.
        let recent = names.suffix(2).map { "\(folder)/\($0)" }
        while newestSize > window || names.count > 1 && window < LedgerFolder.fileBytes {
            var reading: LedgerReading?
            do {
                for path in newestSize > window ? recent.suffix(1) : recent[...] {
                    let (bytes, isWhole) = try FileSystem.tail(of: path, window)
                    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)[...]
                    // The first is the rest of one.
                    if !isWhole { lines = lines.dropFirst() }
                    for line in lines {
                        // The first whole one is taken at its word.
                        var next = reading ?? LedgerReading(following: line)
                        if try next.take(line) != nil || reading != nil { reading = next }
                    }
                }
                if let reading { return reading }
            } catch is LedgerReading.Wrong {}
            window *= 4
        }
        var whole = LedgerReading()
        try forEachLine(&whole, from: max(0, names.count - 2), names) { _, _ in }
        return whole
    }

    private func files() throws -> [String] {
        try FileSystem.entries(of: folder).map(\.name).filter { $0.hasSuffix(".jsonl") }.sorted()
    }

    /// Adds lines, durable when this returns.
    public func append(_ lines: [(mark: LedgerMark, previous: String, text: String)]) throws {
        guard let first = lines.first else { return }
        try known.withLock { known in
            let state = try current(known)
            try FileSystem.makeFolder(folder)
            var bytes: [UInt8] = []
            var name = state?.file
            var size = state?.size ?? 0
            if name == nil || size >= LedgerFolder.fileBytes {
                if let name { try FileSystem.setReadOnly("\(folder)/\(name)") }
                let digits = "\(first.mark.number)"
                name = "\(String(repeating: "0", count: max(0, 10 - digits.count)))\(digits).jsonl"
                size = 0
            } else if let name, size > 0, try !FileSystem.endsWithNewline("\(folder)/\(name)") {
                // What is left of a line that a full disk cut short.
                bytes.append(UInt8(ascii: "\n"))
            }
            for line in lines { bytes += Array("\(line.mark.hash) \(line.text)\n".utf8) }
            let path = "\(folder)/\(name ?? "")"
            try FileSystem.append(bytes, to: path)
            if size == 0 { try FileSystem.synchronise(folder) }
            var tail = state?.tail ?? LedgerTail()
            let follows = lines.allSatisfy { line in
                tail.take(line.mark, previous: line.previous, at: LedgerReading.time(of: line.text)) != nil
            }
            // What does not follow is said by whoever reads it next.
            known = follows ? Known(file: name ?? "", size: size + bytes.count, tail: tail) : nil
        }
    }

    /// The names of the files, in their order.
    func fileNames() throws -> [String] { FileSystem.exists(folder) ? try files() : [] }

    /// The lines of a file that count, and how many at the end of the files before it each takes the place of.
    func lines(
        of name: String, _ reading: inout LedgerReading
    ) throws -> [(line: LedgerReading.Line, replacesBefore: Int)] {
        var lines: [(line: LedgerReading.Line, replacesBefore: Int)] = []
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            do {
                guard let (found, replaces) = try reading.take(line) else { continue }
                let own = min(replaces, lines.count)
                let removed = lines.suffix(own).reduce(0) { $0 + $1.replacesBefore }
                lines.removeLast(own)
                lines.append((found, replaces - own + removed))
            } catch LedgerReading.Wrong.broken(let number) {
                throw LedgerFileError(file: "\(folder)/\(name)", line: number)
            }
        }
        reading.endOfFile()
        return lines
    }

    private func forEachLine(
        _ reading: inout LedgerReading, from first: Int, _ names: [String],
        _ body: (LedgerReading.Line, Int) throws -> Void
    ) throws {
        var reader = reading
        for (index, name) in names.enumerated() where index >= first {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
            if index == first, first > 0,
                let line = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1).first
            {
                reader = LedgerReading(following: line)
            }
            for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
                do {
                    if let (found, replaces) = try reader.take(line) { try body(found, replaces) }
                } catch LedgerReading.Wrong.broken(let number) {
                    throw LedgerFileError(file: "\(folder)/\(name)", line: number)
                }
            }
            reader.endOfFile()
        }
        reading = reader
    }
}

extension LedgerReading {
    /// A reading that begins in the middle: the line it begins with is taken at its word.
    init(following line: ArraySlice<UInt8>) {
        guard let space = line.firstIndex(of: UInt8(ascii: " ")),
            let link = try? JSONDecoder().decode(Link.self, from: Data(line[(space + 1)...]))
        else { return }
        tail = LedgerTail(after: LedgerMark(number: link.number - 1, hash: link.previous))
    }
}

/// A line of the ledger that does not follow the one before it.
public struct LedgerFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The line.
    public var line: Int

    /// What and where, and what to do.
    public var phrase: Phrase {
        Phrase(
            "\(file):\(line)：台账记录与前一条不衔接；请从备份恢复该文件",
            "\(file):\(line): the entry does not follow the one before it; restore the file from a backup")
    }

    /// In English.
    public var description: String { phrase.english }
}
