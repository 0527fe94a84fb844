internal import Foundation

/// A staging file as it is read: some of its bytes, record by record.
struct StagingWindow {
    private let handle: FileHandle
    private let path: String
    private let size: Int
    private(set) var bytes: [UInt8] = []
    /// Where the record at hand begins, or the bytes of it behind its head.
    private(set) var offset = 0

    /// - Parameter bytes: how much is read at once.
    init(_ path: String, bytes: Int) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw StagingError(problem: .damaged, path: path)
        }
        self.handle = handle
        self.path = path
        size = bytes
    }

    /// Makes sure that so many bytes are there from `offset` on.
    mutating func fill(_ count: Int) throws {
        guard bytes.count - offset < count else { return }
        bytes.removeFirst(offset)
        offset = 0
        while bytes.count < count {
            guard let more = try handle.read(upToCount: max(size, count - bytes.count)), !more.isEmpty else {
                throw StagingError(problem: .damaged, path: path)
            }
            bytes.append(contentsOf: more)
        }
    }

    /// Kind and length of the next record; `nil` at the end of the file.
    mutating func next() throws -> (kind: StagingRecord, length: Int)? {
        try fill(StagingWriter.headBytes)
        guard let head = StagingWindow.head(bytes, at: offset, before: bytes.count) else {
            throw StagingError(problem: .damaged, path: path)
        }
        offset += StagingWriter.headBytes
        return head.kind == .end ? nil : head
    }

    /// Steps over so many bytes; what was not read of them is not read.
    mutating func skip(_ count: Int) throws {
        let unread = count - (bytes.count - offset)
        guard unread > 0 else {
            offset += count
            return
        }
        bytes.removeAll(keepingCapacity: true)
        offset = 0
        try handle.seek(toOffset: try handle.offset() + UInt64(unread))
    }

    /// The head of a record among bytes; `nil` where there is none.
    static func head(_ bytes: [UInt8], at offset: Int, before end: Int) -> (kind: StagingRecord, length: Int)? {
        guard end - offset >= StagingWriter.headBytes, let kind = StagingRecord(rawValue: bytes[offset]) else {
            return nil
        }
        let length = (1...4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * ($1 - 1)) }
        return (kind, length)
    }
}
