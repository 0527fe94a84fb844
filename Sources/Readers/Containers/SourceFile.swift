/// A data file of a submission: a loose file, or a member of a package. Nothing of it has been read yet.
public struct SourceFile: Sendable, Hashable {
    /// The name of the loose file or the package, relative to the submission's folder.
    public var name: String
    /// The member's name, decoded; `nil` for a loose file.
    public var member: String?
    /// Where the loose file or the package lies on disk.
    public var path: String
    /// The position of the member in the package.
    public var memberIndex: Int?
    /// Its size as it lies in its folder or package, where that is known without reading.
    public var size: Int?

    /// A file.
    public init(name: String, member: String?, path: String, memberIndex: Int?, size: Int?) {
        self.name = name
        self.member = member
        self.path = path
        self.memberIndex = memberIndex
        self.size = size
    }
}
