internal import Glibc

/// Knows whether somebody can write to a file, and notices when somebody is about to: a read lease of the kernel, which
/// is granted only while nobody has the file open for writing.
struct WriteLease: ~Copyable {
    enum State {
        /// Nobody has it open for writing.
        case held
        /// Somebody has.
        case writer
        /// The kernel does not say: a network file system, or a file of somebody else and no right to leases.
        case unknown
    }

    let state: State
    private let descriptor: Int32

    // <fcntl.h> shows these only under _GNU_SOURCE, which Swift's Glibc module is built without.
    private static let setSignal: Int32 = 10
    private static let setLease: Int32 = 1024
    private static let getLease: Int32 = 1025

    init(_ path: String) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            state = .unknown
            return
        }
        // The kernel says by a signal that somebody wants to write; the usual one would end the process, this one is ignored.
        _ = fcntl(descriptor, WriteLease.setSignal, SIGURG)
        if fcntl(descriptor, WriteLease.setLease, Int32(F_RDLCK)) == 0 {
            state = .held
        } else {
            state = errno == EAGAIN ? .writer : .unknown
        }
    }

    /// Whether somebody has tried to open it for writing since.
    var wasBroken: Bool { fcntl(descriptor, WriteLease.getLease, 0) != Int32(F_RDLCK) }

    deinit {
        if descriptor >= 0 {
            _ = fcntl(descriptor, WriteLease.setLease, Int32(F_UNLCK))
            close(descriptor)
        }
    }
}
