/// One entry of a zip file, as the file itself describes it.
public struct ZipEntry: Sendable, Hashable {
    /// What an entry is.
    public enum Kind: Sendable, Hashable {
        case file, directory, symbolicLink, other
    }

    /// Its position, from 0.
    public var index: Int
    /// The bytes of its name: UTF-8 where the zip says so, else as they came. libarchive ends a name at a NUL.
    public var rawName: [UInt8]
    /// What it is.
    public var kind: Kind
    /// The bytes it says that it unpacks to; `nil` where it says nothing.
    public var size: Int?
    /// Whether a password is needed for its bytes.
    public var isEncrypted: Bool

    /// An entry.
    public init(index: Int, rawName: [UInt8], kind: Kind, size: Int?, isEncrypted: Bool) {
        self.index = index
        self.rawName = rawName
        self.kind = kind
        self.size = size
        self.isEncrypted = isEncrypted
    }
}

/// Why a zip file cannot be read or written.
public enum ZipError: Error, Sendable, Hashable {
    /// The operating system refused: the error number.
    case system(Int32)
    /// The bytes contradict themselves or end early: what libarchive says, in English.
    case corrupt(String)
    /// A password is needed.
    case encrypted
    /// There is no entry with that position.
    case noSuchEntry(Int)
}
