internal import Core
internal import Readers
internal import Reports

/// What the fix files of a submission are called: by table, numbered where a table came in parts.
enum FixNames {
    static func of(_ files: [FileOutcome]) -> [Int: String] {
        var names: [Int: String] = [:]
        var used: [String: Int] = [:]
        for (index, file) in files.enumerated() where file.rowsQuarantined > 0 {
            guard let table = file.table else { continue }
            used[table.rawValue, default: 0] += 1
            let number = used[table.rawValue] ?? 1
            let part = number > 1 ? "-\(number)" : ""
            names[index] = "fix-\(table.rawValue)\(part).\(file.delimiter == nil ? "xml" : "csv")"
        }
        return names
    }
}

/// How a sender's files are written, read from the archive again: header bytes, quote and line end are nobody's data.
enum FixForms {
    /// The forms of the files for which there are fix files, by position.
    static func of(
        _ report: SubmissionReport, _ names: [Int: String], _ settings: PipelineSettings
    ) throws -> [Int: FixFile.Form] {
        guard !names.isEmpty else { return [:] }
        let archive = Archive(root: settings.archive)
        let package = try Package.open(
            files: report.submission.files.map { (name: $0.name, path: archive.path(of: $0.sha256)) },
            limits: settings.limits)
        var forms: [Int: FixFile.Form] = [:]
        for index in names.keys {
            let file = report.files[index]
            guard let source = package.sources.first(where: { $0.name == file.name && $0.member == file.member })
            else { continue }
            forms[index] = try form(of: file, source, settings.limits)
        }
        return forms
    }

    private static func form(
        of file: FileOutcome, _ source: SourceFile, _ limits: ReadingLimits
    ) throws -> FixFile.Form? {
        guard let table = file.table else { return nil }
        var limits = limits
        // The header is all that is wanted: the first rows behind it are as few as can be.
        limits.windowBytes = 1 << 12
        let dataSet = DataSet.of(table)
        let reader = try TableReaders.reader(for: source, dataSet, limits)
        var batch = RowBatch(dataSet)
        _ = try reader.next(into: &batch)
        let facts = reader.facts
        var start: [UInt8] = []
        _ = try source.open(limits: limits).read(into: &start, atMost: 3)
        // A reader that had to transcode gives the header as UTF-8.
        let encoding = facts.encoding.flatMap { TextEncoding(rawValue: $0) } ?? .utf8
        let header =
            encoding.isWide ? encoding.encoded(String(decoding: facts.rawHeader, as: UTF8.self)) : facts.rawHeader
        return FixFile.Form(
            encoding: facts.encoding, delimiter: facts.delimiter, quote: facts.quote, lineEnd: facts.lineEnd,
            rawHeader: header, hasByteOrderMark: start == [0xEF, 0xBB, 0xBF],
            declared: facts.declared.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) })
    }
}
