import Foundation

/// The rows of a CSV file with a header, gzip or plain, as values by column.
enum Files {
    static func rows(_ path: String) throws -> [[String: String]] {
        let bytes = path.hasSuffix(".gz") ? try unzipped(path) : [UInt8](try Data(contentsOf: URL(filePath: path)))
        var records = records(bytes)
        guard !records.isEmpty else { return [] }
        let header = records.removeFirst()
        return records.map { record in
            Dictionary(zip(header, record)) { first, _ in first }.filter { !$0.value.isEmpty }
        }
    }

    private static func unzipped(_ path: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gunzip")
        process.arguments = ["-c", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return [UInt8](data)
    }

    /// RFC 4180.
    private static func records(_ bytes: [UInt8]) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isQuoted {
                if byte == UInt8(ascii: "\""), index + 1 < bytes.count, bytes[index + 1] == byte {
                    field.append(byte)
                    index += 1
                } else if byte == UInt8(ascii: "\"") {
                    isQuoted = false
                } else {
                    field.append(byte)
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isQuoted = true
                case UInt8(ascii: ","), UInt8(ascii: "\n"):
                    record.append(String(decoding: field, as: UTF8.self))
                    field.removeAll(keepingCapacity: true)
                    if byte == UInt8(ascii: "\n") {
                        records.append(record)
                        record = []
                    }
                case UInt8(ascii: "\r"): break
                default: field.append(byte)
                }
            }
            index += 1
        }
        if !field.isEmpty || !record.isEmpty { records.append(record + [String(decoding: field, as: UTF8.self)]) }
        return records
    }
}
