import Core
import Glibc

/// How a sample file's text becomes bytes.
enum SampleEncoding: String, Sendable, Hashable, CaseIterable {
    case utf8 = "UTF-8"
    /// UTF-8 with a byte order mark.
    case utf8WithMark = "UTF-8+BOM"
    case gb18030 = "GB18030"
    /// Little end first, with a byte order mark.
    case utf16LittleEndian = "UTF-16LE"
    /// Big end first, with a byte order mark.
    case utf16BigEndian = "UTF-16BE"

    /// What the reader is to say the encoding is.
    var nameAsRead: String { self == .utf8WithMark ? "UTF-8" : rawValue }

    /// What an XML declaration calls it.
    var nameInXML: String {
        switch self {
        case .utf8, .utf8WithMark: "UTF-8"
        case .gb18030: "GB18030"
        case .utf16LittleEndian, .utf16BigEndian: "UTF-16"
        }
    }

    /// The bytes before the first character.
    var mark: [UInt8] {
        switch self {
        case .utf8, .gb18030: []
        case .utf8WithMark: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        }
    }
}

/// Turns UTF-8 into the bytes of an encoding. GB18030 is glibc's, the same that the readers use.
@safe
final class TextEncoder {
    private let encoding: SampleEncoding
    private let converter: iconv_t?

    init(_ encoding: SampleEncoding) {
        self.encoding = encoding
        guard encoding == .gb18030 else {
            unsafe converter = nil
            return
        }
        let opened = unsafe iconv_open("GB18030", "UTF-8")
        precondition(unsafe opened != iconv_t(bitPattern: -1), "glibc has GB18030: install libc's gconv modules")
        unsafe converter = opened
    }

    deinit { if let converter = unsafe converter { unsafe iconv_close(converter) } }

    /// Appends whole characters in the encoding. `text` is valid UTF-8 and ends at the end of a character.
    func encode(_ text: [UInt8], into output: inout [UInt8]) {
        switch encoding {
        case .utf8, .utf8WithMark: output.append(contentsOf: text)
        case .gb18030: convert(text, into: &output)
        case .utf16LittleEndian: appendUnits(text, into: &output, isLittleEndian: true)
        case .utf16BigEndian: appendUnits(text, into: &output, isLittleEndian: false)
        }
    }

    private func appendUnits(_ text: [UInt8], into output: inout [UInt8], isLittleEndian: Bool) {
        for unit in String(decoding: text, as: UTF8.self).utf16 {
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            output.append(isLittleEndian ? low : high)
            output.append(isLittleEndian ? high : low)
        }
    }

    private func convert(_ text: [UInt8], into output: inout [UInt8]) {
        guard let converter = unsafe converter, !text.isEmpty else { return }
        var source = text
        let start = output.count
        // No character of UTF-8 is longer in GB18030 than twice its length.
        output.append(contentsOf: repeatElement(0, count: text.count * 2))
        let left = unsafe source.withUnsafeMutableBytes { source in
            unsafe output.withUnsafeMutableBytes { target in
                var input = unsafe source.baseAddress?.assumingMemoryBound(to: CChar.self)
                var inputLeft = source.count
                var place = unsafe target.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
                var room = target.count - start
                let status = unsafe iconv(converter, &input, &inputLeft, &place, &room)
                precondition(status != Int(bitPattern: UInt.max) && inputLeft == 0, "sample text is valid UTF-8")
                return room
            }
        }
        output.removeLast(left)
    }
}
