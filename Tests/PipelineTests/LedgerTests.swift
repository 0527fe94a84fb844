import Core
import Digests
import Foundation
import Store
import TestDatabase
import TestNight
import Testing

@testable import Pipeline

@Suite struct `The ledger beside the archive` {
    /// Lines that follow one another, each of a transaction of its own or all of one.
    private func lines(_ count: Int, after: LedgerMark = .beginning, word: String = "a", at: Int? = nil) -> [(
        mark: LedgerMark, previous: String, text: String
    )] {
        var previous = after
        return (0..<count).map { _ in
            let number = previous.number + 1
            let text = """
                {"at":{"microseconds":\(at ?? number)},"number":\(number),"previous":"\(previous.hash)","word":"\(word)"}
                """
            let mark = LedgerMark(
                number: previous.number + 1, hash: SHA256Digest(bytes: SHA256Hasher.digest(of: Array(text.utf8))).hex)
            defer { previous = mark }
            return (mark, previous.hash, text)
        }
    }

    @Test func `knows its last lines, also those that somebody else wrote`() throws {
        try withFolder { folder in
            let (one, other) = (LedgerFolder(archive: folder.path), LedgerFolder(archive: folder.path))
            #expect(try one.tail().last == .beginning)
            let all = lines(5)
            try one.append(Array(all[0...1]))
            #expect(try other.tail().last == all[1].mark)
            try other.append([all[2]])
            #expect(try one.tail().last == all[2].mark)
            #expect(try one.tail().settled == all[1].mark)
            try one.append(Array(all[3...]))
            #expect(try LedgerFolder(archive: folder.path).tail().last == all[4].mark)
            var reading = LedgerReading()
            let names = try one.fileNames()
            #expect(try names.flatMap { try one.lines(of: $0, &reading) }.map(\.line.text) == all.map(\.text))
        }
    }

    @Test func `lets a line that was never committed give way to the next one`() throws {
        try withFolder { folder in
            let ledger = LedgerFolder(archive: folder.path)
            let committed = lines(2)
            let other = lines(1, after: committed[1].mark, word: "b")
            let real = lines(2, after: committed[1].mark, word: "c")
            try ledger.append(committed + other)
            #expect(try ledger.tail().last == other[0].mark)
            try ledger.append(real)
            let fresh = LedgerFolder(archive: folder.path)
            #expect(try fresh.tail().last == real[1].mark)
            var reading = LedgerReading()
            let found = try fresh.lines(of: try fresh.fileNames()[0], &reading).map(\.line.text)
            #expect(found == (committed + real).map(\.text))
        }
    }

    @Test func `lets the lines of a transaction that was never committed give way together`() throws {
        try withFolder { folder in
            let ledger = LedgerFolder(archive: folder.path)
            let committed = lines(2)
            let other = lines(3, after: committed[1].mark, word: "b", at: 3)
            try ledger.append(committed + other)
            #expect(try ledger.tail().marks == [committed[1].mark] + other.map(\.mark))
            // Behind them a file of its own, whose first transaction was not committed either.
            let third = lines(2, after: committed[1].mark, word: "c", at: 4)
            let real = lines(2, after: committed[1].mark, word: "d", at: 5)
            let bytes = (third + real).flatMap { Array("\($0.mark.hash) \($0.text)\n".utf8) }
            try folder.write(bytes, to: "ledger/0000000003.jsonl")
            let fresh = LedgerFolder(archive: folder.path)
            #expect(try fresh.tail().marks == [committed[1].mark] + real.map(\.mark))
            var reading = LedgerReading()
            let files = try fresh.fileNames().map { try fresh.lines(of: $0, &reading) }
            #expect(files[0].map(\.line.text) == (committed + other).map(\.text))
            #expect(files[1].map(\.line.text) == real.map(\.text))
            #expect(files[1].map(\.replacesBefore) == [3, 0])
            // Of another transaction, the line before the last is settled.
            let next = lines(1, after: real[1].mark, at: 6)
            try fresh.append(next)
            #expect(try fresh.tail().marks == [real[1].mark, next[0].mark])
            let late = lines(1, after: real[0].mark, word: "e")[0]
            try fresh.append([late])
            #expect(throws: LedgerFileError.self) { try LedgerFolder(archive: folder.path).tail() }
        }
    }

