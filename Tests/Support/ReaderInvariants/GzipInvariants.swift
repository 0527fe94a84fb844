import Compression
import Readers

/// What must hold for every gzip stream.
///
/// An input is either a stream as it stands, or says what a stream is made of and how it is damaged: a checksum is
/// something that chance does not find, and without it no mistake behind one would be.
enum GzipInvariants {
    static func hold(for input: [UInt8]) throws {
        var choices = InputChoices(input)
        var choice = Int(choices.byte())
        let isMade = InputChoices.choose(&choice, from: [false, true])
        let size = InputChoices.choose(&choice, from: [0, 1, 7, 512])
        var limits = ReadingLimits()
        limits.unpackedBytes = 256 << 10
        limits.ratioGraceBytes = 16 << 10
        let isTight = InputChoices.choose(&choice, from: [false, true])
        if isTight {
            limits.unpackedBytes = 8 << 10
            limits.ratioGraceBytes = 1 << 10
            limits.ratio = 20
        }
        let count = InputChoices.choose(&choice, from: [64 << 10, 1, 100, 4096])
        if isMade { return try holdForMade(&choices, size: size, count: count) }
        let bytes = Array(choices.rest)
        let reading = try Unpacking(bytes, size: size, count: count, limits)
        try reading.check(bytes, limits)
        // Where a limit stops the reading depends on how far it has come at each step.
        guard !isTight else { return }
        let other = try Unpacking(bytes, size: size == 0 ? 11 : 0, count: count == 1000 ? 1 << 15 : 1000, limits)
        if case .tooLarge? = reading.problem { return }
        if case .tooLarge? = other.problem { return }
        try require(
            reading.problem == other.problem, "borders matter: \(describe(reading)) and \(describe(other))")
        let (short, long) =
            reading.output.count < other.output.count ? (reading.output, other.output) : (other.output, reading.output)
        try require(long.starts(with: short), "borders matter: other bytes")
        try require(
            reading.problem != nil || short.count == long.count, "borders matter: \(short.count) and \(long.count)")
    }

    private static func describe(_ unpacking: Unpacking) -> String {
        "\(unpacking.problem.map(String.init(describing:)) ?? "whole")"
    }

    /// A stream of several members that is whole, or cut, or has a bit turned, or something behind it.
    private static func holdForMade(_ choices: inout InputChoices, size: Int, count: Int) throws {
        var choice = Int(choices.byte())
        let members = InputChoices.choose(&choice, from: [1, 2, 3])
        let damage = InputChoices.choose(&choice, from: [0, 1, 2, 3])
        let number = choices.number()
        let payload = Array(choices.rest)
        var stream: [UInt8] = []
        var borders: Set<Int> = []
        for member in 0..<members {
            let range = payload.count * member / members..<payload.count * (member + 1) / members
            stream += GzipWriter.gzip(Array(payload[range]), level: member)
            borders.insert(stream.count)
        }
        let place = number % stream.count
        var mustFail = false
        switch damage {
        case 1:
            stream.removeLast(stream.count - place)
            mustFail = !borders.contains(place)
        case 2: stream[place] ^= 1 << UInt8(number % 8)
        case 3:
            stream += Array(repeating: UInt8(number >> 8), count: 1 + number % 5)
            mustFail = number >> 8 != 0
        default: break
        }
        let reading = try Unpacking(stream, size: size, count: count, ReadingLimits())
        switch (damage, reading.problem) {
        case (_, nil) where mustFail: throw BrokenInvariant("a damaged stream passes for a whole one")
        case (1, nil): try require(payload.starts(with: reading.output), "other bytes come out")
        case (_, nil): try require(reading.output == payload, "other bytes come out than went in")
        case (0, let problem?),
            (3, let problem?) where !mustFail:
            throw BrokenInvariant("a whole stream is \(problem)")
        case (_, let problem?):
            guard case .corrupt = problem else { throw BrokenInvariant("a damaged stream is \(problem)") }
        }
    }
}

/// What came out of a gzip stream, and what ended it.
struct Unpacking {
    var output: [UInt8] = []
    var problem: ReadingError.Problem?

    init(_ bytes: [UInt8], size: Int, count: Int, _ limits: ReadingLimits) throws {
        let source = GzipByteSource(PieceSource(bytes, size: size), name: "fuzz.gz", limits: limits)
        while true {
            let before = output.count
            var got = 0
            do throws(ReadingError) {
                got = try source.read(into: &output, atMost: count)
            } catch {
                // What was appended by a read that failed was not given.
                output.removeLast(output.count - before)
                problem = error.problem
                break
            }
            try require(got <= count, "\(got) bytes where \(count) were asked for")
            try require(output.count == before + got, "\(output.count - before) bytes appended and \(got) told")
            guard got > 0 else { break }
        }
        guard problem == nil else { return }
        try require(try source.read(into: &output, atMost: count) == 0, "the end is the end")
    }

    func check(_ bytes: [UInt8], _ limits: ReadingLimits) throws {
        try require(output.count <= limits.unpackedBytes, "\(output.count) bytes out of \(bytes.count)")
        let most = max(limits.ratioGraceBytes, (limits.ratio + 1) * max(bytes.count, 1))
        try require(output.count <= most, "\(output.count) bytes out of \(bytes.count), more than \(most)")
        if case .system? = problem { throw BrokenInvariant("bytes in memory are no failure of the system") }
    }
}
