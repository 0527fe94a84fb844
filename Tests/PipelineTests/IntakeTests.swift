import Core
import Digests
import Foundation
import Glibc
import Postgres
import Store
import TestDatabase
import TestNight
import Testing

@testable import Pipeline

@Suite struct `The drop folder` {
    private static let hospital = "00297702661010211A1001"

    private func scan(_ folder: TestFolder, settle: Int = 300, later: Int64 = 0) throws -> InboxScanner {
        let now = Timestamp(microseconds: Night.now().microseconds + later * 1_000_000)
        var scanner = InboxScanner(inbox: folder.file("inbox"), settleSeconds: settle, now: now)
        try scanner.scan()
        return scanner
    }

    @Test func `gives what is marked, and what has rested long enough`() throws {
        try withFolder { folder in
            let base = "inbox/\(Self.hospital)"
            try folder.write("a", to: "\(base)/2025/usage.csv")
            try folder.write("", to: "\(base)/2025/submission.ok")
            try folder.write("a", to: "\(base)/2025Q3/usage.csv")
            try folder.write("a", to: "\(base)/2025年7月.zip")
            try folder.write("a", to: "inbox/YPJC_\(Self.hospital)_2025-07_20260101000000.zip")
            let early = try scan(folder)
            #expect(early.ready.map(\.sourceName) == ["\(Self.hospital)/2025"])
            #expect(early.sightings.map(\.outcome) == [.notReady, .notReady, .notReady])
            #expect(early.sightings.allSatisfy { $0.reason != nil && $0.submission == nil })
            let late = try scan(folder, later: 301)
            #expect(late.ready.count == 4)
            #expect(late.sightings == [])
            #expect(late.ready.first { $0.sourceName.hasSuffix("月.zip") }?.period == Period("2025-07"))
            // A clock that is wrong makes nothing ready.
            let past = try scan(folder, later: -4_000)
            #expect(past.ready.count == 1)
            #expect(past.sightings.allSatisfy { $0.reason?.english.contains("in the future") == true })
        }
    }

    @Test func `says the same in the same order of more folders than one thread looks at`() throws {
        try withFolder { folder in
            let names = (100..<300).map { "\($0)" }
            for name in names {
                try folder.write("a", to: "inbox/\(name)/loose.csv")
                try folder.write("a", to: "inbox/\(name)/2025.zip")
            }
            let scanned = try scan(folder, later: 301)
            #expect(scanned.ready.map(\.sourceName) == names.map { "\($0)/2025.zip" })
            #expect(scanned.sightings.map(\.sourceName) == names.map { "\($0)/loose.csv" })
        }
    }

    @Test func `takes no folder with a marker and nothing else, and says so`() throws {
        try withFolder { folder in
            try folder.write("", to: "inbox/\(Self.hospital)/2025/submission.ok")
            try folder.makeFolder("inbox/\(Self.hospital)/2025Q3")
            let scanned = try scan(folder, later: 301)
            #expect(scanned.ready.isEmpty)
            #expect(scanned.sightings.map(\.outcome) == [.refused])
            #expect(scanned.sightings.first?.reason?.english.contains("without any data file") == true)
        }
    }

