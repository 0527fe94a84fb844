public import Core
import Digests

/// Another source's bytes, hashed as they pass.
public final class HashingByteSource: ByteSource {
    /// How many bytes have passed.
    public private(set) var count = 0

    private let source: any ByteSource
    private var hasher: SHA256Hasher? = SHA256Hasher()
    private var result: SHA256Digest?

    /// Hashes what `source` gives.
    public init(_ source: any ByteSource) { self.source = source }

    /// Appends at most `count` bytes to `buffer`; gives how many, 0 at the end and ever after.
    public func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        let start = buffer.count
        let got = try source.read(into: &buffer, atMost: count)
        hasher?.update(buffer.span.extracting(droppingFirst: start))
        self.count += got
        return got
    }

    /// The digest of all bytes: reads whatever is left, so that it is of the file and not of what was looked at.
    ///
    /// Nothing is given out afterwards that counts: the digest stays what it was.
    public func digest() throws(ReadingError) -> SHA256Digest {
        if let result { return result }
        var buffer: [UInt8] = []
        while try read(into: &buffer, atMost: 256 << 10) > 0 { buffer.removeAll(keepingCapacity: true) }
        guard let hasher = hasher.take() else { preconditionFailure("a hasher is used up once") }
        let digest = SHA256Digest(bytes: hasher.finish())
        result = digest
        return digest
    }
}
