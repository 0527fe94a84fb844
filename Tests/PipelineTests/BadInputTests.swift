import Compression
import Core
import Foundation
import Pipeline
import Postgres
import Samples
import TestNight
import Testing

/// The list of bad input: each beside a good submission, which loads, while the bad one gets a finding with its place.
@Suite struct `Bad input beside good` {
    struct Bad: Sendable, CustomTestStringConvertible {
        var name: String
        var rule: String
        /// What the finding must name: a file, a member, or nothing where the submission lacks something.
        var file: String?
        var line: Int?
        var verdict = Verdict.returned
        var shape = TestSubmission.Shape.utf8
        var spoil: @Sendable (inout TestSubmission) throws -> Void
        var testDescription: String { name }

        init(
            _ name: String, _ rule: String, file: String? = "usage.csv", line: Int? = nil, verdict: Verdict = .returned,
            shape: TestSubmission.Shape = .utf8, _ spoil: @escaping @Sendable (inout TestSubmission) throws -> Void
        ) {
            (self.name, self.rule, self.file, self.line) = (name, rule, file, line)
            (self.verdict, self.shape, self.spoil) = (verdict, shape, spoil)
        }
    }

    private static func lines(_ submission: TestSubmission, _ name: String = "usage.csv") -> [String] {
        String(decoding: submission.files[name] ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func zip(_ submission: inout TestSubmission, _ add: (ZipWriter) throws -> Void) throws {
        guard let name = submission.packageName else { return }
        let plain = try TestSubmission(.utf8, seed: 2)
        let writer = try ZipWriter()
        for (member, bytes) in plain.files.sorted(by: { $0.key < $1.key }) where member != "usage.csv" {
            try writer.add(member, bytes)
        }
        try add(writer)
        submission.files[name] = try writer.finishInMemory()
    }

    static let all: [Bad] = [
        Bad("an empty file", "A05") { $0.files["usage.csv"] = [] },
        Bad("a header only", "A14") { $0.files["usage.csv"] = Array((lines($0)[0] + "\n").utf8) },
        Bad("a wrong delimiter", "A10") {
            $0.files["usage.csv"] = ($0.files["usage.csv"] ?? []).map {
                $0 == UInt8(ascii: ",") ? UInt8(ascii: "^") : $0
            }
        },
        // Returned because none of its drugs is in the catalogue, not because of the quote.
        Bad("an unclosed quote in a big file", "A16", line: 3) {
            var lines = lines($0)
            let row = lines[1]
            lines = [lines[0], row, "\"" + row] + (0..<60_000).map { row.replacing(/,Y\d+,/, with: ",Z\($0),") }
            $0.files["usage.csv"] = Array(lines.joined(separator: "\n").utf8)
        },
        Bad("NUL bytes", "C13", line: 2, verdict: .passedWithWarnings) {
            var text = $0.files["usage.csv"] ?? []
            let line = text.firstIndex(of: 0x0A) ?? 0
            let place = text[(line + 1)...].indices.filter { text[$0] == UInt8(ascii: ",") }[8]
            text.insert(0, at: place)
            $0.files["usage.csv"] = text
        },
        Bad("invalid bytes", "A15", line: 2) {
            var text = $0.files["usage.csv"] ?? []
            let line = text.firstIndex(of: 0x0A) ?? 0
            let place = text[(line + 1)...].indices.filter { text[$0] == UInt8(ascii: ",") }[8]
            text.insert(contentsOf: [0xFF, 0xC3], at: place)
            $0.files["usage.csv"] = text
        },
        Bad("10 000 columns", "A16", line: 3, verdict: .partlyLoaded) {
            var lines = lines($0)
            lines[2] = (0..<10_000).map { "\($0)" }.joined(separator: ",")
            $0.files["usage.csv"] = Array(lines.joined(separator: "\n").utf8)
        },
        Bad("a header of 10 000 columns", "A10") {
            var lines = lines($0)
            lines[0] = (0..<10_000).map { "列\($0)" }.joined(separator: ",")
            $0.files["usage.csv"] = Array(lines.joined(separator: "\n").utf8)
        },
        Bad("a truncated gzip", "A05", file: "usage.csv.gz", shape: .gzip) {
            $0.files["usage.csv.gz"] = Array(($0.files["usage.csv.gz"] ?? []).dropLast(40))
        },
        Bad("a truncated zip", "A05", file: ".zip", shape: .zip) {
            guard let name = $0.packageName else { return }
            $0.files[name] = Array(($0.files[name] ?? []).prefix(700))
        },
        Bad("a zip bomb", "A04", file: ".zip", shape: .zip) {
            try zip(&$0) { try $0.add("usage.csv", [UInt8](repeating: 0x30, count: 8 << 20)) }
        },
        Bad("a gzip bomb", "A04", file: "usage.csv.gz", shape: .gzip) {
            $0.files["usage.csv.gz"] = GzipWriter.gzip(
                Array("\(lines(try TestSubmission(.utf8))[0])\n".utf8) + [UInt8](repeating: 0x30, count: 16 << 20))
        },
        Bad("a way out of a zip", "A06", file: "../../usage.csv", shape: .zip) {
            try zip(&$0) { try $0.add("../../usage.csv", [0x31]) }
        },
        Bad("a zip in a zip", "A05", file: "usage.zip", shape: .zip) {
            try zip(&$0) { outer in
                let inner = try ZipWriter()
                try inner.add("usage.csv", [0x31])
                try outer.add("usage.zip", try inner.finishInMemory())
            }
        },
        Bad("a zip with a password", "A05", file: ".csv", shape: .zip) {
            guard let name = $0.packageName else { return }
            let writer = try ZipWriter(password: "secret")
            for (member, bytes) in try TestSubmission(.utf8, seed: 2).files { try writer.add(member, bytes) }
            $0.files[name] = try writer.finishInMemory()
        },
        Bad("an XML with a DTD", "A16", file: "usage.xml", shape: .xmlElements) {
            try spoilXML(&$0, "<dataset", "<!DOCTYPE dataset><dataset")
        },
        Bad("an XML with entities", "A16", file: "usage.xml", shape: .xmlElements) {
            try spoilXML(&$0, "<dataset", "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><dataset")
        },
        Bad("an XML with an unknown entity", "A16", file: "usage.xml", shape: .xmlElements) {
            try spoilXML(&$0, "</row>", "&lol;</row>")
        },
        Bad("an XML wrongly nested", "A16", file: "usage.xml", shape: .xmlElements) {
            try spoilXML(&$0, "</row>", "</dataset></row>")
        },
        Bad("an XML of 200 levels", "A16", file: "usage.xml", shape: .xmlElements) {
            let deep = String(repeating: "<x>", count: 200) + String(repeating: "</x>", count: 200)
            try spoilXML(&$0, "</row>", "\(deep)</row>")
        },
        Bad("two files for one table", "A08", file: nil) {
            $0.files["使用情况.csv"] = Array((lines($0).dropLast().joined(separator: "\n") + "\n").utf8)
        },
        Bad("a missing table", "A07", file: nil) { $0.files["usage.csv"] = nil },
        Bad("what is no table at all", "A01") {
            $0.files["usage.csv"] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
        },
    ]

    private static func spoilXML(_ submission: inout TestSubmission, _ text: String, _ other: String) throws {
        let whole = String(decoding: submission.files["usage.xml"] ?? [], as: UTF8.self)
        let range = try #require(whole.firstRange(of: text))
        submission.files["usage.xml"] = Array(whole.replacingCharacters(in: range, with: other).utf8)
    }

    /// All of them in one night: each is judged by itself.
    @Test(.timeLimit(.minutes(10))) func `gets a finding with its place, and the good one loads`() async throws {
        try await withNight { night in
            let good = try TestSubmission(.utf8, seed: 1)
            try good.drop(into: night.folder)
            var senders: [String: Bad] = [:]
            for (index, bad) in Self.all.enumerated() {
                var submission = try TestSubmission(bad.shape, seed: UInt64(index + 2))
                try bad.spoil(&submission)
                #expect(senders[submission.hospitalCode] == nil)
                senders[submission.hospitalCode] = bad
                try submission.drop(into: night.folder)
            }
            var settled = night
            settled.settings.settleSeconds = 0
            let outcome = try await settled.run()
            #expect(outcome.isClean)
            #expect(outcome.report.submissions.count == Self.all.count + 1)

            let entry = try #require(
                outcome.report.submissions.first { $0.submission.hospitalCode == good.hospitalCode })
            #expect(entry.verdict == .passed)
            #expect(
                try await night.rows("SELECT count(*) FROM yaoce_api.usage WHERE hospital_code = \(good.hospitalCode)")
                    != ["0"])
            for entry in outcome.report.submissions {
                guard let bad = senders[entry.submission.hospitalCode] else { continue }
                #expect(entry.verdict == bad.verdict, "\(bad.name): \(entry.findingCounts)")
                let findings = try await night.rows(
                    """
                    SELECT coalesce(file_name, '') || '!' || coalesce(member, '') || ' ' || coalesce(details::text, '') || coalesce(message_en, '') AS place, line
                    FROM yaoce_api.finding WHERE submission_id = \(entry.submission.id.rawValue) AND rule_id = \(bad.rule)
                    """)
                #expect(!findings.isEmpty, "\(bad.name): \(entry.findingCounts)")
                if let file = bad.file {
                    #expect(findings.contains { $0.contains(file) }, "\(bad.name): \(findings)")
                }
                if let line = bad.line {
                    #expect(findings.contains { $0.hasSuffix("|\(line)") }, "\(bad.name): \(findings)")
                }
                let receipt = night.folder.file(
                    "outbox/\(entry.submission.hospitalCode)/\(entry.submission.id)/receipt.html")
                #expect(FileManager.default.fileExists(atPath: receipt), "\(bad.name)")
            }
        }
    }

    @Test func `of an institution nobody knows is returned with A19`() async throws {
        try await withNight { night in
            try await night.publishLibraries()
            let stranger = try TestSubmission(.utf8, seed: 3)
            try stranger.drop(into: night.folder)
            let outcome = try await night.run()
            #expect(outcome.isClean)
            #expect(outcome.report.submissions.map(\.verdict) == [.returned])
            #expect(outcome.report.findingCounts.contains { $0.rule == "A19" && $0.severity == .interrupt })
        }
    }
}
