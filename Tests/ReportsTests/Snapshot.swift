import Foundation
import Testing

/// Compares text that people read with the file beside the test; `UPDATE_SNAPSHOTS=1` rewrites it. No
/// paper shows the place of a value that nobody filled in.
func expectSnapshot(_ bytes: [UInt8], _ name: String, testFile: String = #filePath) throws {
    #expect(!String(decoding: bytes, as: UTF8.self).contains("${"), "\(name) has a place that nobody filled")
    let folder = URL(filePath: testFile).deletingLastPathComponent().appending(path: "Snapshots")
    let url = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return
    }
    let expected = try Data(contentsOf: url)
    guard expected != Data(bytes) else { return }
    let actualLines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
    let expectedLines = String(decoding: expected, as: UTF8.self).components(separatedBy: "\n")
    let line =
        zip(actualLines, expectedLines).enumerated().first { $1.0 != $1.1 }?.offset
        ?? min(actualLines.count, expectedLines.count)
    let got = line < actualLines.count ? actualLines[line] : "(end)"
    let wanted = line < expectedLines.count ? expectedLines[line] : "(end)"
    Issue.record(
        "\(name) differs from its snapshot at line \(line + 1):\n- \(wanted)\n+ \(got)\nUPDATE_SNAPSHOTS=1 rewrites it")
}
