internal import Core
internal import Readers
internal import Rules

/// What is done to the files of a submission after their tables were written.
struct FilePatch: Sendable {
    /// What is done to one file.
    struct File: Sendable {
        var isAbsent = false
        var newName: String?
        var copyOf: String?
        var isXML = false
        var encoding = TextEncoding.utf8
        var hasMark = false
        var delimiter = ","
        var without: Set<String> = []
        var headers: [String: String] = [:]
        var extra: [(header: String, value: String)] = []
        var isHeaderOnly = false
        var total: [String: String]?
        var root: [(name: String, value: String)] = []
        var replacements: [(from: String, to: String)] = []
        var insertedBytes: (after: String, bytes: [UInt8])?
        var content: [UInt8]?
        var isGzip = false
    }

    /// What is done to the package that holds the files.
    struct Package: Sendable {
        var name = "submission.zip"
        var password: String?
        var prefix = ""
        var extraEntries: [(name: String, bytes: [UInt8])] = []
        var link: (name: String, target: String)?
        var keptBytes: Int?
        var isEmpty = false
        var isNested = false
    }

    var files: [(name: String, file: File)] = []
    var package: Package?
    var manifest: String?
    var limits = ReadingLimits()
    var province: UInt8? = 61

    private static let fileKeys = [
        "absent", "name", "copy_of", "format", "encoding", "bom", "delimiter", "without", "header", "extra", "rows",
        "total", "root", "replace", "bytes", "text", "hex", "fill", "gzip",
    ]

    static func file(_ node: ExampleNode, _ reader: ExampleReader, _ texts: ExampleText) throws(ExampleError) -> File {
        var file = File()
        for entry in try reader.entries(node) {
            let value = entry.value
            switch entry.key {
            case "absent": file.isAbsent = try reader.flag(value)
            case "name": file.newName = try texts.filled(value)
            case "copy_of": file.copyOf = try reader.text(value)
            case "format": file.isXML = try reader.text(value) == "xml"
            case "encoding":
                guard let encoding = TextEncoding(declared: try reader.text(value)) else {
                    throw reader.fail("an encoding is expected here: UTF-8, GB18030, UTF-16LE, UTF-16BE", at: value)
                }
                file.encoding = encoding
            case "bom": file.hasMark = try reader.flag(value)
            case "delimiter": file.delimiter = try reader.text(value)
            case "without":
                for column in reader.list(value) { file.without.insert(try reader.text(column)) }
            case "header":
                for header in try reader.entries(value) { file.headers[header.key] = try reader.text(header.value) }
            case "extra":
                for column in try reader.entries(value) {
                    file.extra.append((column.key, try reader.text(column.value)))
                }
            case "rows": file.isHeaderOnly = try reader.text(value) == "none"
            case "total":
                file.total = [:]
                for cell in try reader.entries(value) { file.total?[cell.key] = try reader.text(cell.value) }
            case "root":
                for cell in try reader.entries(value) { file.root.append((cell.key, try texts.filled(cell.value))) }
            case "replace":
                for pair in try reader.entries(value) {
                    file.replacements.append((pair.key, try texts.filled(pair.value)))
                }
            case "bytes":
                var after = ""
                var bytes: [UInt8] = []
                for part in try reader.entries(value) {
                    if part.key == "after" { after = try texts.filled(part.value) }
                    if part.key == "hex" { bytes = try hex(part.value, reader) }
                }
                file.insertedBytes = (after, bytes)
            case "text": file.content = Array(try texts.filled(value).utf8)
            case "hex": file.content = try hex(value, reader)
            case "fill": file.content = [UInt8](repeating: 0x20, count: try reader.number(value, in: 0...10_000_000))
            case "gzip": file.isGzip = try reader.flag(value)
            default: throw reader.unknown(entry, known: fileKeys)
            }
        }
        return file
    }

    static func package(_ node: ExampleNode, _ reader: ExampleReader) throws(ExampleError) -> Package {
        var package = Package()
        for entry in try reader.entries(node) {
            let value = entry.value
            switch entry.key {
            case "name": package.name = try reader.text(value)
            case "password": package.password = try reader.text(value)
            case "folder": package.prefix = try reader.text(value)
            case "empty": package.isEmpty = try reader.flag(value)
            case "nested": package.isNested = try reader.flag(value)
            case "keep_bytes": package.keptBytes = try reader.number(value, in: 0...1_000_000)
            case "entries":
                for number in 0..<(try reader.number(value, in: 0...1_000)) {
                    package.extraEntries.append(("notes/\(number).txt", Array("-\n".utf8)))
                }
            case "entry":
                for extra in try reader.entries(value) {
                    package.extraEntries.append((extra.key, Array(try reader.text(extra.value).utf8)))
                }
            case "link":
                for link in try reader.entries(value) { package.link = (link.key, try reader.text(link.value)) }
            default:
                throw reader.unknown(
                    entry,
                    known: [
                        "name", "password", "folder", "empty", "nested", "keep_bytes", "entries", "entry", "link",
                    ])
            }
        }
        return package
    }

    static func limits(_ node: ExampleNode, _ reader: ExampleReader) throws(ExampleError) -> ReadingLimits {
        var limits = ReadingLimits()
        for entry in try reader.entries(node) {
            let number = try reader.number(entry.value, in: 1...1_000_000_000)
            switch entry.key {
            case "container_bytes": limits.containerBytes = number
            case "entries": limits.entries = number
            case "unpacked_bytes": limits.unpackedBytes = number
            case "ratio": limits.ratio = number
            case "ratio_grace_bytes": limits.ratioGraceBytes = number
            case "rows": limits.rows = number
            default:
                throw reader.unknown(
                    entry,
                    known: ["container_bytes", "entries", "unpacked_bytes", "ratio", "ratio_grace_bytes", "rows"])
            }
        }
        return limits
    }

    private static func hex(_ node: ExampleNode, _ reader: ExampleReader) throws(ExampleError) -> [UInt8] {
        let digits = Array(try reader.text(node).filter { $0 != " " })
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 2) {
            guard start + 1 < digits.count, let byte = UInt8(String(digits[start...start + 1]), radix: 16) else {
                throw reader.fail("pairs of hexadecimal digits are expected here: FF FE", at: node)
            }
            bytes.append(byte)
        }
        return bytes
    }
}
