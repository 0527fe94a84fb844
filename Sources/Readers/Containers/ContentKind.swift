/// What the first bytes of a file show it to be, whatever its name says.
public enum ContentKind: String, Sendable, Hashable, CaseIterable {
    /// No bytes at all.
    case empty
    /// Delimited or other text, in any encoding.
    case text
    case xml
    case gzip
    case zip
    /// A spreadsheet or document of Office 2007 and later: a zip, but not one of ours.
    case xlsx
    /// A document of LibreOffice.
    case openDocument = "ods"
    /// A spreadsheet or document of older Office (OLE2).
    case xls
    /// A web page, also one that a program calls `.xls`.
    case html
    case rtf
    case rar
    case sevenZip = "7z"
    case bzip2
    case xz
    case zstd
    case tar
    case pdf
    case png
    case jpeg
    case gif
    case elf
    case windowsProgram = "exe"
    case sqlite
    /// Bytes of no kind that has a name here.
    case binary

    /// Whether a table can be read from it: text or XML.
    public var isTable: Bool { self == .text || self == .xml }

    /// How many bytes `sniff` wants to see.
    public static let sniffedBytes = 4_096

    /// The kind that the first bytes of a file show.
    public static func sniff(_ bytes: Span<UInt8>) -> ContentKind {
        guard !bytes.isEmpty else { return .empty }
        for (start, kind) in signatures where bytes.starts(with: start) { return kind }
        if bytes.starts(with: [0x50, 0x4B]) { return zipKind(bytes) }
        if bytes.starts(with: Array("ustar".utf8), at: 257) { return .tar }
        if let wide = wideKind(bytes) { return wide }
        return narrowKind(bytes)
    }

    private static let signatures: [([UInt8], ContentKind)] = [
        ([0x1F, 0x8B], .gzip),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .xls),
        (Array("Rar!\u{1A}\u{7}".utf8), .rar),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip),
        (Array("BZh".utf8) + [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], .bzip2),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
        ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
        (Array("%PDF-".utf8), .pdf),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
        ([0xFF, 0xD8, 0xFF], .jpeg),
        (Array("GIF8".utf8), .gif),
        ([0x7F, 0x45, 0x4C, 0x46], .elf),
        (Array("SQLite format 3\0".utf8), .sqlite),
        (Array(#"{\rtf"#.utf8), .rtf),
    ]

    /// What a zip is for: Office names its contents in the first entry.
    private static func zipKind(_ bytes: Span<UInt8>) -> ContentKind {
        if bytes.starts(with: [0x50, 0x4B, 5, 6]) || bytes.starts(with: [0x50, 0x4B, 7, 8]) { return .zip }
        guard bytes.starts(with: [0x50, 0x4B, 3, 4]) else { return narrowKind(bytes) }
        let firstNames = ["[Content_Types].xml", "_rels/", "xl/", "word/", "docProps/"]
        for name in firstNames where bytes.starts(with: Array(name.utf8), at: 30) { return .xlsx }
        if bytes.starts(with: Array("mimetype".utf8), at: 30) { return .openDocument }
        return .zip
    }

    /// UTF-16 by its mark or by a `<` of two bytes; `nil` for everything else.
    private static func wideKind(_ bytes: Span<UInt8>) -> ContentKind? {
        let low = bytes.starts(with: [0xFF, 0xFE])
        if low || bytes.starts(with: [0xFE, 0xFF]) {
            var index = 2
            while index + 1 < bytes.count {
                let (unit, other) = low ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
                if other == 0, isBlank(unit) {
                    index += 2
                    continue
                }
                return other == 0 && unit == UInt8(ascii: "<") ? .xml : .text
            }
            return .text
        }
        if bytes.starts(with: [0x3C, 0x00]) || bytes.starts(with: [0x00, 0x3C]) { return .xml }
        return nil
    }

    private static func narrowKind(_ bytes: Span<UInt8>) -> ContentKind {
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while start < bytes.count, isBlank(bytes[start]) { start += 1 }
        if start + 1 < bytes.count, bytes[start] == UInt8(ascii: "<") {
            if bytes.starts(with: Array("<html".utf8), at: start, ignoringCase: true) { return .html }
            if bytes.starts(with: Array("<!doctype html".utf8), at: start, ignoringCase: true) { return .html }
            let next = bytes[start + 1]
            let isName =
                next >= 0x80 || next == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= next | 0x20
            if isName || next == UInt8(ascii: "?") || next == UInt8(ascii: "!") { return .xml }
        }
        if bytes.starts(with: Array("MZ".utf8)), hasNUL(bytes) { return .windowsProgram }
        // A stray NUL is a fault of a row and told as one; text with one byte in ten of control characters is no text.
        var controls = 0
        for index in bytes.indices where bytes[index] < 0x20 && !isBlank(bytes[index]) { controls += 1 }
        return controls * 10 > bytes.count ? .binary : .text
    }

    private static func hasNUL(_ bytes: Span<UInt8>) -> Bool { bytes.indices.contains { bytes[$0] == 0 } }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension Span<UInt8> {
    /// Whether some bytes stand at an offset; with `ignoringCase` those must be lower-case ASCII.
    func starts(with expected: [UInt8], at offset: Int = 0, ignoringCase: Bool = false) -> Bool {
        guard count >= offset + expected.count else { return false }
        for index in expected.indices {
            let byte = self[offset + index]
            let isUpper = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            guard (ignoringCase && isUpper ? byte | 0x20 : byte) == expected[index] else { return false }
        }
        return true
    }
}
