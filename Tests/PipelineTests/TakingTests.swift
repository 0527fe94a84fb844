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

/// Files that change while they are taken: nothing of them is lost, and nothing in the archive changes.
@Suite struct `A file that is taken` {
    private func digest(_ bytes: [UInt8]) -> SHA256Digest { SHA256Digest(bytes: SHA256Hasher.digest(of: bytes)) }

    @Test func `is copied while somebody has it open for writing, and stays`() throws {
        try withFolder { folder in
            let archive = Archive(root: folder.file("archive"))
            let source = try folder.write([1, 2, 3], to: "inbox/a.csv")
            let writer = open(source, O_WRONLY | O_APPEND | O_CLOEXEC)
            defer { close(writer) }
            #expect(WriteLease(source).state == .writer)
            #expect(try archive.take(source, expecting: digest([1, 2, 3])) == digest([1, 2, 3]))
            var more: UInt8 = 4
            #expect(write(writer, &more, 1) == 1)
            #expect(
                try SHA256Hasher.digest(ofFileAt: archive.path(of: digest([1, 2, 3])))
                    == SHA256Hasher.digest(of: [1, 2, 3]))
            #expect(try folder.bytes("inbox/a.csv") == [1, 2, 3, 4])
        }
    }

    @Test func `is copied where it has another name, through which somebody could write`() throws {
        try withFolder { folder in
            let archive = Archive(root: folder.file("archive"))
            let source = try folder.write([1, 2, 3], to: "inbox/a.csv")
            #expect(link(source, folder.file("other")) == 0)
            #expect(try archive.take(source, expecting: digest([1, 2, 3])) == digest([1, 2, 3]))
            #expect(!FileManager.default.fileExists(atPath: source))
            try folder.write([9], to: "other")
            #expect(
                try SHA256Hasher.digest(ofFileAt: archive.path(of: digest([1, 2, 3])))
                    == SHA256Hasher.digest(of: [1, 2, 3]))
        }
    }

    @Test func `waits while somebody has it open for writing`() async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            let path = try #require(night.folder.files(below: "inbox").first { $0.hasSuffix(".csv") })
            let writer = open(night.folder.file("inbox/\(path)"), O_WRONLY | O_APPEND | O_CLOEXEC)
            let waiting = try await night.run()
            #expect(waiting.report.submissions.isEmpty)
            #expect(waiting.report.sightings.map(\.outcome) == [.notReady])
            close(writer)
            #expect(try await night.run().report.submissions.count == 1)
        }
    }

    /// A run died after moving; the hospital then dropped a new file under the same name.
    @Test func `does not take the place of one that came before it under the same name`() async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            let (plan, place) = try await journal(submission, night)
            let archive = Archive(root: night.settings.archive)
            for (index, file) in plan.files.enumerated() {
                _ = try archive.take("\(night.settings.inbox)/\(plan.paths[index])", expecting: file.sha256)
            }
            try await Task.sleep(for: .milliseconds(10))
            // Another version of all files, dropped before the next run.
            try submission.drop(into: night.folder)
            let usage = try #require(plan.paths.first { $0.contains("usage") })
            let bytes = try night.folder.bytes("inbox/\(usage)")
            try night.folder.write(bytes + Array("\n".utf8), to: "inbox/\(usage)")
            try night.folder.write("", to: "inbox/\(place)/submission.ok")
            try await night.run()
            let found = try await night.rows("SELECT version FROM yaoce_api.submission ORDER BY version")
            #expect(found == ["1", "2"])
            #expect(night.folder.files(below: "inbox") == [])
        }
    }

    @Test func `is kept once where several send the same bytes in one night`() async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            let paths = night.folder.files(below: "inbox")
            for number in 1...5 {
                for path in paths {
                    let rest = path.split(separator: "/").dropFirst().joined(separator: "/")
                    try night.folder.write(try night.folder.bytes("inbox/\(path)"), to: "inbox/SAME\(number)/\(rest)")
                }
            }
            try await night.run([.receive])
            #expect(night.folder.files(below: "inbox") == [])
            #expect(try await night.rows("SELECT count(*) FROM yaoce_api.submission") == ["6"])
            let archive = Archive(root: night.settings.archive)
            for (name, bytes) in submission.files where name != "submission.ok" {
                #expect(
                    try SHA256Hasher.digest(ofFileAt: archive.path(of: digest(bytes))) == SHA256Hasher.digest(of: bytes)
                )
            }
        }
    }

    @Test func `is left out where it had gone, and what is gone altogether stops no run`() async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            let (plan, _) = try await journal(submission, night)
            let usage = try #require(plan.paths.first { $0.contains("usage") })
            try FileManager.default.removeItem(atPath: night.folder.file("inbox/\(usage)"))
            #expect(try await night.run().report.submissions.map(\.verdict) == [.returned])
        }
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            _ = try await journal(submission, night)
            try FileManager.default.removeItem(atPath: night.folder.file("inbox/\(submission.hospitalCode)"))
            let outcome = try await night.run()
            #expect(outcome.isClean)
            #expect(outcome.report.submissions.isEmpty)
            #expect(outcome.report.sightings.map(\.outcome) == [.refused])
            #expect(try await night.run().isClean)
        }
    }

    private func journal(_ submission: TestSubmission, _ night: Night) async throws -> (IntakePlan, place: String) {
        let place = "\(submission.hospitalCode)/\(submission.period)"
        let names = submission.files.keys.sorted()
        let files = names.map { name in
            ArchivedFile(
                name: name, sha256: digest(submission.files[name] ?? []), size: submission.files[name]?.count ?? 0)
        }
        let plan = IntakePlan(
            hospitalCode: submission.hospitalCode, period: submission.period, sourceName: place,
            sha256: files[0].sha256, files: files, paths: names.map { "\(place)/\($0)" },
            markers: ["\(place)/submission.ok"], identicalTo: nil)
        let store = try await night.database.store()
        _ = try await store.journal([plan])
        await store.close()
        return (plan, place)
    }
}

