import CArchive
import Glibc

/// Writes a zip file, the same bytes for the same input: the owner is root and the time the zip epoch, 1980-01-01.
@safe
public final class ZipWriter {
    /// How the name of an entry is written.
    public enum NameEncoding: Sendable, Hashable {
        /// As UTF-8, with the flag that says so.
        case utf8
        /// As the bytes are, without a flag: what old Windows tools do with GBK.
        case unmarked
    }

    /// What libarchive hands over, and why it could not be passed on.
    private final class Output {
        var bytes: [UInt8] = []
        var descriptor: Int32?
        var failure: Int32?

        func take(_ source: UnsafeRawBufferPointer) -> Int {
            guard let descriptor else {
                unsafe bytes.append(contentsOf: source)
                return source.count
            }
            while true {
                let count = unsafe Glibc.write(descriptor, source.baseAddress, source.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = errno }
                return count
            }
        }

        deinit {
            if let descriptor { close(descriptor) }
        }
    }

    private let archive: OpaquePointer
    private let output = Output()
    private let unconverted = TextLocale("C")
    private let utf8 = TextLocale("C.UTF-8")

    /// A writer to a new file; an existing one is an error (`EEXIST`). With a password the entries are encrypted in the
    /// old way of zip, which keeps nobody out: it is there to make samples of what hospitals send.
    public convenience init(path: String, level: Int = 6, password: String? = nil) throws(ZipError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .system(errno) }
        try self.init(descriptor: descriptor, level: level, password: password)
    }

    /// A writer that keeps the zip in memory, for `finishInMemory`.
    public convenience init(level: Int = 6, password: String? = nil) throws(ZipError) {
        try self.init(descriptor: nil, level: level, password: password)
    }

    private init(descriptor: Int32?, level: Int, password: String?) throws(ZipError) {
        output.descriptor = descriptor
        guard let archive = unsafe archive_write_new() else { throw .system(ENOMEM) }
        unsafe self.archive = archive
        unsafe archive_write_set_format_zip(archive)
        // No padding to tape blocks.
        unsafe archive_write_set_bytes_in_last_block(archive, 1)
        var options = "zip:compression-level=\(level)"
        if password != nil { options += ",zip:encryption=zipcrypt" }
        guard unsafe archive_write_set_options(archive, options) == ARCHIVE_OK else { throw failure() }
        if let password {
            guard unsafe archive_write_set_passphrase(archive, password) == ARCHIVE_OK else { throw failure() }
        }
        let status = unsafe archive_write_open(
            archive, Unmanaged.passUnretained(output).toOpaque(), nil,
            { _, context, bytes, count in
                guard let context = unsafe context else { return -1 }
                let output = unsafe Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
                return unsafe output.take(UnsafeRawBufferPointer(start: bytes, count: count))
            }, nil)
        guard status == ARCHIVE_OK else { throw failure() }
    }

    deinit { unsafe archive_write_free(archive) }

    /// Adds a whole entry. For a symbolic link `bytes` are its target.
    public func add(
        name: [UInt8], _ nameEncoding: NameEncoding = .utf8, kind: ZipEntry.Kind = .file, bytes: [UInt8] = []
    ) throws(ZipError) {
        try begin(name: name, nameEncoding, kind: kind, size: bytes.count, target: kind == .symbolicLink ? bytes : [])
        if kind == .file { try write(bytes.span) }
    }

    /// Adds a whole file with a name in UTF-8.
    public func add(_ name: String, _ bytes: [UInt8]) throws(ZipError) { try add(name: Array(name.utf8), bytes: bytes) }

    /// Begins a file of which the bytes follow with `write`; `size` is how many there will be.
    public func begin(name: [UInt8], _ nameEncoding: NameEncoding = .utf8, size: Int) throws(ZipError) {
        try begin(name: name, nameEncoding, kind: .file, size: size, target: [])
    }

    private func begin(
        name: [UInt8], _ nameEncoding: NameEncoding, kind: ZipEntry.Kind, size: Int, target: [UInt8]
    ) throws(ZipError) {
        guard let entry = unsafe archive_entry_new() else { throw .system(ENOMEM) }
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_perm(entry, 0o644)
        switch kind {
        case .file, .other:
            unsafe archive_entry_set_filetype(entry, UInt32(Glibc.S_IFREG))
            unsafe archive_entry_set_size(entry, Int64(size))
        case .directory: unsafe archive_entry_set_filetype(entry, UInt32(Glibc.S_IFDIR))
        case .symbolicLink: unsafe archive_entry_set_filetype(entry, UInt32(Glibc.S_IFLNK))
        }
        // The locale decides whether the UTF-8 flag is written; see TextLocale.
        func writeHeader() -> Int32 {
            unsafe (name + [0]).withUnsafeBufferPointer { text in
                unsafe text.withMemoryRebound(to: CChar.self) { unsafe archive_entry_copy_pathname(entry, $0.baseAddress) }
            }
            if kind == .symbolicLink {
                unsafe (target + [0]).withUnsafeBufferPointer { text in
                    unsafe text.withMemoryRebound(to: CChar.self) {
                        unsafe archive_entry_copy_symlink(entry, $0.baseAddress)
                    }
                }
            }
            return unsafe archive_write_header(archive, entry)
        }
        let status =
            switch nameEncoding {
            case .utf8: utf8.use(writeHeader)
            case .unmarked: unconverted.use(writeHeader)
            }
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN else { throw failure() }
    }

    /// Writes the next bytes of the file that was begun.
    public func write(_ bytes: Span<UInt8>) throws(ZipError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe archive_write_data(archive, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure() }
            rest = rest.extracting(droppingFirst: count)
        }
    }

    /// Writes the central directory. Nothing may be added afterwards.
    public func finish() throws(ZipError) {
        guard unsafe archive_write_close(archive) == ARCHIVE_OK else { throw failure() }
    }

    /// Writes the central directory and gives the whole zip.
    public func finishInMemory() throws(ZipError) -> [UInt8] {
        precondition(output.descriptor == nil, "this zip is written to a file")
        try finish()
        return output.bytes
    }

    private func failure() -> ZipError {
        if let code = output.failure { return .system(code) }
        return .corrupt(unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "zip not written")
    }
}
