import Foundation
import ReaderInvariants
import Testing

/// Every input that the fuzzers kept goes through the invariants again: those that between them reach all the code that
/// was reached, and those that once broke something.
struct KeptInputTests {
    private static func inputs(_ folder: String, of reader: FuzzedReader) throws -> [URL] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let place = root.appending(path: "Fuzz/\(folder)/\(reader.rawValue)")
        guard FileManager.default.fileExists(atPath: place.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
    }

    @Test(arguments: FuzzedReader.allCases)
    func `every kept input holds`(reader: FuzzedReader) throws {
        let corpus = try Self.inputs("corpus", of: reader)
        #expect(corpus.count > 10)
        for input in try corpus + Self.inputs("found", of: reader) {
            let bytes = try [UInt8](Data(contentsOf: input))
            do {
                try reader.hold(for: bytes)
            } catch {
                Issue.record("\(reader.rawValue)/\(input.lastPathComponent): \(error)")
            }
        }
    }

    @Test(arguments: FuzzedReader.allCases)
    func `nothing, single bytes and long runs of one byte hold`(reader: FuzzedReader) throws {
        try reader.hold(for: [])
        for byte: UInt8 in 0...255 { try reader.hold(for: [byte]) }
        for byte: UInt8 in [0, 0x0A, 0x22, 0x2C, 0x3C, 0x81, 0xFF] {
            try reader.hold(for: [0] + Array(repeating: byte, count: 3000))
        }
    }
}
