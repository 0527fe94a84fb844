import Core
import Glibc

/// The bytes of a regular file. Links, folders, FIFOs and devices are refused.
public final class FileByteSource: ByteSource {
    /// How many bytes the file had when it was opened.
    public let size: Int

    private let name: String
    private let descriptor: Int32
    private let maximumBytes: Int?
    private var given = 0

    /// Opens a file.
    /// - Parameters:
    ///   - path: where it lies; a symbolic link at the end is refused (`ELOOP`), what is no regular file too (`EINVAL`).
    ///   - name: what errors call it.
    ///   - maximumBytes: how much may be read before it is `tooLarge`; `nil` for any size.
    public init(path: String, name: String, maximumBytes: Int? = nil) throws(ReadingError) {
        // Without O_NONBLOCK the opening of a FIFO would wait for somebody who writes.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw ReadingError(.system(errno), name: name) }
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
            let code = isKnown ? EINVAL : errno
            close(descriptor)
            throw ReadingError(.system(code), name: name)
        }
        self.descriptor = descriptor
        self.name = name
        self.maximumBytes = maximumBytes
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Appends at most `count` bytes to `buffer`; gives how many, 0 at the end and ever after.
    public func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        guard count > 0 else { return 0 }
        var got = 0
        var code: Int32 = 0
        buffer.append(addingCapacity: count) { space in
            unsafe space.withUnsafeMutableBufferPointer { target, filled in
                repeat {
                    got = unsafe Glibc.read(descriptor, target.baseAddress, count)
                } while got < 0 && errno == EINTR
                code = errno
                filled = max(got, 0)
            }
        }
        guard got >= 0 else { throw ReadingError(.system(code), name: name) }
        given += got
        if let maximumBytes, given > maximumBytes {
            throw ReadingError(.tooLarge(limit: ReadingLimits.Name.containerBytes), name: name)
        }
        return got
    }
}
