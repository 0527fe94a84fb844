import Compression
public import Core

/// What a submission consists of: its data files, its manifest, and what is wrong with the containers (A01–A06).
public struct Package: Sendable {
    /// The data files, loose ones and members of packages, in the order given. Files with a finding are left out.
    public private(set) var sources: [SourceFile] = []
    /// `manifest.json`, the first one.
    public private(set) var manifest: SourceFile?
    /// What is wrong; `details` name `file`, `member`, and as it fits `kind`, `reason`, `limit`, `value`.
    public private(set) var observations: [Observation] = []

    private init() {}

    /// Looks at the files of a submission, loose ones or packages; of each only the first bytes are read.
    ///
    /// - Parameter files: names relative to the submission's folder, and where they lie.
    /// - Throws: where a file cannot be read at all; whatever is wrong with what it holds is an observation.
    public static func open(
        files: [(name: String, path: String)], limits: ReadingLimits = ReadingLimits()
    ) throws(ReadingError) -> Package {
        var package = Package()
        for file in files { try package.add(file.name, path: file.path, limits: limits) }
        return package
    }

    private mutating func add(_ name: String, path: String, limits: ReadingLimits) throws(ReadingError) {
        let source = try FileByteSource(path: path, name: name)
        let file = SourceFile(name: name, member: nil, path: path, memberIndex: nil, size: source.size)
        guard source.size > 0 else { return note("A05", file, ["reason": "empty"]) }
        guard source.size <= limits.containerBytes else {
            return note(
                "A02", file,
                [
                    "limit": String(limits.containerBytes), "value": String(source.size),
                    "reason": ReadingLimits.Name.containerBytes,
                ])
        }
        var start: [UInt8] = []
        try source.fill(&start, upTo: ContentKind.sniffedBytes)
        switch ContentKind.sniff(start.span) {
        // A zip that begins with its end has no members; libarchive takes it for no zip.
        case .zip where start.span.starts(with: [0x50, 0x4B, 5, 6]): note("A05", file, ["reason": "empty"])
        case .zip: try addMembers(of: file, packageSize: source.size, limits: limits)
        case .gzip: try addUnpacked(file, limits: limits)
        case let kind: add(file, kind)
        }
    }

    /// Looks into a loose gzip file.
    private mutating func addUnpacked(_ file: SourceFile, limits: ReadingLimits) throws(ReadingError) {
        do throws(ReadingError) {
            add(file, try file.contentKind(limits: limits))
        } catch {
            guard let observation = error.observation(of: file, limits: limits) else { throw error }
            observations.append(observation)
        }
    }

    /// Takes a file as data, or says why not.
    private mutating func add(_ file: SourceFile, _ kind: ContentKind) {
        switch kind {
        case .text, .xml:
            if manifest == nil,
                PackageEntryName(Array((file.member ?? file.name).utf8)).lastComponent.lowercased() == "manifest.json"
            {
                manifest = file
            } else {
                sources.append(file)
            }
        case .empty: note("A05", file, ["reason": "empty"])
        case .zip, .gzip, .rar, .sevenZip, .bzip2, .xz, .zstd, .tar:
            // A loose archive of a kind that is not accepted is no nesting.
            if file.member == nil, kind != .zip, kind != .gzip {
                note("A01", file, ["kind": kind.rawValue])
            } else {
                note("A05", file, ["reason": "nested", "kind": kind.rawValue])
            }
        default: note("A01", file, ["kind": kind.rawValue])
        }
    }

    private mutating func addMembers(
        of file: SourceFile, packageSize: Int, limits: ReadingLimits
    ) throws(ReadingError) {
        // What stands here already is kept should the package as a whole be refused.
        let before = (sources, manifest)
        var listing = Listing()
        do throws(ZipError) {
            let reader = try ZipReader(path: file.path)
            while let entry = try reader.next() {
                listing.entries += 1
                guard listing.entries <= limits.entries else { break }
                listing.declare(entry.size)
                try add(entry, of: file, reader, &listing)
            }
        } catch {
            if case .system(let code) = error { throw ReadingError(.system(code), name: file.name) }
            if !listing.isCorrupt { note("A05", file, ["reason": "corrupt"]) }
            listing.isCorrupt = true
        }
        if listing.entries > limits.entries {
            // Nobody counts on beyond the limit: a listing may be as long as its sender likes.
            let details = [
                "limit": String(limits.entries), "value": "\(listing.entries)+", "reason": ReadingLimits.Name.entries,
            ]
            note("A03", file, details)
            (sources, manifest) = before
        }
        if let limit = listing.passedLimit(packageSize: packageSize, limits) {
            note("A04", file, ["limit": limit.value, "value": String(listing.declared), "reason": limit.name])
            (sources, manifest) = before
        }
        if listing.files == 0, !listing.isCorrupt { note("A05", file, ["reason": "empty"]) }
    }

