internal import CLinux
internal import Core
internal import Glibc

/// What the operating system refused: which path, which call, why.
public struct FileSystemError: Error, Sendable, CustomStringConvertible {
    /// The path.
    public let path: String
    /// What was tried.
    public let action: String
    /// The error number.
    public let code: Int32

    var isOfTheMachine: Bool { [ENOSPC, EDQUOT, EROFS, EIO, EMFILE, ENFILE, ENOMEM].contains(code) }

    /// The path, the action and what the system says.
    public var description: String { "\(path): \(action): \(unsafe String(cString: strerror(code)))" }
}

/// The few calls of the operating system the pipeline needs. Symbolic links are never followed.
enum FileSystem {
    enum Kind: Equatable {
        case file, folder, link, other
    }

    struct Status: Equatable {
        var kind: Kind
        var size: Int
        var inode: UInt64
        var device: UInt64
        /// Microseconds since the Unix epoch.
        var modified: Timestamp
    }

    static func status(of path: String) throws(FileSystemError) -> Status {
        var info = stat()
        guard unsafe lstat(path, &info) == 0 else { throw failure(path, "stat") }
        let kind: Kind =
            switch info.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        let microseconds = Int64(info.st_mtim.tv_sec) * 1_000_000 + Int64(info.st_mtim.tv_nsec) / 1000
        return Status(
            kind: kind, size: Int(info.st_size), inode: UInt64(info.st_ino), device: UInt64(info.st_dev),
            modified: Timestamp(microseconds: microseconds))
    }

