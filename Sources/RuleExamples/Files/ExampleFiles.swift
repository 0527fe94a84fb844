internal import Compression
internal import Core
internal import Foundation
internal import Pipeline
internal import Readers

/// Writes an example's tables as the files an institution would send.
struct ExampleFiles {
    let example: ExampleCase
    let patch: FilePatch

    /// Names and bytes of all files.
    func all() throws -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        let patches = Dictionary(patch.files.map { ($0.name, $0.file) }) { $1 }
        for table in DataTable.allCases {
            let name = "\(table.rawValue).csv"
            let change = patches[name] ?? FilePatch.File()
            guard !change.isAbsent else { continue }
            files.append((change.newName ?? (change.isXML ? "\(table.rawValue).xml" : name), bytes(table, change)))
        }
        for (name, change) in patch.files where DataTable(rawValue: String(name.dropLast(4))) == nil {
            if let source = change.copyOf, let table = DataTable(rawValue: String(source.dropLast(4))) {
                files.append((name, bytes(table, change)))
            } else if let content = change.content {
                files.append((name, packed(content, change)))
            }
        }
        if let manifest = patch.manifest { files.append(("manifest.json", Array(manifest.utf8))) }
        guard let package = patch.package else { return files }
        return [(package.name, try zip(files, package))]
    }

    private func bytes(_ table: DataTable, _ change: FilePatch.File) -> [UInt8] {
        if let content = change.content { return packed(content, change) }
        var text = change.isXML ? xml(table, change) : csv(table, change)
        for (from, to) in change.replacements {
            if let range = text.firstRange(of: from) { text.replaceSubrange(range, with: to) }
        }
        var bytes = change.encoding.encoded(text)
        if let (after, inserted) = change.insertedBytes {
            let mark = change.encoding.encoded(after)
            if let range = bytes.firstRange(of: mark) { bytes.insert(contentsOf: inserted, at: range.upperBound) }
        }
        if change.hasMark { bytes = change.encoding.encoded("\u{FEFF}") + bytes }
        return packed(bytes, change)
    }

    private func packed(_ bytes: [UInt8], _ change: FilePatch.File) -> [UInt8] {
        guard change.isGzip else { return bytes }
        var output: [UInt8] = []
        let writer = GzipWriter()
        writer.write(bytes.span, into: &output)
        writer.finish(into: &output)
        return output
    }

    private func columns(_ table: DataTable, _ change: FilePatch.File) -> [Column] {
        DataSet.of(table).columns.filter { !change.without.contains($0.name) }
    }

    private func csv(_ table: DataTable, _ change: FilePatch.File) -> String {
        let columns = columns(table, change)
        let sheet = example.tables[table] ?? ExampleSheet(table.rawValue, columns: [])
        func line(_ cells: [String]) -> String {
            cells.map { quoted($0, change.delimiter) }.joined(separator: change.delimiter) + "\r\n"
        }
        var text = line(columns.map { change.headers[$0.name] ?? $0.header } + change.extra.map(\.header))
        guard !change.isHeaderOnly else { return text }
        for row in sheet.rows { text += line(columns.map { row[$0.name] ?? "" } + change.extra.map(\.value)) }
        if let total = change.total {
            let cells = columns.enumerated().map { index, column in
                guard index > 0 else { return "合计" }
                return total[column.name] == "sum" ? sum(of: column.name, sheet) : total[column.name] ?? ""
            }
            text += line(cells + change.extra.map { _ in "" })
        }
        return text
    }

    private func sum(of column: String, _ sheet: ExampleSheet) -> String {
        let numbers = sheet.rows.compactMap { Decimal(string: $0[column] ?? "", locale: nil) }
        return "\(numbers.reduce(0, +))"
    }

    private func quoted(_ cell: String, _ delimiter: String) -> String {
        guard cell.contains(delimiter) || cell.contains("\"") || cell.contains("\n") || cell.contains("\r") else {
            return cell
        }
        return "\"\(cell.replacing("\"", with: "\"\""))\""
    }

    private func xml(_ table: DataTable, _ change: FilePatch.File) -> String {
        let columns = columns(table, change)
        let root =
            change.root.isEmpty
            ? [
                ("table", table.rawValue), ("hospital_code", example.senderCode),
                ("period", example.period.description),
            ]
            : change.root.map { ($0.name, $0.value) }
        var text = "<?xml version=\"1.0\" encoding=\"\(change.encoding.name)\"?>\n<dataset"
        text += root.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined() + ">\n"
        for row in change.isHeaderOnly ? [] : example.tables[table]?.rows ?? [] {
            text += "<row>"
            for column in columns { text += "<\(column.name)>\(escaped(row[column.name] ?? ""))</\(column.name)>" }
            text += "</row>\n"
        }
        return text + "</dataset>\n"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    private func zip(_ files: [(name: String, bytes: [UInt8])], _ package: FilePatch.Package) throws -> [UInt8] {
        let writer = try ZipWriter(password: package.password)
        for (name, bytes) in package.isEmpty ? [] : files {
            if package.isNested {
                let inner = try ZipWriter()
                try inner.add(name, bytes)
                try writer.add("\(name).zip", try inner.finishInMemory())
            } else {
                try writer.add(package.prefix + name, bytes)
            }
        }
        for (name, bytes) in package.extraEntries { try writer.add(name, bytes) }
        if let link = package.link {
            try writer.add(name: Array(link.name.utf8), kind: .symbolicLink, bytes: Array(link.target.utf8))
        }
        let bytes = try writer.finishInMemory()
        return package.keptBytes.map { Array(bytes.prefix($0)) } ?? bytes
    }
}
