import Glibc
import Synchronization

/// A file in memory for as long as somebody looks at it.
final class TemporaryFile {
    let path: String
    private static let count = Atomic(0)

    init(_ bytes: [UInt8]) throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        path = "\(folder)/yaoce-fuzz-\(getpid())-\(number)"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try require(descriptor >= 0, "no file \(path)")
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let written = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            try require(written > 0, "no room for \(path)")
            done += written
        }
    }

    deinit { unlink(path) }
}
