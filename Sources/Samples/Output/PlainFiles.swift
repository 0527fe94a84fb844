import Digests

/// A file kept in memory: a member of a package that is still to be packed.
final class MemberFile: SampleFile {
    private(set) var bytes: [UInt8] = []

    func write(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }
    func close() {}
}

/// Passes bytes on and hashes them on their way, for the manifest.
final class HashedFile: SampleFile {
    private let file: any SampleFile
    private var hasher: SHA256Hasher? = SHA256Hasher()
    /// The SHA-256 in hexadecimal, once the file is closed.
    private(set) var digest = ""

    init(_ file: any SampleFile) { self.file = file }

    func write(_ bytes: [UInt8]) throws {
        hasher?.update(bytes)
        try file.write(bytes)
    }

    func close() throws {
        if let hasher = hasher.take() { digest = hexadecimal(hasher.finish()) }
        try file.close()
    }
}

/// Bytes as hexadecimal digits.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
