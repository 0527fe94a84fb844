import Compression
import Foundation
import Testing

@testable import Samples

/// Reads sample files back with other means than the program's own readers.
enum SampleReading {
    /// What a sink held.
    struct Written: Sendable, Equatable {
        var files: [String: [UInt8]]
        var links: [String: String]
        var fresh: Set<String>

        init(_ plan: NightPlan) throws {
            let sink = MemorySink()
            try SampleNight.write(plan, into: sink)
            (files, links, fresh) = (sink.files, sink.links, sink.fresh)
        }
    }

    /// The small night, made once.
    static let night: Written = {
        do {
            return try Written(.small())
        } catch {
            fatalError("the small night was not written: \(error)")
        }
    }()

    static let key: AnswerKey = {
        do {
            return try AnswerKey(json: night.files["answer-key.json"] ?? [])
        } catch {
            Issue.record("the key is not readable: \(error)")
            return AnswerKey(seed: 0, period: "", rules: [])
        }
    }()

    /// The unpacked bytes of a data file of a submission.
    static func bytes(of file: ExpectedFile, in submission: ExpectedSubmission) throws -> [UInt8] {
        let path = "inbox/\(submission.source)"
        if let member = file.member { return try self.member(member, of: night.files[path] ?? []) }
        let bytes = try #require(night.files["\(path)/\(file.name)"])
        return file.name.hasSuffix(".gz") ? try gunzip(bytes) : bytes
    }

    private static func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let inflater = GzipInflater()
        var result: [UInt8] = []
        var position = 0
        var isDry = false
        while position < bytes.count || !isDry {
            let piece = Array(bytes[position..<bytes.count])
            let step = try inflater.inflate(piece.span, into: &result, atMost: 1 << 20)
            position += step.consumed
            isDry = step.produced == 0
        }
        try inflater.finish()
        return result
    }

    /// The members of a zip by their names.
    static func members(of zip: [UInt8]) throws -> [String: [UInt8]] {
        let path = NSTemporaryDirectory() + "samples-\(UUID().uuidString).zip"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(zip).write(to: URL(filePath: path))
        let reader = try ZipReader(path: path)
        var result: [String: [UInt8]] = [:]
        while let entry = try reader.next() {
            var bytes: [UInt8] = []
            while try reader.read(into: &bytes, atMost: 1 << 20) > 0 {}
            result[try text(entry.rawName, anyOf: ["UTF-8", "GB18030"])] = bytes
        }
        return result
    }

    private static func member(_ name: String, of zip: [UInt8]) throws -> [UInt8] {
        try #require(try members(of: zip)[name])
    }

    private static func text(_ bytes: [UInt8], anyOf encodings: [String]) throws -> String {
        try #require(encodings.lazy.compactMap { decode(bytes, $0) }.first)
    }

    /// Bytes as text, by `iconv`; `nil` where they are not valid.
    static func decode(_ bytes: [UInt8], _ encoding: String) -> String? {
        guard let converter = iconv_open("UTF-8", encoding) else { return nil }
        defer { iconv_close(converter) }
        var source = bytes.map { CChar(bitPattern: $0) }
        var target = [CChar](repeating: 0, count: bytes.count * 3 + 16)
        let left: Int? = source.withUnsafeMutableBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                var input = source.baseAddress
                var inputLeft = source.count
                var output = target.baseAddress
                var room = target.count
                let status = iconv(converter, &input, &inputLeft, &output, &room)
                return status == Int(bitPattern: UInt.max) || inputLeft > 0 ? nil : room
            }
        }
        guard let left else { return nil }
        return String(decoding: target.prefix(target.count - left).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The lines of a file as text, without a byte order mark; bytes that are not valid become U+FFFD, line by line.
    static func lines(of file: ExpectedFile, in submission: ExpectedSubmission) throws -> [String] {
        let bytes = try bytes(of: file, in: submission)
        let encoding = try #require(file.encoding)
        if encoding.hasPrefix("UTF-16") {
            let text = try #require(decode(bytes, encoding))
            return text.drop { $0 == "\u{FEFF}" }.split(separator: "\n", omittingEmptySubsequences: false).map(
                String.init)
        }
        // In GB18030 and UTF-8 a line feed is never part of a longer character.
        return bytes.split(separator: 10, omittingEmptySubsequences: false).map { line in
            let line = line.last == 13 ? Array(line.dropLast()) : Array(line)
            if let text = decode(line, encoding) { return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text }
            return decode(line.filter { $0 != 0xFF }, encoding) ?? ""
        }
    }

    /// A line of delimited text as cells.
    static func cells(_ line: String, delimiter: Character) -> [String] {
        var cells = [""]
        var isQuoted = false
        var rest = line[...]
        while let character = rest.popFirst() {
            switch character {
            case "\"" where isQuoted && rest.first == "\"":
                cells[cells.count - 1].append("\"")
                rest.removeFirst()
            case "\"": isQuoted.toggle()
            case delimiter where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}
