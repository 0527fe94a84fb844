import Glibc

/// Why samples could not be written: the call that failed, where, and the system's error number.
public struct SampleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The call.
    public let call: String
    /// The path.
    public let path: String
    /// The error number.
    public let code: Int32

    /// An error.
    public init(call: String, path: String, code: Int32) {
        self.call = call
        self.path = path
        self.code = code
    }

    /// `/tmp/x/inbox: mkdir: Permission denied`
    public var description: String { "\(path): \(call): \(unsafe String(cString: strerror(code)))" }
}

/// Writes samples below a folder of the disk.
///
/// Settled files get a modification time in the past, so that a night can be taken at once; fresh ones keep the present.
public final class FolderSink: SampleSink {
    private let folder: String
    private let settledTime: Int
    private var made: Set<String> = []

    /// A sink for a folder, which is made where it is missing.
    ///
    /// - Parameter settledTime: the modification time of settled files, in seconds since 1970.
    public init(folder: String, settledTime: Int = 1_769_936_400) throws {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.settledTime = settledTime
        try makeFolder(self.folder)
    }

    private final class File: SampleFile {
        private var descriptor: Int32
        private let path: String
        private let settledTime: Int?

        init(path: String, settledTime: Int?) throws(SampleError) {
            self.path = path
            self.settledTime = settledTime
            descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
            guard descriptor >= 0 else { throw SampleError(call: "open", path: path, code: errno) }
        }

        deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

        func write(_ bytes: [UInt8]) throws {
            var start = 0
            while start < bytes.count {
                let count = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw SampleError(call: "write", path: path, code: errno) }
                start += count
            }
        }

        func close() throws {
            if let settledTime {
                let time = timespec(tv_sec: settledTime, tv_nsec: 0)
                let times = [time, time]
                guard unsafe futimens(descriptor, times) == 0 else {
                    throw SampleError(call: "futimens", path: path, code: errno)
                }
            }
            let status = Glibc.close(descriptor)
            descriptor = -1
            guard status == 0 else { throw SampleError(call: "close", path: path, code: errno) }
        }
    }

    /// Begins a file; one that is there already is replaced.
    public func makeFile(at path: String, age: SampleFileAge) throws -> any SampleFile {
        try makeFolders(above: path)
        return try File(path: "\(folder)/\(path)", settledTime: age == .settled ? settledTime : nil)
    }

    /// Makes a link; one that is there already is replaced.
    public func makeLink(at path: String, to target: String) throws {
        try makeFolders(above: path)
        let full = "\(folder)/\(path)"
        _ = unsafe unlink(full)
        guard unsafe symlink(target, full) == 0 else { throw SampleError(call: "symlink", path: full, code: errno) }
    }

    private func makeFolders(above path: String) throws(SampleError) {
        var prefix = folder
        for part in path.split(separator: "/").dropLast() {
            prefix += "/" + part
            guard made.insert(prefix).inserted else { continue }
            try makeFolder(prefix)
        }
    }

    private func makeFolder(_ path: String) throws(SampleError) {
        // Like mkdir -p: the folders above may be missing too.
        var prefix = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            prefix += "/" + part
            guard unsafe mkdir(prefix, 0o755) != 0, errno != EEXIST else { continue }
            throw SampleError(call: "mkdir", path: prefix, code: errno)
        }
    }
}
