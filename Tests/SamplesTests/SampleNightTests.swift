import Core
import Foundation
import Testing

@testable import Samples

struct SampleNightTests {
    private func plan(seed: UInt64, badRowsPerMille: Int = 0) -> NightPlan {
        var plan = NightPlan.institutions([.tertiary: 1, .secondary: 2, .other: 1, .primary: 16], seed: seed)
        plan.libraryDrugs = 2_000
        plan.scalePercent = 20
        plan.badRowsPerMille = badRowsPerMille
        return plan
    }

    @Test(arguments: [0, 60]) func `the same seed makes the same bytes, another seed others`(bad: Int) throws {
        let first = try SampleReading.Written(plan(seed: 11, badRowsPerMille: bad))
        #expect(try SampleReading.Written(plan(seed: 11, badRowsPerMille: bad)) == first)
        let other = try SampleReading.Written(plan(seed: 12, badRowsPerMille: bad))
        #expect(Set(other.files.keys) != Set(first.files.keys))
    }

    @Test func `a clean night has no finding and a dirty one its share`() throws {
        let sink = MemorySink()
        let clean = try SampleNight.write(plan(seed: 4), into: sink)
        #expect(clean.findings == 0)
        #expect(
            try AnswerKey(json: sink.files["answer-key.json"] ?? []).submissions.allSatisfy { $0.verdict == .passed })
        let dirty = try SampleNight.write(plan(seed: 4, badRowsPerMille: 100), into: MemorySink())
        #expect(dirty.rows == clean.rows)
        #expect(dirty.findings > clean.rows / 15 && dirty.findings < clean.rows / 5)
    }

    @Test func `a plan may name rules that are checked later`() throws {
        let sink = MemorySink()
        var plan = plan(seed: 4, badRowsPerMille: 200)
        plan.rules = ["E01", "E02", "D11", "F01"]
        let summary = try SampleNight.write(plan, into: sink)
        let key = try AnswerKey(json: sink.files["answer-key.json"] ?? [])
        #expect(Set(key.submissions.flatMap(\.findings).map(\.rule)) == Set(plan.rules))
        let files = key.submissions.flatMap(\.files)
        #expect(files.contains { ($0.rowsSkipped["identical_repeat"] ?? 0) > 0 })
        #expect(
            files.allSatisfy { $0.rowsRead == $0.rowsLoaded + $0.rowsQuarantined + $0.rowsSkipped.values.reduce(0, +) })
        // A repeated row is one more to read.
        #expect(summary.rows > (try SampleNight.write(self.plan(seed: 4), into: MemorySink())).rows)
    }

    @Test func `the floor is the same rows, one plain file for each table`() throws {
        let floor = MemorySink()
        let summary = try SampleNight.write(plan(seed: 4, badRowsPerMille: 300), into: MemorySink(), floor: floor)
        #expect(Set(floor.files.keys) == Set(DataTable.allCases.map { "\($0.rawValue).csv" }))
        let lines = floor.files.values.reduce(0) { $0 + $1.count { $0 == UInt8(ascii: "\n") } }
        #expect(lines == summary.rows + 5)
        let usage = String(decoding: floor.files["usage.csv"] ?? [], as: UTF8.self)
        #expect(usage.hasPrefix(DataSet.of(.usage).columns.map(\.name).joined(separator: ",") + "\n"))
    }

    @Test func `one big hospital is five plain files`() throws {
        let sink = MemorySink()
        let summary = try SampleNight.write(.big(drugs: 2_000, seed: 1), into: sink)
        #expect(summary.files == 5 && summary.submissions == 1)
        #expect(summary.rows > 7_800)
        #expect(sink.files.keys.count { $0.hasSuffix("/2025/usage.csv") } == 1)
    }

    @Test func `libraries alone are those of the night`() throws {
        let alone = MemorySink()
        try SampleNight.writeLibraries(.small(), into: alone)
        for (path, bytes) in alone.files { #expect(SampleReading.night.files[path] == bytes, "\(path)") }
        #expect(alone.files.count == 3)
    }

    @Test func `a folder holds what memory holds, settled files lie still`() throws {
        let folder = NSTemporaryDirectory() + "samples-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SampleNight.write(.small(), into: FolderSink(folder: folder))
        #expect(try SampleFolder.files(below: folder) == SampleReading.night.files)
        #expect(try SampleFolder.links(below: folder) == SampleReading.night.links)
        let old = try #require(SampleReading.night.files.keys.first { !SampleReading.night.fresh.contains($0) })
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(old)")
        #expect((attributes[.modificationDate] as? Date)?.timeIntervalSince1970 == 1_769_936_400)
    }

    @Test func `a sink that cannot be written says where and why`() {
        #expect(throws: SampleError.self) { try FolderSink(folder: "/proc/no/such/folder") }
    }
}

/// Looking at a folder of samples.
enum SampleFolder {
    static func files(below folder: String) throws -> [String: [UInt8]] {
        try entries(below: folder) { url, values in
            values.isSymbolicLink == true || values.isDirectory == true ? nil : Array(try Data(contentsOf: url))
        }
    }

    static func links(below folder: String) throws -> [String: String] {
        try entries(below: folder) { url, values in
            values.isSymbolicLink == true
                ? try FileManager.default.destinationOfSymbolicLink(atPath: url.path(percentEncoded: false)) : nil
        }
    }

    private static func entries<Value>(
        below folder: String, _ value: (URL, URLResourceValues) throws -> Value?
    ) throws -> [String: Value] {
        let keys: [URLResourceKey] = [.isSymbolicLinkKey, .isDirectoryKey]
        let root = URL(filePath: folder).standardizedFileURL.path(percentEncoded: false)
        let prefix = root.hasSuffix("/") ? root : root + "/"
        let enumerator = try #require(
            FileManager.default.enumerator(at: URL(filePath: folder), includingPropertiesForKeys: keys))
        var result: [String: Value] = [:]
        for case let url as URL in enumerator {
            let path = url.path(percentEncoded: false)
            let values = try url.resourceValues(forKeys: Set(keys))
            if let value = try value(url, values) { result[String(path.dropFirst(prefix.count))] = value }
        }
        return result
    }
}
