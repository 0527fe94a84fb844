import Digests
import Foundation
import Testing

struct SHA256HasherTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The examples of FIPS 180-2.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `known digests come out`(text: String, expected: String) {
        #expect(hex(SHA256Hasher.digest(of: Array(text.utf8))) == expected)
    }

    @Test(arguments: [1, 3, 64, 1_000])
    func `pieces do not matter`(size: Int) {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var hasher = SHA256Hasher()
        for start in stride(from: 0, to: bytes.count, by: size) {
            hasher.update(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(hasher.finish() == SHA256Hasher.digest(of: bytes))
    }

    @Test func `one digester gives half the digest of one run of bytes after the other`() {
        let digester = SHA256Digester()
        for size in [0, 3, 64, 5_000, 1] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let (high, low) = digester.half(of: bytes.span)
            let digest = SHA256Hasher.digest(of: bytes)
            #expect(high == digest[..<8].reduce(0) { $0 << 8 | UInt64($1) })
            #expect(low == digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) })
        }
    }

    @Test func `a file has the digest of its bytes`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "yaoce-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let bytes = [UInt8](repeating: 7, count: (1 << 20) + 5)
        try Data(bytes).write(to: file)
        #expect(try SHA256Hasher.digest(ofFileAt: file.path) == SHA256Hasher.digest(of: bytes))
    }

    @Test func `what is no regular file is refused with its path`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "yaoce-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let fifo = folder.appending(path: "fifo").path
        #expect(mkfifo(fifo, 0o600) == 0)
        let link = folder.appending(path: "link").path
        #expect(symlink("/etc/hostname", link) == 0)
        #expect(throws: FileDigestError(code: EINVAL, path: fifo)) { try SHA256Hasher.digest(ofFileAt: fifo) }
        #expect(throws: FileDigestError(code: ELOOP, path: link)) { try SHA256Hasher.digest(ofFileAt: link) }
        let missing = folder.appending(path: "missing").path
        let error = #expect(throws: FileDigestError.self) { try SHA256Hasher.digest(ofFileAt: missing) }
        #expect(error?.description.hasPrefix(missing) == true)
    }
}
