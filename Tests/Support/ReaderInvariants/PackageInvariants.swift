import Compression
import Core
import Readers

/// What must hold for every file of a submission: a zip, a gzip, or a table as it is.
///
/// As with gzip an input is either the file or says what a zip is made of and how it is damaged.
enum PackageInvariants {
    static func hold(for input: [UInt8]) throws {
        var choices = InputChoices(input)
        var choice = Int(choices.byte())
        let isMade = InputChoices.choose(&choice, from: [false, true])
        var limits = ReadingLimits()
        limits.unpackedBytes = 1 << 20
        limits.ratioGraceBytes = 64 << 10
        switch InputChoices.choose(&choice, from: [0, 1, 2, 3]) {
        case 1: limits.entries = 2
        case 2:
            limits.unpackedBytes = 4 << 10
            limits.ratioGraceBytes = 256
            limits.ratio = 3
        case 3: limits.containerBytes = 512
        default: break
        }
        let count = InputChoices.choose(&choice, from: [64 << 10, 100, 1])
        guard isMade else {
            try hold(for: Array(choices.rest), limits, count: count)
            return
        }
        let made = MadePackage(&choices)
        let members = try hold(for: made.bytes, limits, count: count)
        guard made.isWhole else { return }
        for (index, bytes) in members {
            try require(made.files[index] == bytes, "member \(index) gives other bytes than went in")
        }
    }

    /// Checks a file and gives the members that could be read.
    @discardableResult
    private static func hold(for bytes: [UInt8], _ limits: ReadingLimits, count: Int) throws -> [Int: [UInt8]] {
        let file = try TemporaryFile(bytes)
        let package = try Package.open(files: [("a.zip", file.path)], limits: limits)
        for observation in package.observations {
            try require(
                ["A01", "A02", "A03", "A04", "A05", "A06"].contains(observation.rule),
                "\(observation) is of no container"
            )
            try require(observation.details["file"] == "a.zip", "\(observation) names no file")
        }
        let sources = package.sources + (package.manifest.map { [$0] } ?? [])
        try require(!sources.isEmpty || !package.observations.isEmpty, "nothing is said of the file")
        try require(sources.count <= limits.entries, "\(sources.count) members")
        try require(Set(sources.map(\.memberIndex)).count == sources.count, "a member comes twice")
        var members: [Int: [UInt8]] = [:]
        for source in sources {
            if let member = source.member {
                let name = PackageEntryName(Array(member.utf8))
                try require(name.problem == nil && name.text == member, "\(member) is no harmless name")
            }
            try require(try source.contentKind(limits: limits).isTable, "\(source.displayName) is no table")
            if let read = try read(source, bytes, limits, count: count), let index = source.memberIndex {
                members[index] = read
            }
        }
        return members
    }

    /// The bytes of a member, or `nil` where it cannot be read to its end.
    private static func read(
        _ source: SourceFile, _ packed: [UInt8], _ limits: ReadingLimits, count: Int
    ) throws -> [UInt8]? {
        var output: [UInt8] = []
        do throws(ReadingError) {
            let (bytes, hash) = try source.openHashing(limits: limits)
            var got = 0
            repeat {
                got = try bytes.read(into: &output, atMost: count)
                if got > count { return nil }
            } while got > 0
            if source.memberIndex != nil || output == packed { _ = try hash.digest() }
        } catch {
            guard error.observation(of: source, limits: limits) != nil else {
                throw BrokenInvariant("\(error) is no fault of the sender")
            }
            return nil
        }
        let most = source.memberIndex == nil && output == packed ? limits.containerBytes : limits.unpackedBytes
        try require(output.count <= most, "\(output.count) bytes from \(source.displayName), more than \(most)")
        if let size = source.size, source.member != nil {
            try require(output.count == size, "\(output.count) bytes of \(size) from \(source.displayName)")
        }
        return output
    }
}

/// A zip made as some bytes say.
struct MadePackage {
    /// The bytes of its entries that are files, by their positions.
    private(set) var files: [Int: [UInt8]] = [:]
    private(set) var bytes: [UInt8] = []
    /// Whether it was left as it was made.
    private(set) var isWhole = true

    init(_ choices: inout InputChoices) {
        var choice = Int(choices.byte())
        let damage = InputChoices.choose(&choice, from: [0, 1, 2, 3])
        let level = InputChoices.choose(&choice, from: [6, 0])
        let password: String? = InputChoices.choose(&choice, from: [nil, nil, nil, "p"])
        let number = choices.number()
        do throws(ZipError) {
            let writer = try ZipWriter(level: level, password: password)
            var index = 0
            while !choices.rest.isEmpty {
                var form = Int(choices.byte())
                let encoding = InputChoices.choose(&form, from: [ZipWriter.NameEncoding.utf8, .unmarked])
                let kind = InputChoices.choose(&form, from: [ZipEntry.Kind.file, .file, .directory, .symbolicLink])
                var name = choices.bytes(1 + Int(choices.byte()) % 40)
                // libarchive writes no entry without a name: it looks at the byte before the first.
                if name.first ?? 0 == 0 { name = [UInt8(ascii: "a")] }
                let content = choices.bytes(choices.number() % 5000)
                try writer.add(name: name, encoding, kind: kind, bytes: content)
                if kind == .file { files[index] = content }
                index += 1
            }
            bytes = try writer.finishInMemory()
        } catch {
            // A name that libarchive cannot write: there is no package then.
            isWhole = false
        }
        if password != nil { isWhole = false }
        guard !bytes.isEmpty, damage > 0 else { return }
        isWhole = false
        let place = number % bytes.count
        switch damage {
        case 1: bytes.removeLast(bytes.count - place)
        case 2: bytes[place] ^= 1 << UInt8(number % 8)
        default: bytes.replaceSubrange(place..<min(bytes.count, place + 4), with: [0xFF, 0xFF, 0xFF, 0x7F])
        }
    }
}
