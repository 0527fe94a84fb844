internal import Core
internal import Glibc

/// A part of a staging file as it goes by: about a mebibyte of it is in memory, in one place that is filled again and again.
struct StagingWindow {
    private static let size = 1 << 20

    /// What is in memory; of it what has not been taken yet is `start..<end`.
    private(set) var bytes: [UInt8]
    private(set) var start = 0
    private var end = 0
    private let descriptor: Int32
    private let path: String
    /// Where in the file the bytes behind `end` are, and where the part ends.
    private var position: Int
    private let limit: Int

    init(_ part: Range<Int>, of descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        self.path = path
        position = part.lowerBound
        limit = part.upperBound
        bytes = [UInt8](repeating: 0, count: min(part.count, StagingWindow.size))
    }

    /// Whether all of the part has been taken.
    var isAtEnd: Bool { start == end && position >= limit }

    /// Makes sure that the next so many bytes are in memory.
    mutating func require(_ count: Int) throws(StagingError) {
        let rest = end - start
        guard rest < count else { return }
        // Before making room: a damaged length may be anything.
        guard count - rest <= limit - position else { throw StagingError(problem: .damaged, path: path) }
        let (from, kept) = (start, rest)
        if count > bytes.count {
            bytes = Array(bytes[from..<from + kept]) + [UInt8](repeating: 0, count: count - kept)
        } else if kept > 0, from > 0 {
            // Both lie in the array.
            unsafe bytes.withUnsafeMutableBytes { buffer in
                guard let base = buffer.baseAddress else { return }
                unsafe memmove(base, base + from, kept)
            }
        }
        (start, end) = (0, kept)
        while end < count {
            let wanted = min(bytes.count - end, limit - position)
            let (place, offset) = (end, position)
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(descriptor, buffer.baseAddress.map { unsafe $0 + place }, wanted, off_t(offset))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw StagingError(problem: .system(unsafe String(cString: strerror(errno))), path: path)
            }
            guard got > 0 else { throw StagingError(problem: .damaged, path: path) }
            end += got
            position += got
        }
    }

    /// Steps over bytes, which need not be read for that.
    mutating func skip(_ count: Int) throws(StagingError) {
        let rest = end - start
        guard count > rest else {
            start += count
            return
        }
        guard count - rest <= limit - position else { throw StagingError(problem: .damaged, path: path) }
        position += count - rest
        (start, end) = (0, 0)
    }
}