/// Submissions whose reading killed the process.
@Suite struct `A submission whose reading kills the process` {
    @Test func `is read alone, and set aside after the third crash`() async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            try await night.run([.receive, .compare])
            // What a process leaves that crashed while it read number 1.
            try night.folder.write("0 0", to: "data/work/1.precheck.reading")
            try night.folder.write("C", to: "data/work/crashed.precheck")
            let settings = night.settings
            #expect(try ReadingMarks(settings, .precheck).suspects().map(\.crashes) == [1])
            #expect(try ReadingMarks(settings, .precheck).suspects().map(\.crashes) == [2])
            let outcome = try await night.run([.precheck])
            #expect(!outcome.isClean)
            let reason = try await night.rows("SELECT set_aside_reason FROM yaoce_api.submission")
            #expect(reason.first?.contains("died 3 times") == true)
            // The next run does not read it, and one that is told to go on does.
            #expect(try await night.run().isClean)
            let store = try await night.database.store()
            try await store.resume(SubmissionID(1))
            await store.close()
            #expect(try await night.run().isClean)
            #expect(try await night.rows("SELECT verdict IS NOT NULL FROM yaoce_api.submission") == ["true"])
            #expect(night.folder.files(below: "data/work") == [])
        }
    }

    @Test func `is innocent where the process was merely killed`() async throws {
        try await withNight { night in
            let submission = try TestSubmission()
            try submission.drop(into: night.folder)
            try await night.run([.receive, .compare])
            try night.folder.write("0 4", to: "data/work/1.precheck.reading")
            #expect(try await night.run().isClean)
            #expect(try await night.rows("SELECT set_aside_reason FROM yaoce_api.submission") == ["-"])
            #expect(night.folder.files(below: "data/work") == [])
        }
    }
}
