/// An encoding that a data file may come in, by the name that the contract gives it.
public enum TextEncoding: String, Sendable, CaseIterable, Codable {
    /// UTF-8, with or without a byte order mark.
    case utf8 = "UTF-8"
    /// GB18030, and with it GBK and GB 2312, which are parts of it.
    case gb18030 = "GB18030"
    /// UTF-16, low byte first.
    case utf16LE = "UTF-16LE"
    /// UTF-16, high byte first.
    case utf16BE = "UTF-16BE"

    /// The name of the contract.
    public var name: String { rawValue }

    /// Whether its ASCII is not the ASCII of one byte each, so that it must be transcoded before it is scanned.
    public var isWide: Bool { self == .utf16LE || self == .utf16BE }

    /// The encoding that a declaration or an option names, letter case and `-` or `_` aside; `nil` where it is none of ours.
    ///
    /// Plain `UTF-16` means what its byte order mark says and big-endian without one.
    public init?(declared name: some StringProtocol) {
        let key = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
        switch key {
        case "utf8", "utf8sig", "ascii", "usascii": self = .utf8
        case "gb18030", "gbk", "gb2312", "cp936", "ms936", "windows936", "euccn", "xgbk": self = .gb18030
        case "utf16le": self = .utf16LE
        case "utf16be", "utf16": self = .utf16BE
        default: return nil
        }
    }

    /// The byte order mark at the start of some bytes: what it says and how long it is.
    ///
    /// GB18030 has one too (`84 31 95 33`, U+FEFF); some editors write it.
    public static func byteOrderMark(in bytes: Span<UInt8>) -> (encoding: TextEncoding, length: Int)? {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { return (.utf8, 3) }
        if bytes.count >= 2, bytes[0] == 0xFF, bytes[1] == 0xFE { return (.utf16LE, 2) }
        if bytes.count >= 2, bytes[0] == 0xFE, bytes[1] == 0xFF { return (.utf16BE, 2) }
        if bytes.count >= 4, bytes[0] == 0x84, bytes[1] == 0x31, bytes[2] == 0x95, bytes[3] == 0x33 {
            return (.gb18030, 4)
        }
        return nil
    }
}
