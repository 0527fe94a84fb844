import Core
import Readers
import Rules
import Samples
import TestNight
import Testing

@testable import Pipeline

/// A large submission is read by threads of its own. What comes of it is the same as where one does it all.
@Suite struct `Reading ahead` {
    /// Small windows, so that a small file takes many batches.
    private func check(
        _ submission: TestSubmission, in folder: TestFolder, workers: Int, keepingBytes: Int = 0
    ) throws -> (outcome: CheckOutcome, staged: [UInt8]) {
        let name = "workers\(workers)kept\(keepingBytes)"
        let outcome = try submission.check(in: folder, name: name) { settings in
            settings.limits.windowBytes = 1 << 10
            settings.workers = workers
            settings.readAheadBytes = keepingBytes
        }
        return (outcome, try folder.bytes("\(name).staged"))
    }

    private func expectSame(_ submission: TestSubmission, in folder: TestFolder, _ label: String) throws {
        let alone = try check(submission, in: folder, workers: 1)
        let ahead = try check(submission, in: folder, workers: 2)
        // A small one is read once, and looked at again where its keys conflict.
        let kept = try check(submission, in: folder, workers: 1, keepingBytes: 4 << 20)
        for other in [ahead, kept] {
            #expect(other.staged == alone.staged, "\(label): the staged bytes differ")
            #expect(other.outcome.files == alone.outcome.files, "\(label)")
            #expect(other.outcome.verdict == alone.outcome.verdict, "\(label)")
            #expect(other.outcome.findingCounts == alone.outcome.findingCounts, "\(label)")
            #expect(other.outcome.tally == alone.outcome.tally, "\(label)")
        }
    }

    @Test(arguments: TestSubmission.Shape.allCases)
    func `gives the same bytes, whatever the shape`(shape: TestSubmission.Shape) throws {
        try withFolder { folder in
            try expectSame(TestSubmission(shape, drugs: 40), in: folder, "\(shape)")
        }
    }

    @Test func `gives the same bytes of damaged files`() throws {
        try withFolder { folder in
            var random = SeededGenerator(seed: 20_261_123)
            for number in 0..<120 {
                let damaged = try Damaged(Mutation.shapes[number % Mutation.shapes.count], using: &random)
                try expectSame(damaged.submission, in: folder, "number \(number), \(damaged.what) in \(damaged.table)")
            }
        }
    }

    /// Where much is wrong, keys are looked at first: whether some conflict, in the last table of all, or none.
    @Test(arguments: [false, true]) func `gives the same bytes of files with many bad rows`(conflicts: Bool) throws {
        try withFolder { folder in
            var submission = try TestSubmission(drugs: 40)
            func change(_ table: String, _ body: (inout [String]) -> Void) throws {
                let name = try #require(submission.files.keys.first { $0.contains(table) })
                var lines = String(decoding: submission.files[name] ?? [], as: UTF8.self).split(separator: "\n").map(
                    String.init)
                body(&lines)
                submission.files[name] = Array((lines.joined(separator: "\n") + "\n").utf8)
            }
            try change("catalogue") { lines in
                for line in stride(from: 2, to: lines.count, by: 3) { lines[line] += "x" }
            }
            if conflicts { try change("usage") { $0.append($0[1] + "1") } }
            try expectSame(submission, in: folder, "conflicts: \(conflicts)")
            let kept = try check(submission, in: folder, workers: 1, keepingBytes: 4 << 20).outcome.findings()
            #expect(kept.contains { $0.rule == "E01" } == conflicts)
            #expect(kept.count { $0.place.table == .catalogue } >= 10)
        }
    }

    @Test(arguments: [0, 1, 3]) func `ends when nobody wants the rest`(pieces: Int) throws {
        try withFolder { folder in
            let submission = try TestSubmission(drugs: 400)
            try submission.write(to: folder, below: "files")
            let tasks = submission.files.keys.sorted().map { name in
                FileTask(
                    source: SourceFile(
                        name: name, member: nil, path: folder.file("files/\(name)"), memberIndex: nil, size: nil),
                    dataSet: DataSet.of(.usage))
            }
            var limits = ReadingLimits()
            limits.windowBytes = 1 << 10
            let context = CheckContext(
                period: submission.period, businessDate: Night.businessDate, senderCode: submission.hospitalCode)
            let work = FileFeed.Work(
                tasks: tasks, limits: limits, context: context, parameters: try TestRules.book.get().parameters)
            // That the test ends shows that the threads have: whoever lets the feed go waits for them.
            let feed = FileFeed(work, threads: 2)
            for _ in 0..<pieces { _ = feed.next() }
        }
    }
}