    @Test func `gives way to a database that has not committed its last transaction, and to none that is older`()
        async throws
    {
        try await withDatabase { database in
            try await withFolder { folder in
                let ledger = LedgerFolder(archive: folder.path)
                let store = try await PostgresStore.connect(database.options, ledger: ledger)
                func begin() async throws {
                    _ = try await store.beginRun(
                        businessDate: Night.businessDate, startedAt: Timestamp(microseconds: 1))
                }
                try await begin()
                // A process was killed between its lines and their commit.
                try ledger.append(lines(3, after: try await store.ledgerHead(), at: 7))
                #expect(try ledger.tail().last.number == 4)
                try await begin()
                #expect(try ledger.tail().last == (try await store.ledgerHead()))
                #expect(try LedgerFolder(archive: folder.path).tail().last.number == 2)
                // Two transactions that the database does not have are no accident of one process.
                try ledger.append(lines(2, after: try await store.ledgerHead()))
                let error = await #expect(throws: LedgerError.self) { try await begin() }
                #expect(error?.problem == .databaseIsOlder(archive: 4, database: 2))
                await store.close()
            }
        }
    }

    @Test func `passes over what a full disk left of a line, and nothing else`() throws {
        try withFolder { folder in
            let ledger = LedgerFolder(archive: folder.path)
            let all = lines(4)
            try ledger.append(Array(all[0...1]))
            let name = "ledger/\(try ledger.fileNames()[0])"
            try folder.write(try folder.bytes(name) + Array("abc {\"numb".utf8), to: name)
            let fresh = LedgerFolder(archive: folder.path)
            #expect(try fresh.tail().last == all[1].mark)
            try fresh.append([all[2]])
            #expect(try LedgerFolder(archive: folder.path).tail().last == all[2].mark)
            // A line that is gone is no half line.
            let whole = try folder.bytes(name)
            let rest = whole.split(separator: UInt8(ascii: "\n"))
            try folder.write(Array((rest[0] + [10] + rest[2] + [10] + rest[3] + [10])), to: name)
            #expect(throws: LedgerFileError.self) { try LedgerFolder(archive: folder.path).tail() }
        }
    }

    @Test func `of a long file reads the end, and says which line does not follow`() throws {
        try withFolder { folder in
            let all = lines(2_000)
            try LedgerFolder(archive: folder.path).append(all)
            func tail() throws -> [LedgerMark] { try LedgerFolder(archive: folder.path).tail().marks }
            #expect(try tail() == [all[1_998].mark, all[1_999].mark])
            let name = "ledger/\(try LedgerFolder(archive: folder.path).fileNames()[0])"
            let whole = try folder.bytes(name)
            // What was never committed, and half a line.
            let other = lines(1, after: all[1_998].mark, word: "b")[0]
            try folder.write(whole + Array("\(other.mark.hash) \(other.text)\nabc {\"numb".utf8), to: name)
            #expect(try tail() == [all[1_998].mark, other.mark])
            // A file with one line, behind a long one.
            try folder.write(whole, to: name)
            let next = lines(1, after: all[1_999].mark)[0]
            try folder.write(Array("\(next.mark.hash) \(next.text)\n".utf8), to: "ledger/0000002001.jsonl")
            #expect(try tail() == [all[1_999].mark, next.mark])
            try FileManager.default.removeItem(atPath: "\(folder.path)/ledger/0000002001.jsonl")
            let rest = whole.split(separator: UInt8(ascii: "\n"))
            try folder.write(Array((rest[..<1_990] + rest[1_991...]).joined(separator: [10])), to: name)
            #expect(throws: LedgerFileError(file: "\(folder.path)/\(name)", line: 1_991)) { try tail() }
        }
    }

    @Test func `gets from the database what it lacks, and refuses a database that is older`() async throws {
        try await withDatabase { database in
            try await withFolder { folder in
                func store(_ keeper: LedgerFolder?) async throws -> PostgresStore {
                    try await PostgresStore.connect(database.options, ledger: keeper)
                }
                let day = Night.businessDate
                let without = try await store(nil)
                let time = Timestamp(microseconds: 1)
                _ = try await without.beginRun(businessDate: day, startedAt: time)
                _ = try await without.beginRun(businessDate: day, startedAt: time)
                await without.close()
                let ledger = LedgerFolder(archive: folder.path)
                let with = try await store(ledger)
                _ = try await with.beginRun(businessDate: day, startedAt: time)
                #expect(try ledger.tail().last == (try await with.ledgerHead()))
                #expect(try ledger.tail().last.number == 3)
                await with.close()
                try await withDatabase { older in
                    let store = try await PostgresStore.connect(older.options, ledger: ledger)
                    await #expect(throws: LedgerError.self) {
                        _ = try await store.beginRun(businessDate: day, startedAt: time)
                    }
                    await store.close()
                }
            }
        }
    }
}
