import Core
import Digests
import Foundation
import Postgres
import Synchronization

/// Adds an entry to the ledger in the transaction of what it tells.
///
/// The line goes into the archive first and is made durable, then it is committed with its transaction. A process that
/// dies in between leaves lines in the archive that no database has: the next entry gets the number of the first of them and
/// takes their place. So nothing is ever committed that the archive does not know.
final class LedgerRecorder: Sendable {
    private let keeper: (any LedgerKeeping)?
    /// The entry that is being done again, where that is what happens.
    private let repeated = Mutex<(mark: LedgerMark, text: String, entry: LedgerEntry)?>(nil)

    init(_ keeper: (any LedgerKeeping)?) { self.keeper = keeper }

    /// From now on the next transaction is this entry, done again.
    func repeating(_ entry: LedgerEntry, mark: LedgerMark, text: String) {
        repeated.withLock { $0 = (mark, text, entry) }
    }

    /// Whether the entry that was to be done again has been.
    var isDone: Bool { repeated.withLock { $0 == nil } }

    static func line(_ entry: LedgerEntry) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(entry), as: UTF8.self)
    }

    static func hash(of line: String) -> String { SHA256Digest(bytes: SHA256Hasher.digest(of: Array(line.utf8))).hex }

    /// `yaoc`, `numb`: whoever gives numbers does it alone, so that they follow from where the sequences stood.
    private static let numbering: Int64 = 0x79_616F_6365_0003

    /// Where the sequences stand; in a repetition they are put where they stood.
    func begin(_ connection: isolated Connection) throws -> [String: Int] {
        try connection.advisoryTransactionLock(LedgerRecorder.numbering)
        if let recorded = repeated.withLock({ $0?.entry.sequences }) {
            for (name, value) in recorded.sorted(by: { $0.key < $1.key }) {
                try connection.query("SELECT setval(\("yaoce." + name)::text::regclass, \(value), true)")
            }
            return recorded
        }
        let rows = try connection.query(
            """
            SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'yaoce' AND last_value IS NOT NULL
            """, named: "ledger")
        var values: [String: Int] = [:]
        for row in 0..<rows.count { values[try rows.value(row, 0)] = try rows.value(row, 1) }
        return values
    }

    /// The last thing a transaction does. Several events are several entries, each of which can be done again by itself: none
    /// of them but the first may use a sequence.
    func end(_ events: [LedgerEvent], _ sequences: [String: Int], _ connection: isolated Connection) throws {
        guard let event = events.first else { return }
        let rows = try connection.query(
            "SELECT number, hash, now() FROM yaoce.ledger_head FOR UPDATE", named: "ledger")
        let head = LedgerMark(number: try rows.value(0, 0), hash: try rows.value(0, 1))
        if let (mark, text, entry) = repeated.withLock({ $0 }) {
            guard events.count == 1, entry.event == event else {
                throw LedgerError(
                    .repeatedOtherwise(
                        number: entry.number, expected: LedgerRecorder.short(entry.event),
                        found: LedgerRecorder.short(event)))
            }
            guard entry.previous == head.hash, entry.number == head.number + 1 else { throw LedgerError(.notEmpty) }
            try LedgerRecorder.add([(mark, text)], connection)
            repeated.withLock { $0 = nil }
            return
        }
        var lines: [(mark: LedgerMark, previous: String, text: String)] = []
        for event in events {
            let before = lines.last?.mark ?? head
            let entry = LedgerEntry(
                number: before.number + 1, previous: before.hash, at: try rows.value(0, 2), sequences: sequences,
                event: event)
            let text = try LedgerRecorder.line(entry)
            lines.append((LedgerMark(number: entry.number, hash: LedgerRecorder.hash(of: text)), before.hash, text))
        }
        if let keeper {
            let missing = try LedgerRecorder.missing(in: keeper, head, connection)
            try keeper.append(missing + lines)
        }
        try LedgerRecorder.add(lines.map { ($0.mark, $0.text) }, connection)
    }

    private static func add(_ lines: [(mark: LedgerMark, text: String)], _ connection: isolated Connection) throws {
        guard let mark = lines.last?.mark else { return }
        try connection.query(
            """
            INSERT INTO yaoce.ledger (number, hash, line)
            SELECT * FROM unnest(\(lines.map(\.mark.number)), \(lines.map(\.mark.hash)), \(lines.map(\.text)))
            """, named: "ledger")
        try connection.query(
            "UPDATE yaoce.ledger_head SET number = \(mark.number), hash = \(mark.hash)", named: "ledger")
    }

    /// What the database has and the archive has not: everything after the last entry that both have.
    private static func missing(
        in keeper: any LedgerKeeping, _ head: LedgerMark, _ connection: isolated Connection
    ) throws -> [(mark: LedgerMark, previous: String, text: String)] {
        let tail = try keeper.tail()
        // Nobody else is between a line and its commit while the head is held.
        if tail.marks.contains(head) { return [] }
        guard tail.settled.number <= head.number else {
            throw LedgerError(.databaseIsOlder(archive: tail.last.number, database: head.number))
        }
        guard let common = try tail.marks.last(where: { try hash(of: $0.number, connection) == $0.hash }) else {
            throw LedgerError(.different(number: tail.last.number))
        }
        return try lines(after: common, connection)
    }

    private static func hash(of number: Int, _ connection: isolated Connection) throws -> String? {
        if number == 0 { return "" }
        return try connection.query("SELECT hash FROM yaoce.ledger WHERE number = \(number)", named: "ledger")
            .column(0, as: String.self).first
    }

    private static func lines(
        after mark: LedgerMark, _ connection: isolated Connection
    ) throws -> [(mark: LedgerMark, previous: String, text: String)] {
        let rows = try connection.query(
            "SELECT number, hash, line FROM yaoce.ledger WHERE number > \(mark.number) ORDER BY number", named: "ledger"
        )
        var previous = mark.hash
        return try (0..<rows.count).map { row in
            defer { previous = (try? rows.value(row, 1)) ?? "" }
            return (
                LedgerMark(number: try rows.value(row, 0), hash: try rows.value(row, 1)), previous,
                try rows.value(row, 2)
            )
        }
    }

    /// An event as it may stand in a message.
    private static func short(_ event: LedgerEvent) -> String {
        let text = (try? JSONEncoder().encode(event)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.count > 400 ? text.prefix(400) + "…" : text
    }
}

extension PostgresStore {
    /// Writes in one transaction and adds what happened to the ledger, at the end of the same transaction.
    /// - Parameter givesNumbers: whether sequences are used; such transactions wait for one another.
    func write<Value: Sendable>(
        _ name: String = #function, givesNumbers: Bool = true, recording event: @Sendable (Value) -> LedgerEvent?,
        _ body: @Sendable (isolated Connection) throws -> Value
    ) async throws -> Value {
        let recorder = recorder
        return try await write(name) { connection in
            let sequences = givesNumbers ? try recorder.begin(connection) : [:]
            let value = try body(connection)
            if let event = event(value) { try recorder.end([event], sequences, connection) }
            return value
        }
    }

    /// The same for several entries, of which none uses a sequence.
    func write(
        _ name: String = #function, recordingAll events: @Sendable () -> [LedgerEvent],
        _ body: @Sendable (isolated Connection) throws -> Void
    ) async throws {
        let recorder = recorder
        try await write(name) { connection in
            let sequences = try recorder.begin(connection)
            try body(connection)
            try recorder.end(events(), sequences, connection)
        }
    }
}
