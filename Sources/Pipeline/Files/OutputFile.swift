/// A file written piece by piece and whole or not at all: under a temporary name until it is closed.
final class OutputFile {
    let path: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private let bufferSize: Int
    private(set) var isEmpty = true

    /// - Parameter bufferSize: how much is kept before it is written; less where many files are open at once.
    init(_ path: String, bufferSize: Int = 1 << 18) throws {
        self.path = path
        self.bufferSize = bufferSize
        descriptor = try FileSystem.create(path + ".tmp")
        // Growing from nothing, the buffer of a list is copied six times.
        buffer.reserveCapacity(min(bufferSize, 1 << 16))
    }

    deinit { if descriptor >= 0 { FileSystem.abandon(descriptor) } }

    func write(_ bytes: [UInt8]) throws {
        isEmpty = isEmpty && bytes.isEmpty
        buffer.append(contentsOf: bytes)
        if buffer.count >= bufferSize { try flush() }
    }

    /// Writes what is put behind the bytes that wait.
    func write(_ body: (inout [UInt8]) -> Void) throws {
        let before = buffer.count
        body(&buffer)
        isEmpty = isEmpty && buffer.count == before
        if buffer.count >= bufferSize { try flush() }
    }

    private func flush() throws {
        guard !buffer.isEmpty else { return }
        try FileSystem.put(buffer, to: descriptor, path + ".tmp")
        buffer.removeAll(keepingCapacity: true)
    }

    func close() throws {
        try flush()
        let done = descriptor
        descriptor = -1
        try FileSystem.finish(done, path + ".tmp")
        try FileSystem.rename(path + ".tmp", to: path)
    }
}