    /// How many names a file has.
    static func linkCount(of path: String) throws(FileSystemError) -> Int {
        var info = stat()
        guard unsafe lstat(path, &info) == 0 else { throw failure(path, "stat") }
        return Int(info.st_nlink)
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// What a folder says of one of its entries.
    struct Entry: Sendable {
        var name: String
        /// A name that is not UTF-8 is shown with `\xHH`.
        var isReadable: Bool
        /// Whether the folder itself says that it is a folder; where it does not, `status` does.
        var isFolder: Bool
    }

    /// The names in a folder, in byte order; a name that is not UTF-8 comes with `\xHH` and `isReadable` false.
    static func entries(of path: String) throws(FileSystemError) -> [(name: String, isReadable: Bool)] {
        try listing(of: path).map { ($0.name, $0.isReadable) }
    }

    /// What is in a folder, in byte order of the names.
    static func listing(of path: String) throws(FileSystemError) -> [Entry] {
        guard let folder = unsafe opendir(path) else { throw failure(path, "open folder") }
        defer { unsafe closedir(folder) }
        var result: [(bytes: [UInt8], entry: Entry)] = []
        while let entry = unsafe readdir(folder) {
            let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
                unsafe Array(name.prefix { $0 != 0 })
            }
            if bytes == [UInt8(ascii: ".")] || bytes == Array("..".utf8) { continue }
            let isFolder = unsafe Int(entry.pointee.d_type) == Int(DT_DIR)
            if let name = String(validating: bytes, as: UTF8.self) {
                result.append((bytes, Entry(name: name, isReadable: true, isFolder: isFolder)))
            } else {
                let shown = bytes.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "\\x" + hex($0) }.joined()
                result.append((Array(shown.utf8), Entry(name: shown, isReadable: false, isFolder: isFolder)))
            }
        }
        if result.count > 1 { result.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) } }
        return result.map(\.entry)
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
    }

    static func makeFolder(_ path: String) throws(FileSystemError) {
        if unsafe mkdir(path, 0o750) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw failure(path, "make folder")
        }
        try makeFolder(String(path[..<slash]))
        guard unsafe mkdir(path, 0o750) == 0 || errno == EEXIST else { throw failure(path, "make folder") }
    }

    static func rename(_ from: String, to: String) throws(FileSystemError) {
        guard unsafe Glibc.rename(from, to) == 0 else { throw failure(from, "rename to \(to)") }
    }

    static func remove(_ path: String) throws(FileSystemError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure(path, "remove") }
    }

    /// Removes a folder where it is empty; a folder with something in it stays.
    static func removeIfEmpty(_ path: String) { unsafe rmdir(path) }

    static func setReadOnly(_ path: String) throws(FileSystemError) {
        guard unsafe chmod(path, 0o440) == 0 else { throw failure(path, "set read-only") }
    }

    /// Copies a file, makes it durable, and leaves the source where it is.
    static func copy(_ from: String, to: String) throws(FileSystemError) {
        let source = unsafe open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard source >= 0 else { throw failure(from, "open") }
        defer { close(source) }
        let target = unsafe open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard target >= 0 else { throw failure(to, "create") }
        defer { close(target) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe read(source, &buffer, buffer.count)
            if count < 0 {
                guard errno == EINTR else { throw failure(from, "read") }
                continue
            }
            if count == 0 { break }
            guard writeAll(buffer[..<count], to: target) else { throw failure(to, "write") }
        }
        guard fsync(target) == 0 else { throw failure(to, "fsync") }
    }

    /// Makes everything written to the file system of a folder durable: one call for a whole group of files.
    static func synchronise(_ folder: String) throws(FileSystemError) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder, "open") }
        defer { close(descriptor) }
        guard syncfs(descriptor) == 0 else { throw failure(folder, "syncfs") }
    }

    /// Adds bytes at the end of a file, durable when this returns unless that does not matter; the file is made where it is not there.
    static func append(_ bytes: [UInt8], to path: String, isDurable: Bool = true) throws(FileSystemError) {
        let target = try openForAppending(path)
        defer { close(target) }
        guard writeAll(bytes[...], to: target) else { throw failure(path, "write") }
        guard !isDurable || fsync(target) == 0 else { throw failure(path, "fsync") }
    }

    static func openForAppending(_ path: String) throws(FileSystemError) -> Int32 {
        let target = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard target >= 0 else { throw failure(path, "open") }
        return target
    }

    /// The beginning of a small file of the program's own; blank where there is none.
    static func smallText(_ path: String) -> String {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { return "" }
        defer { close(source) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(source, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }

    /// Whether the last byte of a file is a line feed.
    static func endsWithNewline(_ path: String) throws(FileSystemError) -> Bool {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { throw failure(path, "open") }
        defer { close(source) }
        var last: UInt8 = 0
        guard lseek(source, -1, SEEK_END) >= 0, unsafe read(source, &last, 1) == 1 else { return false }
        return last == UInt8(ascii: "\n")
    }

    /// Opens a file to read from it.
    static func openForReading(_ path: String) throws(FileSystemError) -> Int32 {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { throw failure(path, "open") }
        return source
    }

    /// The last so many bytes of a file, fewer where it has no more, and its size.
    static func end(of path: String, _ count: Int) throws(FileSystemError) -> (bytes: [UInt8], size: Int) {
        let source = try openForReading(path)
        defer { close(source) }
        let size = Int(lseek(source, 0, SEEK_END))
        guard size >= 0 else { throw failure(path, "read") }
        var bytes = [UInt8](repeating: 0, count: min(size, count))
        let got = unsafe pread(source, &bytes, bytes.count, off_t(size - bytes.count))
        guard got == bytes.count else { throw failure(path, "read") }
        return (bytes, size)
    }

    /// The last so many bytes of a file, and whether that is all of it.
    static func tail(of path: String, _ count: Int) throws(FileSystemError) -> (bytes: [UInt8], isWhole: Bool) {
        let source = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard source >= 0 else { throw failure(path, "open") }
        defer { close(source) }
        let size = Int(lseek(source, 0, SEEK_END))
        guard size >= 0, lseek(source, off_t(max(0, size - count)), SEEK_SET) >= 0 else { throw failure(path, "read") }
        var bytes = [UInt8](repeating: 0, count: min(size, count))
        var place = 0
        while place < bytes.count {
            let got = unsafe bytes.withUnsafeMutableBytes { rest in
                unsafe read(source, rest.baseAddress.map { unsafe $0 + place }, rest.count - place)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure(path, "read") }
            // It was cut short meanwhile.
            if got == 0 { bytes.removeLast(bytes.count - place) }
            place += got
        }
        return (bytes, size <= count)
    }

    /// Makes a file, or empties the one that is there, for writing piece by piece.
    static func create(_ path: String) throws(FileSystemError) -> Int32 {
        let target = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard target >= 0 else { throw failure(path, "create") }
        return target
    }

    /// Writes bytes to a file that is open.
    static func put(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileSystemError) {
        guard writeAll(bytes[...], to: descriptor) else { throw failure(path, "write") }
    }

    /// Closes a file that was written; some file systems say only now what they could not write.
    static func finish(_ descriptor: Int32, _ path: String) throws(FileSystemError) {
        guard Glibc.close(descriptor) == 0 else { throw failure(path, "close") }
    }

    /// Closes a file whatever became of it.
    static func abandon(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    /// Writes a file whole or not at all: under a temporary name first, then renamed.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileSystemError) {
        let temporary = path + ".tmp"
        let target = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard target >= 0 else { throw failure(temporary, "create") }
        guard writeAll(bytes[...], to: target) else {
            let code = errno
            close(target)
            unsafe unlink(temporary)
            throw FileSystemError(path: path, action: "write", code: code)
        }
        close(target)
        try rename(temporary, to: path)
    }

    /// Writes all bytes, however often the system takes only a part; `false` and `errno` where it refuses.
    private static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return false }
            rest = rest.dropFirst(max(count, 0))
        }
        return true
    }

    private static func failure(_ path: String, _ action: String) -> FileSystemError {
        FileSystemError(path: path, action: action, code: errno)
    }
}
