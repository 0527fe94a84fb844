import Compression

/// What a gzip stream unpacks to, within limits.
public final class GzipByteSource: ByteSource {
    private let source: any ByteSource
    private let name: String
    private let inflater = GzipInflater()
    private var unpackingGuard: UnpackingGuard
    private var packed: [UInt8] = []
    private var position = 0
    private var packedCount = 0
    private var isAtEnd = false

    /// Unpacks what `source` gives.
    public init(_ source: any ByteSource, name: String, limits: ReadingLimits = ReadingLimits()) {
        self.source = source
        self.name = name
        unpackingGuard = UnpackingGuard(limits: limits, name: name)
    }

    /// Appends at most `count` bytes to `buffer`; gives how many, 0 at the end and ever after.
    public func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        guard count > 0 else { return 0 }
        while true {
            if position == packed.count, !isAtEnd { try readPacked() }
            let step: (consumed: Int, produced: Int)
            do throws(GzipError) {
                step = try inflater.inflate(
                    packed.span.extracting(droppingFirst: position), into: &buffer, atMost: count)
                if step.produced == 0, isAtEnd { try inflater.finish() }
            } catch {
                throw ReadingError(.corrupt(String(describing: error)), name: name)
            }
            position += step.consumed
            if step.produced > 0 {
                try unpackingGuard.add(step.produced, packed: packedCount - packed.count + position)
                return step.produced
            }
            if isAtEnd { return 0 }
        }
    }

    private func readPacked() throws(ReadingError) {
        packed.removeAll(keepingCapacity: true)
        position = 0
        let got = try source.read(into: &packed, atMost: 64 << 10)
        packedCount += got
        isAtEnd = got == 0
    }
}
