import Core
import Readers
import Testing

/// What must hold for all files.
struct XMLTableReaderProperties {
    private static let seeds = (0..<4).map { Array(XMLSample.file(XMLSample.rows($0)).utf8) }

    @Test(arguments: UInt64(0)..<40)
    func `chunk borders do not matter`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = Self.seeds[Int(seed % 4)]
        if seed % 3 == 0 { mutate(&bytes, using: &random) }
        var limits = ReadingLimits()
        if seed % 5 == 0 { limits.windowBytes = 100 }
        let sizes = (0..<20).map { _ in Int.random(in: 1...200, using: &random) }
        var cut = try XMLResult.read(bytes, limits: limits, sizes: sizes)
        let whole = try XMLResult.read(bytes, limits: limits)
        cut.largestBatch = whole.largestBatch
        #expect(cut == whole)
    }

    @Test(arguments: UInt64(0)..<10)
    func `mutations never crash, and raw bytes stand where they say`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 1_000)
        for _ in 0..<1_000 {
            var bytes = Self.seeds.randomElement(using: &random) ?? []
            mutate(&bytes, using: &random)
            let result = try XMLResult.read(bytes, sizes: [Int.random(in: 1...2_000, using: &random)])
            #expect(result.facts.rowsRead == result.rows.count)
            for row in result.rows where result.facts.encoding != "GB18030" {
                #expect(row.byteOffset + row.raw.count <= bytes.count)
                #expect(bytes[row.byteOffset...].starts(with: row.raw))
            }
            for observation in result.observations + result.fileObservations {
                #expect((0...bytes.count).contains(observation.place.byteOffset ?? 0))
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], using random: inout SeededGenerator) {
        let tokens = [
            "<", ">", "</row>", "<row>", "\"", "&", "]]>", "<![CDATA[", "<!--", "-->", "\u{FFFD}", "\0", "<!DOCTYPE a>",
        ]
        for _ in 0...Int.random(in: 0...2, using: &random) {
            let index = Int.random(in: 0..<max(bytes.count, 1), using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(contentsOf: Array((tokens.randomElement(using: &random) ?? "").utf8), at: index)
            default: bytes.removeSubrange(index..<min(index + 20, bytes.count))
            }
        }
    }
}
