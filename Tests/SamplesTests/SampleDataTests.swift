import Foundation
import Testing

@testable import Samples

/// The committed small night against the code that makes it. `UPDATE_SNAPSHOTS=1` writes it anew.
struct SampleDataTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "SampleData").path(percentEncoded: false)

    @Test func `SampleData is what its seed makes`() throws {
        let night = SampleReading.night
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
            for part in ["inbox", "libraries", "answer-key.json"] {
                try? FileManager.default.removeItem(atPath: "\(Self.folder)/\(part)")
            }
            try SampleNight.write(.small(), into: FolderSink(folder: Self.folder))
        }
        let made = try SampleFolder.files(below: Self.folder).filter { $0.key != "README.md" }
        #expect(Set(made.keys) == Set(night.files.keys))
        for (path, bytes) in made where night.files[path] != bytes {
            Issue.record("\(path) is not what the seed makes; UPDATE_SNAPSHOTS=1 writes it anew")
        }
        #expect(try SampleFolder.links(below: Self.folder) == night.links)
        #expect(made.values.reduce(0) { $0 + $1.count } < 3 << 20)
    }
}