    @Test func `follows no link, opens no pipe and takes no strange name`() throws {
        try withFolder { folder in
            let base = "inbox/\(Self.hospital)"
            try folder.makeFolder("\(base)/2025/folder")
            try folder.makeFolder("\(base)/2025年")
            try folder.makeFolder("inbox/..hidden")
            try folder.makeFolder("inbox/bad name")
            try folder.makeFolder("inbox/\(String(repeating: "x", count: 65))")
            try folder.write("secret", to: "outside")
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("\(base)/2025/usage.csv"), withDestinationPath: folder.file("outside"))
            try FileManager.default.createSymbolicLink(atPath: folder.file("inbox/link"), withDestinationPath: "/etc")
            #expect(mkfifo(folder.file("\(base)/2025/stock_in.csv"), 0o600) == 0)
            #expect(mkfifo(folder.file("inbox/pipe"), 0o600) == 0)
            try folder.write("x", to: "inbox/loose.csv")
            try folder.write("x", to: "\(base)/usage.csv")
            try folder.write("x", to: "inbox/YPJC_\(Self.hospital)_2025_2026.zip")
            for name in ["\(base)/2025/", "inbox/", "\(base)/"] {
                let bytes = Array(folder.file(name).utf8) + [0xFF, 0x2E, 0x63, 0x73, 0x76, 0]
                let handle = bytes.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { path in
                    path.baseAddress.map { open($0, O_CREAT | O_WRONLY, 0o600) } ?? -1
                }
                #expect(handle >= 0)
                close(handle)
            }
            let found = try scan(folder, later: 1_000)
            #expect(found.ready.map(\.sourceName) == [])
            let refused = Set(found.sightings.filter { $0.outcome == .refused }.map(\.sourceName))
            #expect(
                refused == [
                    "\(Self.hospital)/2025/folder", "\(Self.hospital)/2025/usage.csv",
                    "\(Self.hospital)/2025/stock_in.csv",
                    "\(Self.hospital)/2025/\\xFF.csv", "\(Self.hospital)/2025年", "\(Self.hospital)/usage.csv",
                    "\(Self.hospital)/\\xFF.csv", "bad name", String(repeating: "x", count: 65), "link", "pipe",
                    "loose.csv",
                    "YPJC_\(Self.hospital)_2025_2026.zip", "\\xFF.csv",
                ])
        }
    }

    @Test(
        arguments: [
            ("2025.zip", "2025"), ("2025年.zip", "2025"), ("2025Q3.zip", "2025Q3"), ("报送2025年第3季度.zip", "2025Q3"),
            ("2025年第三季度.zip", "2025Q3"), ("2025-07.zip", "2025-07"), ("2025年7月.zip", "2025-07"),
            ("数据2025-12-final.zip", "2025-12"),
            ("YPJC_00297702661010211A1001_2025_20260110090000.zip", "2025"), ("a_2025_b_2025.zip", "2025"),
            ("data.zip", nil), ("2024-2025.zip", nil), ("20250110.zip", nil), ("1999.zip", nil), ("2100.zip", nil),
            ("2025年13月.zip", "2025"), ("2024年2025年.zip", nil), ("2025-13.zip", "2025"),
        ] as [(String, String?)])
    func `reads the period out of a name`(name: String, period: String?) {
        #expect(PackageFileName.period(in: name)?.description == period)
    }

    @Test(arguments: [
        "YPJC_A_2025_20260110090000.zip": true, "ypjc_A_2025Q1_20260110090000.ZIP": true,
        "YPJC_A_2025_2026011009000.zip": false,
        "YPJC_A_2025_2026011009000x.zip": false, "YPJC__2025_20260110090000.zip": false,
        "YPJC_A B_2025_20260110090000.zip": false,
        "YPJC_A_25_20260110090000.zip": false, "YPJC_A_2025_20260110090000.rar": false,
        "YPJC_../x_2025_20260110090000.zip": false,
        "XXJC_A_2025_20260110090000.zip": false,
    ])
    func `knows the name of a package`(name: String, isOne: Bool) { #expect((PackageFileName(name) != nil) == isOne) }

    /// The state in which a killed run leaves things: what is written in the journal, moved in part.
    @Test(arguments: 0...4) func `finishes what an earlier run had begun to take`(moved: Int) async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            let place = "\(submission.hospitalCode)/\(submission.period)"
            let names = submission.files.keys.sorted()
            let files = names.map { name in
                let bytes = submission.files[name] ?? []
                return ArchivedFile(
                    name: name, sha256: SHA256Digest(bytes: SHA256Hasher.digest(of: bytes)), size: bytes.count)
            }
            let plan = IntakePlan(
                hospitalCode: submission.hospitalCode, period: submission.period, sourceName: place,
                sha256: files[0].sha256, files: files, paths: names.map { "\(place)/\($0)" },
                markers: ["\(place)/submission.ok"], identicalTo: nil)
            let store = try await night.database.store()
            _ = try await store.journal([plan])
            await store.close()
            let archive = Archive(root: night.settings.archive)
            for (index, file) in files.enumerated() where index < moved * 2 {
                _ = try archive.take("\(night.settings.inbox)/\(place)/\(file.name)", expecting: file.sha256)
            }
            if moved == 4 {
                try FileManager.default.removeItem(atPath: "\(night.settings.inbox)/\(place)/submission.ok")
            }
            let outcome = try await night.run()
            #expect(outcome.report.submissions.count == 1)
            #expect(outcome.report.submissions.first?.verdict != .returned)
            #expect(night.folder.files(below: "inbox") == [])
            #expect(try await night.run().report.submissions.count == 0)
            #expect(try await night.rows("SELECT count(*) FROM yaoce_api.submission") == ["1"])
        }
    }

    @Test func `leaves nothing behind when a run died between loading and tidying`() async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            try await night.run()
            try night.folder.write("left over", to: "data/work/1.staged")
            try await night.run()
            #expect(night.folder.files(below: "data/work") == [])
        }
    }

    @Test func `reads again what was staged and lost`() async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            try await night.run([.receive, .compare, .precheck])
            for file in night.folder.files(below: "data/work") {
                try FileManager.default.removeItem(atPath: night.folder.file("data/work/\(file)"))
            }
            let outcome = try await night.run()
            #expect(outcome.isClean)
            #expect(try await night.rows("SELECT count(*) > 0 FROM yaoce_api.usage") == ["true"])
        }
    }
}

