internal import Core

extension TextEncoding {
    /// Bytes in this encoding as text; what is not valid stands as `\xHH`, byte by byte, so that nothing is lost.
    ///
    public func shown(_ bytes: [UInt8]) -> String {
        if isWide {
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map { offset in
                let (first, second) = (UInt16(bytes[offset]), UInt16(bytes[offset + 1]))
                return self == .utf16LE ? second << 8 | first : first << 8 | second
            }
            return String(decoding: units, as: UTF16.self)
        }
        if self != .gb18030, let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        var decoded: [UInt8] = []
        var index = 0
        let span = bytes.span
        while index < bytes.count {
            let length = characterLength(in: span, at: index)
            if let length {
                decoded.removeAll(keepingCapacity: true)
                if self == .gb18030 {
                    _ = GB18030.decode(span.extracting(index..<index + length), into: &decoded)
                } else {
                    decoded = Array(bytes[index..<index + length])
                }
                text += String(decoding: decoded, as: UTF8.self)
                index += length
            } else {
                let digits = String(bytes[index], radix: 16, uppercase: true)
                text += "\\x" + (digits.count == 1 ? "0" + digits : digits)
                index += 1
            }
        }
        return text
    }

    /// How many bytes the valid character at an offset has; `nil` where there is none.
    private func characterLength(in bytes: Span<UInt8>, at index: Int) -> Int? {
        guard self == .gb18030 else { return UTF8Scan.scalar(in: bytes, at: index)?.length }
        let (value, length, _) = GB18030.scalar(in: bytes, at: index, GB18030.mapping)
        return value == nil ? nil : length
    }
}
