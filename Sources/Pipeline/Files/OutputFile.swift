internal import Foundation

/// A file written piece by piece and whole or not at all: under a temporary name until it is closed.
final class OutputFile {
    let path: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private let bufferSize: Int
    private(set) var isEmpty = true

    /// - Parameter bufferSize: how much is kept before it is written; less where many files are open at once.
    init(_ path: String, bufferSize: Int = 1 << 18) throws {
        self.path = path
        self.bufferSize = bufferSize
        let temporary = path + ".tmp"
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else { throw FileSystemError(path: temporary, action: "create", code: errno) }
        self.handle = handle
    }

    func write(_ bytes: [UInt8]) throws {
        isEmpty = isEmpty && bytes.isEmpty
        buffer += bytes
        if buffer.count >= bufferSize { try flush() }
    }

    private func flush() throws {
        guard !buffer.isEmpty else { return }
        try handle.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    func close() throws {
        try flush()
        try handle.close()
        try FileSystem.rename(path + ".tmp", to: path)
    }
}
