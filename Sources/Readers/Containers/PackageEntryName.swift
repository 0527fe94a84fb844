/// The name of a member of a package: its bytes as text, and whether it could do harm (A06).
///
/// Nothing is ever unpacked to disk, so a bad name harms nobody here. But whoever sends one means harm or uses a broken
/// tool, and other programs may unpack the archived package.
public struct PackageEntryName: Sendable, Hashable {
    /// What is wrong with a name.
    public enum Problem: String, Sendable, Hashable {
        /// It starts at the root.
        case absolute
        /// It has a component `..`.
        case parent
        /// It starts with a drive letter.
        case drive
        /// It has a backslash, which some systems take for a slash.
        case backslash
        /// It has control characters.
        case control
        /// It has more than `longest` bytes.
        case length
        /// It has no characters.
        case empty
    }

    /// The most bytes that a name may have.
    public static let longest = 1_024

    /// The name as text, control characters replaced and cut to `longest` bytes.
    public let text: String
    /// What is wrong with it.
    public let problem: Problem?

    /// A name from its bytes: UTF-8 where they are valid UTF-8, else GB18030.
    public init(_ bytes: [UInt8]) {
        let decoded = PackageEntryName.decode(Array(bytes.prefix(PackageEntryName.longest)))
        problem = bytes.count > PackageEntryName.longest ? .length : PackageEntryName.problem(of: decoded)
        var scalars = String.UnicodeScalarView()
        for scalar in decoded.unicodeScalars {
            scalars.append(PackageEntryName.isControl(scalar) ? "\u{FFFD}" : scalar)
        }
        text = String(scalars)
    }

    /// The name without its folders.
    public var lastComponent: Substring {
        text[(text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex)...]
    }

    /// Whether it is what systems leave in a package by themselves, and nobody misses.
    public var isLitter: Bool {
        let name = lastComponent.lowercased()
        return text.hasPrefix("__MACOSX/") || text.contains("/__MACOSX/") || name.hasPrefix("._")
            || [".ds_store", "thumbs.db", "desktop.ini"].contains(name)
    }

    private static func problem(of name: String) -> Problem? {
        if name.isEmpty { return .empty }
        if name.unicodeScalars.contains(where: isControl) { return .control }
        if name.hasPrefix("/") || name.hasPrefix("\\") { return .absolute }
        let parts = name.split(whereSeparator: { $0 == "/" || $0 == "\\" })
        if parts.contains("..") { return .parent }
        let start = Array(name.utf8.prefix(2))
        if start.count == 2, start[1] == UInt8(ascii: ":"), (0x61...0x7A).contains(start[0] | 0x20) { return .drive }
        return name.contains("\\") ? .backslash : nil
    }

    /// C0, C1, DEL, and the marks that turn the direction of writing, which make `gpj.exe` look like `exe.jpg`.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2028, 0x2029, 0x2066...0x2069: true
        default: false
        }
    }

    private static func decode(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var utf8: [UInt8] = []
        _ = GB18030.decode(bytes.span, into: &utf8)
        return String(decoding: utf8, as: UTF8.self)
    }
}
