internal import Core
internal import Digests

/// Every byte that ever came, by its SHA-256, read-only, never changed again.
struct Archive: Sendable {
    let root: String

    /// Where the bytes with a digest lie.
    func path(of digest: SHA256Digest) -> String { "\(folder(of: digest))/\(digest.hex)" }

    private func folder(of digest: SHA256Digest) -> String { "\(root)/\(digest.hex.prefix(2))" }

    func holds(_ digest: SHA256Digest) -> Bool { FileSystem.exists(path(of: digest)) }

    /// Moves a file into the archive: renamed on one file system, else copied, made durable, verified and unlinked.
    ///
    /// Calling it again after it was cut off half-way does what is left. The same bytes twice are kept once.
    /// - Returns: the digest under which the bytes lie: another than expected where the file changed after it was hashed.
    func take(_ source: String, expecting digest: SHA256Digest) throws -> SHA256Digest {
        guard FileSystem.exists(source) else {
            // An earlier try came as far as this.
            guard holds(digest) else { throw FileSystemError(path: source, action: "take", code: 2) }
            return digest
        }
        try FileSystem.makeFolder(folder(of: digest))
        let target = path(of: digest)
        if holds(digest) {
            let actual = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: source))
            guard actual == digest else { return try take(source, expecting: actual) }
            try FileSystem.remove(source)
            return digest
        }
        let isSameFileSystem =
            try FileSystem.status(of: source).device == FileSystem.status(of: folder(of: digest)).device
        if isSameFileSystem {
            try FileSystem.rename(source, to: target)
        } else {
            let temporary = "\(folder(of: digest))/.\(digest.hex).incoming"
            try FileSystem.copy(source, to: temporary)
            let actual = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: temporary))
            guard actual == digest else {
                try FileSystem.remove(temporary)
                return try take(source, expecting: actual)
            }
            try FileSystem.rename(temporary, to: target)
            try FileSystem.remove(source)
        }
        try FileSystem.setReadOnly(target)
        return digest
    }
}
