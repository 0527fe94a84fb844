import Compression
import Core
import Digests
import Foundation
import Readers
import Testing

/// A folder of its own for one test, removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "yaoce-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

extension ByteSource {
    /// Everything, in pieces of a size.
    func readAll(pieces: Int = 1 << 16) throws(ReadingError) -> [UInt8] {
        var bytes: [UInt8] = []
        while try read(into: &bytes, atMost: pieces) > 0 {}
        return bytes
    }
}

struct ByteSourceTests {
    private let text = (0..<2_000).flatMap { Array("row \($0 * 7919 % 1_000),中文\n".utf8) }

    private func source(_ bytes: [UInt8], in folder: String, maximumBytes: Int? = nil) throws -> FileByteSource {
        let path = folder + "/\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: path))
        return try FileByteSource(path: path, name: "a.csv", maximumBytes: maximumBytes)
    }

    @Test(arguments: [1_000, 1 << 16])
    func `every source gives its bytes and then nothing`(pieces: Int) throws {
        try withTemporaryFolder { folder in
            let sources: [any ByteSource] = [
                ArrayByteSource(text), try source(text, in: folder),
                GzipByteSource(ArrayByteSource(GzipWriter.gzip(text)), name: "a.csv.gz"),
                HashingByteSource(ArrayByteSource(text)),
            ]
            for source in sources {
                #expect(try source.readAll(pieces: pieces) == text)
                #expect(try source.readAll(pieces: pieces) == [])
            }
        }
    }

    @Test func `links, folders and FIFOs are refused, missing files told`() throws {
        try withTemporaryFolder { folder in
            #expect(symlink("/etc/hostname", folder + "/link") == 0)
            #expect(mkfifo(folder + "/fifo", 0o600) == 0)
            for (name, code) in [("link", ELOOP), ("fifo", EINVAL), ("", EINVAL), ("missing", ENOENT)] {
                #expect(throws: ReadingError(.system(code), name: name)) {
                    try FileByteSource(path: folder + "/" + name, name: name)
                }
            }
        }
    }

    @Test func `a file that grows past its limit is too large`() throws {
        try withTemporaryFolder { folder in
            let limited = try source(text, in: folder, maximumBytes: 1_000)
            #expect(throws: ReadingError(.tooLarge(limit: "container_bytes"), name: "a.csv")) { try limited.readAll() }
        }
    }

    @Test func `a bomb stops at its ratio or size, long before it is unpacked`() throws {
        let bomb = GzipWriter.gzip([UInt8](repeating: 0, count: 20 << 20))
        var limits = ReadingLimits()
        var buffer: [UInt8] = []
        func unpack() throws {
            let source = GzipByteSource(ArrayByteSource(bomb), name: "b.gz", limits: limits)
            buffer = []
            while try source.read(into: &buffer, atMost: 1 << 16) > 0 {}
        }
        #expect(throws: ReadingError(.tooLarge(limit: "ratio"), name: "b.gz")) { try unpack() }
        #expect(buffer.count < 8 << 20)
        limits.ratio = 10_000
        limits.unpackedBytes = 4 << 20
        #expect(throws: ReadingError(.tooLarge(limit: "unpacked_bytes"), name: "b.gz")) { try unpack() }
        #expect(buffer.count <= (4 << 20) + (1 << 16))
        limits.unpackedBytes = 20 << 20
        try unpack()
        #expect(buffer.count == 20 << 20)
    }

    @Test func `a truncated or changed gzip is corrupt`() throws {
        let packed = GzipWriter.gzip(text)
        for bytes in [Array(packed.dropLast(5)), Array(packed.prefix(1)), packed + [7]] {
            let error = #expect(throws: ReadingError.self) {
                try GzipByteSource(ArrayByteSource(bytes), name: "a.gz").readAll()
            }
            guard case .corrupt? = error?.problem else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func `the digest is of all bytes, however much was read`() throws {
        let expected = SHA256Digest(bytes: SHA256Hasher.digest(of: text))
        for count in [0, 10, text.count, text.count * 2] {
            let source = HashingByteSource(ArrayByteSource(text))
            var buffer: [UInt8] = []
            _ = try source.read(into: &buffer, atMost: count)
            #expect(try source.digest() == expected)
            #expect(try source.digest() == expected)
            #expect(source.count == text.count)
        }
    }
}
