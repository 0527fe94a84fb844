import Glibc

/// Why a file could not be hashed: the error number of the call that failed.
public struct FileDigestError: Error, Sendable, Hashable {
    /// The error number.
    public let code: Int32
    /// The file.
    public let path: String

    /// An error.
    public init(code: Int32, path: String) {
        self.code = code
        self.path = path
    }
}

extension FileDigestError: CustomStringConvertible {
    /// The file and what the system says.
    public var description: String { "\(path): \(unsafe String(cString: strerror(code)))" }
}

extension SHA256Hasher {
    /// The 32 bytes of the digest of a file, read in pieces of 1 MiB.
    ///
    /// A symbolic link at the end of the path is refused (`ELOOP`), and what is no regular file too (`EINVAL`).
    public static func digest(ofFileAt path: String) throws(FileDigestError) -> [UInt8] {
        // Without O_NONBLOCK the opening of a FIFO would wait for somebody who writes.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileDigestError(code: errno, path: path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw FileDigestError(code: errno, path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileDigestError(code: EINVAL, path: path) }

        var hasher = SHA256Hasher()
        // Most files are small, and to clear a mebibyte for each takes longer than to read them.
        let size = min(max(Int(status.st_size), 1 << 12), 1 << 20)
        var buffer = [UInt8](repeating: 0, count: size)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { throw FileDigestError(code: errno, path: path) }
                continue
            }
            guard count > 0 else { return hasher.finish() }
            hasher.update(buffer.span.extracting(first: count))
        }
    }
}
