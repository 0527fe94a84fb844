extension SourceFile {
    /// What errors call it: the file, and the member after a `!`.
    public var displayName: String { member.map { "\(name)!\($0)" } ?? name }

    /// The table that its name speaks of: the member's name if it is one.
    public var tableName: TableName { TableName(fileName: member ?? name) }

    /// Its unpacked bytes, from the start.
    ///
    /// A loose gzip is unpacked, by content and not by name. A gzip inside a package is not: that is a finding (A05).
    public func open(limits: ReadingLimits) throws(ReadingError) -> any ByteSource {
        try unpacked(try stored(limits: limits), limits: limits)
    }

    /// Its unpacked bytes, and what hashes the bytes as they lie in the folder or package (A25): for `.gz` the packed ones.
    ///
    /// Ask `hash.digest()` when the reading is over; it reads what was left.
    public func openHashing(
        limits: ReadingLimits
    ) throws(ReadingError) -> (bytes: any ByteSource, hash: HashingByteSource) {
        let hash = HashingByteSource(try stored(limits: limits))
        return (try unpacked(hash, limits: limits), hash)
    }

    /// What the first of its unpacked bytes show it to be.
    public func contentKind(limits: ReadingLimits) throws(ReadingError) -> ContentKind {
        var start: [UInt8] = []
        try open(limits: limits).fill(&start, upTo: ContentKind.sniffedBytes)
        return ContentKind.sniff(start.span)
    }

    private func stored(limits: ReadingLimits) throws(ReadingError) -> any ByteSource {
        if let memberIndex {
            return try ZipMemberByteSource(path: path, memberIndex: memberIndex, name: displayName, limits: limits)
        }
        return try FileByteSource(path: path, name: name, maximumBytes: limits.containerBytes)
    }

    private func unpacked(_ source: any ByteSource, limits: ReadingLimits) throws(ReadingError) -> any ByteSource {
        guard memberIndex == nil else { return source }
        let resumed = try ResumedByteSource(source, lookingAt: 2)
        let start = resumed.start
        guard ContentKind.sniff(start.span) == .gzip else { return resumed }
        return GzipByteSource(resumed, name: displayName, limits: limits)
    }
}

extension ByteSource {
    /// Reads until `buffer` has `count` bytes or the source is at its end.
    func fill(_ buffer: inout [UInt8], upTo count: Int) throws(ReadingError) {
        while buffer.count < count {
            guard try read(into: &buffer, atMost: count - buffer.count) > 0 else { return }
        }
    }
}

/// A source whose first bytes have been looked at, from its start.
final class ResumedByteSource: ByteSource {
    /// The bytes that were looked at.
    let start: [UInt8]

    private let source: any ByteSource
    private var position = 0

    init(_ source: any ByteSource, lookingAt count: Int) throws(ReadingError) {
        var start: [UInt8] = []
        try source.fill(&start, upTo: count)
        self.start = start
        self.source = source
    }

    func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        guard position < start.count else { return try source.read(into: &buffer, atMost: count) }
        let end = min(position + max(count, 0), start.count)
        buffer.append(contentsOf: start[position..<end])
        defer { position = end }
        return end - position
    }
}
