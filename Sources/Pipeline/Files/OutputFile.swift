internal import Foundation

/// A file written piece by piece and whole or not at all: under a temporary name until it is closed.
final class OutputFile {
    let path: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private(set) var isEmpty = true

    init(_ path: String) throws {
        self.path = path
        let temporary = path + ".tmp"
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else { throw FileSystemError(path: temporary, action: "create", code: errno) }
        self.handle = handle
    }

    func write(_ bytes: [UInt8]) throws {
        isEmpty = isEmpty && bytes.isEmpty
        buffer += bytes
        if buffer.count >= 1 << 18 { try flush() }
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