@Suite struct `The archive` {
    @Test func `does what is left when it was cut off half-way`() throws {
        try withFolder { folder in
            let archive = Archive(root: folder.file("archive"))
            let bytes = Array("药".utf8)
            let digest = SHA256Digest(bytes: SHA256Hasher.digest(of: bytes))
            let source = try folder.write(bytes, to: "inbox/a.csv")
            #expect(try archive.take(source, expecting: digest) == digest)
            #expect(!FileManager.default.fileExists(atPath: source))
            // Moved, and nothing else: the next run finds it so.
            #expect(chmod(archive.path(of: digest), 0o644) == 0)
            #expect(try archive.take(source, expecting: digest) == digest)
            let attributes = try FileManager.default.attributesOfItem(atPath: archive.path(of: digest))
            #expect(attributes[.posixPermissions] as? Int == 0o440)
            // The same bytes again are kept once.
            try folder.write(bytes, to: "inbox/a.csv")
            #expect(try archive.take(source, expecting: digest) == digest)
            #expect(folder.files(below: "archive").count == 1)
            #expect(folder.files(below: "inbox") == [])
        }
    }

    @Test func `says so when what it should take was never there`() throws {
        try withFolder { folder in
            let archive = Archive(root: folder.file("archive"))
            let digest = SHA256Digest(bytes: SHA256Hasher.digest(of: [1]))
            #expect(throws: FileSystemError.self) { try archive.take(folder.file("none"), expecting: digest) }
        }
    }

    @Test func `copies, checks and unlinks between file systems`() throws {
        var root = stat()
        var memory = stat()
        guard stat("/tmp", &root) == 0, stat("/dev/shm", &memory) == 0, root.st_dev != memory.st_dev else { return }
        try withFolder { folder in
            let other = "/tmp/yaoce-test-other-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: other) }
            let archive = Archive(root: other)
            let bytes = [UInt8](repeating: 7, count: 3 << 20)
            let digest = SHA256Digest(bytes: SHA256Hasher.digest(of: bytes))
            let source = try folder.write(bytes, to: "a.csv")
            #expect(try archive.take(source, expecting: digest) == digest)
            #expect(folder.files(below: ".") == [])
            #expect(try SHA256Hasher.digest(ofFileAt: archive.path(of: digest)) == SHA256Hasher.digest(of: bytes))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "\(other)/\(digest.hex.prefix(2))") == [digest.hex])
        }
    }
}
