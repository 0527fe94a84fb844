import Core

// A dataset of the bad rows, each with what is wrong with it in the shape that the row itself has: an attribute among
// attributes, a `field` among fields, an element among elements. No comment: a corrected file must be readable data.

extension FixFile {
    var xmlHeader: [UInt8] {
        let encoding =
            switch CodeUnits(encoding: form.encoding) {
            case .utf16: "UTF-16"
            case .gb18030: "GB18030"
            case .utf8: "UTF-8"
            }
        let attributes = form.declared.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
        let wantsMark = form.hasByteOrderMark || encoding == "UTF-16"
        return encode(
            (wantsMark ? "\u{FEFF}" : "") + "<?xml version=\"1.0\" encoding=\"\(encoding)\"?>" + form.lineEnd
                + "<dataset\(attributes)>" + form.lineEnd)
    }

    func xmlRow(_ row: QuarantinedRow, message: String) -> [UInt8] {
        let raw = row.raw
        let text = escaped(message)
        guard raw.hasBytes(encode("<row"), at: 0), let tag = startTag(raw) else {
            // Not a row element: its text goes along with the message, so that nothing is lost.
            return encode("<row \(FixFile.column)=\"\(text)；\(escaped(row.text))\"/>")
        }
        if tag.hasAttributes || tag.isSelfClosing {
            let attribute = encode(" \(FixFile.column)=\"\(text)\"")
            return Array(raw[..<tag.end]) + attribute + Array(raw[tag.end...])
        }
        let close = encode("</row")
        guard let end = lastIndex(of: close, in: raw) else {
            return encode("<row \(FixFile.column)=\"\(text)；\(escaped(row.text))\"/>")
        }
        let isFields = firstIndex(of: encode("<field"), in: raw) != nil
        let element =
            isFields
            ? "<field name=\"\(FixFile.column)\">\(text)</field>" : "<\(FixFile.column)>\(text)</\(FixFile.column)>"
        return Array(raw[..<end]) + encode(element) + Array(raw[end...])
    }

    /// The start tag of a row: where `>` or `/>` begins, and what kind it is.
    private func startTag(_ raw: [UInt8]) -> (end: Int, hasAttributes: Bool, isSelfClosing: Bool)? {
        let units = CodeUnits(encoding: form.encoding)
        let (greater, slash, equals) = (encode(">"), encode("/>"), encode("="))
        let quotes = [encode("\""), encode("'")]
        var open: [UInt8]?
        var hasAttributes = false
        var index = 0
        while index < raw.count {
            if let quote = open {
                if raw.hasBytes(quote, at: index) { open = nil }
            } else if let quote = quotes.first(where: { raw.hasBytes($0, at: index) }) {
                open = quote
            } else if raw.hasBytes(slash, at: index) {
                return (index, hasAttributes, true)
            } else if raw.hasBytes(greater, at: index) {
                return (index, hasAttributes, false)
            } else if raw.hasBytes(equals, at: index) {
                hasAttributes = true
            }
            index += units.length(in: raw, at: index)
        }
        return nil
    }

    private func firstIndex(of bytes: [UInt8], in raw: [UInt8]) -> Int? {
        raw.indices.first { raw.hasBytes(bytes, at: $0) }
    }

    private func lastIndex(of bytes: [UInt8], in raw: [UInt8]) -> Int? {
        raw.indices.last { raw.hasBytes(bytes, at: $0) }
    }

    private func escaped(_ text: String) -> String { HTML(stringInterpolation: escapedInterpolation(text)).text }

    private func escapedInterpolation(_ text: String) -> HTML.Interpolation {
        var interpolation = HTML.Interpolation(literalCapacity: 0, interpolationCount: 1)
        interpolation.appendInterpolation(text)
        return interpolation
    }
}
