import Glibc

/// Bytes that come one after the other: a file, what a gzip stream unpacks to, a member of a package, a test's array.
public protocol ByteSource: AnyObject {
    /// Appends at most `count` bytes to `buffer`; gives how many, 0 at the end and ever after.
    func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int
}

/// Why bytes could not be had. What is wrong with the *data* is an observation; this is for the container or the disk.
public struct ReadingError: Error, Sendable, Hashable {
    /// What happened.
    public enum Problem: Sendable, Hashable, CustomStringConvertible {
        /// The operating system refused: the error number of the call.
        case system(Int32)
        /// The packed bytes end early or contradict themselves (A05).
        case corrupt(String)
        /// A limit of `ReadingLimits` was passed (A04).
        case tooLarge(limit: String)

        /// For operators: what the operating system says, or the problem's name.
        public var description: String {
            switch self {
            case .system(let code): unsafe String(cString: strerror(code))
            case .corrupt(let said): "corrupt: \(said)"
            case .tooLarge(let limit): "too large: \(limit)"
            }
        }
    }

    /// What happened.
    public var problem: Problem
    /// The file, and the member after a `!`.
    public var name: String

    /// An error.
    public init(_ problem: Problem, name: String) {
        self.problem = problem
        self.name = name
    }
}
