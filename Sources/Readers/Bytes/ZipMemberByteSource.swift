import Compression

/// What a member of a zip unpacks to, within limits.
///
/// How many packed bytes stand for a member is not known, so the ratio is judged against the whole package: a member
/// cannot have more of it.
public final class ZipMemberByteSource: ByteSource {
    private let reader: ZipReader
    private let name: String
    private let packageSize: Int
    private var unpackingGuard: UnpackingGuard

    /// Opens the member at a position of the package at `path`.
    public init(
        path: String, memberIndex: Int, name: String, limits: ReadingLimits = ReadingLimits()
    ) throws(ReadingError) {
        do throws(ZipError) {
            reader = try ZipReader(path: path)
            _ = try reader.seek(to: memberIndex)
        } catch {
            throw ReadingError(zip: error, name: name)
        }
        self.name = name
        packageSize = reader.packageSize
        unpackingGuard = UnpackingGuard(limits: limits, name: name)
    }

    /// Appends at most `count` bytes to `buffer`; gives how many, 0 at the end and ever after.
    public func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        let got: Int
        do throws(ZipError) {
            got = try reader.read(into: &buffer, atMost: count)
        } catch {
            throw ReadingError(zip: error, name: name)
        }
        try unpackingGuard.add(got, packed: packageSize)
        return got
    }
}

extension ReadingError {
    init(zip error: ZipError, name: String) {
        switch error {
        case .system(let code): self.init(.system(code), name: name)
        case .corrupt(let reason): self.init(.corrupt(reason), name: name)
        case .encrypted: self.init(.corrupt("encrypted"), name: name)
        case .noSuchEntry: self.init(.corrupt("the member is not there"), name: name)
        }
    }
}
