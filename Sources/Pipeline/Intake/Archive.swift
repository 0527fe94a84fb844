public import Core
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
    /// It is renamed only while nobody can write to it: a program that has it open, or another name of it, would go on
    /// writing into the archive. Then it is copied, and a file that somebody still writes to stays where it is besides.
    /// Calling it again after it was cut off half-way does what is left. The same bytes twice are kept once.
    /// - Returns: the digest under which the bytes lie: another than expected where the file changed after it was hashed.
    func take(_ source: String, expecting digest: SHA256Digest) throws -> SHA256Digest {
        guard FileSystem.exists(source) else {
            // An earlier try came as far as this.
            guard holds(digest) else { throw FileSystemError(path: source, action: "take", code: 2) }
            try FileSystem.setReadOnly(path(of: digest))
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
        let status = try FileSystem.status(of: source)
        let quiet = WriteLease(source)
        let isSameFileSystem = try status.device == FileSystem.status(of: folder(of: digest)).device
        guard isSameFileSystem, quiet.state == .held, try FileSystem.linkCount(of: source) == 1 else {
            return try copy(source, digest, staysThere: quiet.state == .writer, status)
        }
        try FileSystem.rename(source, to: target)
        try FileSystem.setReadOnly(target)
        guard quiet.wasBroken else { return digest }
        // Somebody opened it while it moved, and may write once the lease is gone: what is kept must be a copy.
        return try replaceByCopy(digest)
    }

    private func copy(
        _ source: String, _ digest: SHA256Digest, staysThere: Bool, _ status: FileSystem.Status
    ) throws -> SHA256Digest {
        let temporary = "\(folder(of: digest))/.\(digest.hex).incoming"
        try FileSystem.copy(source, to: temporary)
        let actual = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: temporary))
        try FileSystem.makeFolder(folder(of: actual))
        try FileSystem.setReadOnly(temporary)
        try FileSystem.rename(temporary, to: path(of: actual))
        // What came after the copy began would be lost with the file.
        if try !staysThere && FileSystem.status(of: source) == status { try FileSystem.remove(source) }
        return actual
    }

    private func replaceByCopy(_ digest: SHA256Digest) throws -> SHA256Digest {
        let temporary = "\(folder(of: digest))/.\(digest.hex).incoming"
        try FileSystem.copy(path(of: digest), to: temporary)
        let actual = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: temporary))
        try FileSystem.makeFolder(folder(of: actual))
        try FileSystem.setReadOnly(temporary)
        try FileSystem.rename(temporary, to: path(of: actual))
        if actual != digest { try FileSystem.remove(path(of: digest)) }
        return actual
    }

    /// Keeps bytes that the program has.
    func keep(_ bytes: [UInt8]) throws -> SHA256Digest {
        let digest = SHA256Digest(bytes: SHA256Hasher.digest(of: bytes))
        guard !holds(digest) else { return digest }
        try FileSystem.makeFolder(folder(of: digest))
        let temporary = "\(folder(of: digest))/.\(digest.hex).incoming"
        try FileSystem.remove(temporary)
        try FileSystem.append(bytes, to: temporary)
        try FileSystem.setReadOnly(temporary)
        try FileSystem.rename(temporary, to: path(of: digest))
        return digest
    }

    /// Keeps a copy of a file that stays where it is.
    func keep(fileAt source: String) throws -> SHA256Digest {
        let digest = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: source))
        guard !holds(digest) else { return digest }
        try FileSystem.makeFolder(folder(of: digest))
        return try copy(source, digest, staysThere: true, try FileSystem.status(of: source))
    }
}

/// Keeps copies of the files that commands take from people, so that what they did can be done again.
public enum ArchivedCopies {
    /// Keeps a file; gives its address.
    public static func keep(_ path: String, in settings: PipelineSettings) throws -> SHA256Digest {
        try Archive(root: settings.archive).keep(fileAt: path)
    }
}