    private struct Listing {
        var entries = 0
        var files = 0
        var declared = 0
        var isCorrupt = false

        /// Adds what an entry says that it unpacks to. It may say anything, 2⁶³ − 1 bytes as well.
        mutating func declare(_ size: Int?) {
            let (sum, isTooMuch) = declared.addingReportingOverflow(max(size ?? 0, 0))
            declared = isTooMuch ? .max : sum
        }

        func passedLimit(packageSize: Int, _ limits: ReadingLimits) -> (name: String, value: String)? {
            if declared > limits.unpackedBytes {
                return (ReadingLimits.Name.unpackedBytes, String(limits.unpackedBytes))
            }
            if declared > limits.ratioGraceBytes, declared / max(packageSize, 1) > limits.ratio {
                return (ReadingLimits.Name.ratio, "\(limits.ratio):1")
            }
            return nil
        }
    }

    private mutating func add(
        _ entry: ZipEntry, of file: SourceFile, _ reader: ZipReader, _ listing: inout Listing
    ) throws(ZipError) {
        let name = PackageEntryName(entry.rawName)
        var member = file
        member.member = name.text
        member.memberIndex = entry.index
        member.size = entry.size
        if let problem = name.problem {
            listing.files += 1
            return note("A06", member, ["reason": problem.rawValue])
        }
        switch entry.kind {
        case .directory: return
        case .symbolicLink, .other:
            listing.files += 1
            return note("A06", member, ["reason": entry.kind == .symbolicLink ? "symlink" : "special"])
        case .file: break
        }
        guard !name.isLitter else { return }
        listing.files += 1
        guard !entry.isEncrypted else { return note("A05", member, ["reason": "encrypted"]) }
        var start: [UInt8] = []
        do throws(ZipError) {
            while start.count < ContentKind.sniffedBytes {
                guard try reader.read(into: &start, atMost: ContentKind.sniffedBytes - start.count) > 0 else { break }
            }
        } catch {
            if case .system = error { throw error }
            listing.isCorrupt = true
            return note("A05", member, ["reason": error == .encrypted ? "encrypted" : "corrupt"])
        }
        add(member, ContentKind.sniff(start.span))
    }

    private mutating func note(_ rule: RuleID, _ file: SourceFile, _ details: [String: String]) {
        observations.append(Observation(rule, of: file, details))
    }
}

extension Observation {
    /// Something about a container as a whole: its names stand in the details, it may have no place in a list of files.
    init(_ rule: RuleID, of file: SourceFile, _ details: [String: String]) {
        var details = details
        details["file"] = file.name
        details["member"] = file.member
        self.init(rule, details: details)
    }
}

extension ReadingError {
    /// The finding that it is, A04 or A05; `nil` where the operating system failed, which is no fault of the sender.
    public func observation(of file: SourceFile, limits: ReadingLimits) -> Observation? {
        switch problem {
        case .system: return nil
        case .corrupt(let reason):
            return Observation("A05", of: file, ["reason": reason == "encrypted" ? reason : "corrupt", "said": reason])
        case .tooLarge(let limit):
            let value =
                switch limit {
                case ReadingLimits.Name.containerBytes: String(limits.containerBytes)
                case ReadingLimits.Name.ratio: "\(limits.ratio):1"
                default: String(limits.unpackedBytes)
                }
            let rule: RuleID = limit == ReadingLimits.Name.containerBytes ? "A02" : "A04"
            return Observation(rule, of: file, ["limit": value, "reason": limit])
        }
    }
}
