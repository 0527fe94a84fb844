public import Core
import Markup

/// The root element of an XML file: enough to tell which table it holds when its name does not.
public struct XMLRootPeek: Sendable, Hashable {
    /// The name of the root.
    public let name: String
    /// Its attributes.
    public let attributes: [String: String]

    /// The table that the root says it holds: an English name, or a Chinese one as in file names.
    public var table: DataTable? {
        guard let value = attributes["table"] else { return nil }
        return DataTable(rawValue: value.lowercased()) ?? TableName(fileName: value).table
    }

    /// Reads the start of a file; `nil` where no root stands in the first 64 KiB. The source is used up.
    public static func root(of source: any ByteSource) throws(ReadingError) -> XMLRootPeek? {
        let input = try XMLInput(source)
        guard input.encoding != nil else { return nil }
        var limits = MarkupLimits()
        limits.tokenBytes = 64 << 10
        let parser = MarkupParser(isUTF8: input.isTranscoded, limits: limits)
        var piece: [UInt8] = []
        var seen = 0
        while seen < limits.tokenBytes {
            piece.removeAll(keepingCapacity: true)
            let got = try input.read(into: &piece, atMost: 4_096)
            seen += got
            let isOpen = parser.parse(piece.span, isLast: got == 0)
            if let root = root(in: parser) { return root }
            guard isOpen, got > 0 else { return nil }
        }
        return nil
    }

    private static func root(in parser: MarkupParser) -> XMLRootPeek? {
        guard let first = parser.events.first(where: { $0.kind == .start }) else { return nil }
        var attributes: [String: String] = [:]
        for event in parser.events where event.kind == .attribute && event.depth == 1 {
            attributes[parser.names.string(of: Int(event.name))] = String(
                decoding: parser.text[event.textRange], as: UTF8.self)
        }
        return XMLRootPeek(name: parser.names.string(of: Int(first.name)), attributes: attributes)
    }
}
