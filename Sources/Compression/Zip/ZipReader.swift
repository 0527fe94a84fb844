import CArchive
import Glibc

/// Reads a zip file in one pass over its entries, from its central directory. Nothing is ever written to disk.
///
/// Only zip is understood: of all the formats and filters of libarchive no other is switched on.
@safe
public final class ZipReader {
    /// The entry that `read` gives the bytes of.
    public private(set) var entry: ZipEntry?
    /// The bytes of the whole zip file.
    public let packageSize: Int

    private let archive: OpaquePointer
    private let descriptor: Int32
    private let locale = TextLocale("C.UTF-8")
    private var nextIndex = 0
    private var produced = 0

    /// Opens a zip file. A symbolic link at the end of the path is refused, and what is no regular file too.
    public init(path: String) throws(ZipError) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .system(EINVAL)
        }
        guard let archive = unsafe archive_read_new() else {
            close(descriptor)
            throw .system(ENOMEM)
        }
        unsafe self.archive = archive
        packageSize = Int(status.st_size)
        unsafe archive_read_support_format_zip_seekable(archive)
        guard unsafe archive_read_open_fd(archive, descriptor, 64 << 10) == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        unsafe archive_read_free(archive)
        close(descriptor)
    }

    /// Goes to the next entry; `nil` behind the last one.
    public func next() throws(ZipError) -> ZipEntry? {
        entry = nil
        produced = 0
        var header: OpaquePointer?
        let status = locale.use { unsafe archive_read_next_header(archive, &header) }
        if status == ARCHIVE_EOF { return nil }
        // A warning is about the name or a time; the entry is there.
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let header = unsafe header else { throw failure() }
        let name = locale.use { () -> [UInt8] in
            guard let text = unsafe archive_entry_pathname(header) else { return [] }
            return unsafe [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
        let kind: ZipEntry.Kind =
            switch unsafe archive_entry_filetype(header) {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .other
            }
        let size = unsafe archive_entry_size_is_set(header) != 0 ? Int(unsafe archive_entry_size(header)) : nil
        let entry = ZipEntry(
            index: nextIndex, rawName: name, kind: kind, size: size,
            isEncrypted: unsafe archive_entry_is_encrypted(header) != 0)
        nextIndex += 1
        self.entry = entry
        return entry
    }

    /// Goes to the entry at a position.
    public func seek(to index: Int) throws(ZipError) -> ZipEntry {
        precondition(index >= nextIndex, "a zip is read forwards")
        while let entry = try next() {
            if entry.index == index { return entry }
        }
        throw .noSuchEntry(index)
    }

    /// Appends at most `count` bytes of the current entry to `buffer`; gives how many, 0 at its end.
    ///
    /// An entry that unpacks to more or fewer bytes than it says is corrupt.
    public func read(into buffer: inout [UInt8], atMost count: Int) throws(ZipError) -> Int {
        guard let entry, entry.kind == .file, count > 0 else { return 0 }
        guard !entry.isEncrypted else { throw .encrypted }
        var given = 0
        buffer.append(addingCapacity: count) { space in
            unsafe space.withUnsafeMutableBufferPointer { target, filled in
                given = unsafe archive_read_data(archive, target.baseAddress, count)
                filled = max(given, 0)
            }
        }
        guard given >= 0 else { throw failure() }
        produced += given
        if let size = entry.size, produced > size || (given == 0 && produced < size) {
            buffer.removeLast(given)
            throw .corrupt("the entry has not the size that it states")
        }
        return given
    }

    private func failure() -> ZipError {
        let text = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "not a zip file"
        return .corrupt(text)
    }
}
