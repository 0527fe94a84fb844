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
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2)
        var index = 0
        let span = bytes.span
        let mapping = GB18030.mapping
        while index < bytes.count {
            if let (value, length) = character(in: span, at: index, mapping) {
                UTF8Text.append(value, to: &text)
                index += length
            } else {
                let digits = String(bytes[index], radix: 16, uppercase: true)
                text += ("\\x" + (digits.count == 1 ? "0" + digits : digits)).utf8
                index += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The valid character at an offset, and how many bytes it has; `nil` where there is none.
    @inline(__always)
    private func character(
        in bytes: Span<UInt8>, at index: Int, _ mapping: borrowing GB18030.Mapping
    ) -> (value: UInt32, length: Int)? {
        guard self == .gb18030 else { return UTF8Scan.scalar(in: bytes, at: index) }
        let (value, length, _) = GB18030.scalar(in: bytes, at: index, mapping)
        return value.map { ($0, length) }
    }
}
