import Compression
import Glibc
import Samples
import TestNight
import Testing

/// Ways to spoil a file.
enum Mutation {
    /// What is spoiled: the shapes whose readers differ.
    static let shapes: [TestSubmission.Shape] = [
        .utf8, .gb18030, .utf16, .quoted, .titled, .gzip, .zip, .zipWithGBKNames, .xmlElements, .xmlAttributes,
        .xmlFields, .xmlGB18030, .xmlGzip, .tabs,
    ]

    private static let made: [TestSubmission.Shape: Result<TestSubmission, any Error>] = Dictionary(
        uniqueKeysWithValues: shapes.map { shape in (shape, Result { try TestSubmission(shape, drugs: 4) }) })

    /// A valid submission of a shape, made once.
    static func valid(_ shape: TestSubmission.Shape) throws -> TestSubmission { try #require(made[shape]).get() }

    /// The unpacked bytes of a `.gz` file: the same table in a shape that is not packed.
    static func plain(of name: String, in submission: TestSubmission) throws -> [UInt8] {
        let isXML = name.contains(".xml")
        let plain = try valid(isXML ? .xmlElements : .utf8)
        return try #require(plain.files[String(name.dropLast(3))])
    }

    /// Bytes of any kind: flipped, inserted, taken out, cut, repeated.
    static func bytes(_ bytes: [UInt8], using random: inout SeededGenerator) -> ([UInt8], String) {
        var bytes = bytes
        guard !bytes.isEmpty else { return (bytes, "nothing") }
        let place = random.below(bytes.count)
        switch random.below(7) {
        case 0:
            bytes[place] ^= 1 << UInt8(random.below(8))
            return (bytes, "flip at \(place)")
        case 1:
            bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            return (bytes, "insert at \(place)")
        case 2:
            let count = min(1 + random.below(8), bytes.count - place)
            bytes.removeSubrange(place..<place + count)
            return (bytes, "\(count) removed at \(place)")
        case 3: return (Array(bytes.prefix(place)), "cut at \(place)")
        case 4:
            let part = Array(bytes[place..<min(place + 1 + random.below(200), bytes.count)])
            bytes.insert(contentsOf: part, at: random.below(bytes.count))
            return (bytes, "repeat from \(place)")
        case 5:
            for _ in 0..<(1 + random.below(20)) {
                bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            return (bytes, "bytes at random")
        default:
            bytes.append(contentsOf: (0..<random.below(50)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
            return (bytes, "more at the end")
        }
    }

    /// The same, and what only text has: lines, delimiters, quotes, marks.
    static func text(_ bytes: [UInt8], using random: inout SeededGenerator) -> ([UInt8], String) {
        switch random.below(8) {
        case 0: return lines(bytes, using: &random)
        case 1:
            let from = random.pick(Array(",\t;|".utf8))
            let to = random.pick(Array(",\t;|: ".utf8))
            let isEverywhere = random.happens(perMille: 500)
            var isDone = false
            let changed = bytes.map { byte -> UInt8 in
                guard byte == from, isEverywhere || (!isDone && random.happens(perMille: 50)) else { return byte }
                isDone = true
                return to
            }
            return (changed, "delimiter \(from) to \(to)")
        case 2:
            var bytes = bytes
            bytes.insert(random.pick(Array("\"'<>&\\".utf8)), at: random.below(bytes.count + 1))
            return (bytes, "a quote or mark")
        case 3:
            var bytes = bytes
            let pieces: [[UInt8]] = [
                [0], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xEF, 0xBF, 0xBD], [0xC3], [0x81], Array("\r".utf8),
                Array("\n\n\n".utf8), Array("]]>".utf8), Array("&amp;".utf8), Array("&#0;".utf8), Array("合计".utf8),
                Array("</row>".utf8), Array("<!DOCTYPE x>".utf8), Array(",,,,,,,,".utf8), [0x1A], Array("1e999".utf8),
            ]
            bytes.insert(contentsOf: random.pick(pieces), at: random.below(bytes.count + 1))
            return (bytes, "a piece")
        case 4:
            // Digits become other characters of numbers.
            var bytes = bytes
            let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
            guard !digits.isEmpty else { return (bytes, "nothing") }
            for _ in 0..<3 { bytes[random.pick(digits)] = random.pick(Array("-+.eE,9 ".utf8)) }
            return (bytes, "digits")
        default: return self.bytes(bytes, using: &random)
        }
    }

    private static func lines(_ bytes: [UInt8], using random: inout SeededGenerator) -> ([UInt8], String) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        let place = random.below(lines.count)
        switch random.below(4) {
        case 0: lines.insert(lines[place], at: random.below(lines.count))
        case 1: lines.remove(at: place)
        case 2: lines.swapAt(place, random.below(lines.count))
        default: lines[place] = Array(lines[place].prefix(random.below(lines[place].count + 1)))
        }
        return (Array(lines.joined(separator: [0x0A])), "line \(place + 1)")
    }

    /// Whether glibc takes no GB18030 character from the start of some bytes.
    static func firstCharacterIsInvalid(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, first >= 0x80 else { return false }
        guard let converter = iconv_open("UTF-32LE", "GB18030"), converter != iconv_t(bitPattern: -1) else {
            return true
        }
        defer { iconv_close(converter) }
        for length in 1...min(4, bytes.count) {
            var source = bytes.prefix(length).map { CChar(bitPattern: $0) }
            var target = [CChar](repeating: 0, count: 16)
            let isWhole = source.withUnsafeMutableBufferPointer { source in
                target.withUnsafeMutableBufferPointer { target in
                    var (input, inputLeft) = (source.baseAddress, length)
                    var (output, outputLeft) = (target.baseAddress, 16)
                    return iconv(converter, &input, &inputLeft, &output, &outputLeft) != Int(bitPattern: UInt.max)
                        && inputLeft == 0
                }
            }
            if isWhole { return false }
        }
        return true
    }
}
