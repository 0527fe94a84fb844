import Core
import Digests
import Dispatch
import Foundation
import Pipeline
import Readers
import Synchronization

/// What `validate` is asked to look at: files, and whose and of when they are.
struct ValidationTarget {
    var input: CheckInput
    /// Whether it is a whole submission, of which no table may be missing.
    var isWhole: Bool
    /// What had to be assumed.
    var note: Phrase?

    /// - Parameter isHashed: whether the hashes of the files are shown. Otherwise only a manifest or a second file for a
    ///   table asks for one, and reading everything once less is a tenth of the time.
    init(paths: [String], hospital: String?, period: String?, isHashed: Bool, limits: ReadingLimits) throws {
        var places: [(path: String, name: String)] = []
        var isWhole = paths.count == 1
        for path in paths {
            let full = URL(fileURLWithPath: path).standardizedFileURL.path
            var isFolder: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) else {
                throw CommandError(.usage, Phrase("没有这个文件：\(path)", "no such file: \(path)"))
            }
            if isFolder.boolValue {
                let names = try FileManager.default.contentsOfDirectory(atPath: full).sorted()
                for name in names where !name.hasPrefix(".") && name != "submission.ok" {
                    places.append(("\(full)/\(name)", name))
                }
            } else {
                if !full.lowercased().hasSuffix(".zip") { isWhole = false }
                places.append((full, URL(fileURLWithPath: full).lastPathComponent))
            }
        }
        let files = try ValidationTarget.files(places, isHashed: isHashed)
        self.isWhole = isWhole
        let first = URL(fileURLWithPath: paths[0]).standardizedFileURL
        let peek = try FirstRow.of(files, limits: limits)
        let code = hospital ?? ValidationTarget.hospital(in: first) ?? peek.hospitalCode
        guard let code else {
            throw CommandError(
                .usage, Phrase("无法得知医疗机构代码，请用 --hospital 指定", "the sender is unknown; name it with --hospital"))
        }
        let stated = try period.map { text in
            guard let period = Period(text) else {
                throw CommandError(.usage, Phrase("--period “\(text)” 不是期间", "--period '\(text)' is no period"))
            }
            return period
        }
        var found = stated ?? ValidationTarget.period(in: first) ?? peek.period
        if found == nil, let day = peek.reportDate {
            // Reports come within 180 days of the end of their period: the year of 180 days before.
            found = Period(year: day.adding(days: -180).civil.year)
            note = found.map {
                Phrase("未指定期间，按上报日期推定为 \($0)", "no period given; taken to be \($0) from the report date")
            }
        }
        guard let found else {
            throw CommandError(.usage, Phrase("无法得知期间，请用 --period 指定", "the period is unknown; name it with --period"))
        }
        input = CheckInput(hospitalCode: code, period: found, files: files)
    }

    /// The files, with their hashes where they are wanted, each core at its own.
    private static func files(
        _ places: [(path: String, name: String)], isHashed: Bool
    ) throws -> [CheckInput.File] {
        let results = Mutex<[Int: Result<CheckInput.File, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: places.count) { index in
            let result = Result { try file(places[index].path, places[index].name, isHashed: isHashed) }
            results.withLock { $0[index] = result }
        }
        let all = results.withLock { $0 }
        return try places.indices.compactMap { try all[$0]?.get() }
    }

    private static func file(_ path: String, _ name: String, isHashed: Bool) throws -> CheckInput.File {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            var digest: SHA256Digest?
            if isHashed {
                digest = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: path))
            } else {
                // That it can be read at all is said before anything else.
                let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                defer { try? handle.close() }
                _ = try handle.read(upToCount: 1)
            }
            return CheckInput.File(
                name: name, path: path, sha256: digest, size: (attributes[.size] as? Int) ?? 0)
        } catch {
            throw CommandError(.usage, Phrase("无法读取 \(path)：\(error)", "\(path) cannot be read: \(error)"))
        }
    }

    /// `…/<hospital_code>/<period>`, or a package's name.
    private static func hospital(in url: URL) -> String? {
        let parts = url.lastPathComponent.split(separator: "_")
        if parts.count == 4, parts[0] == "YPJC" { return String(parts[1]) }
        let components = url.pathComponents.reversed()
        return components.first { component in
            let bytes = Array(component.utf8)
            return HospitalCode.isPlausible(bytes.span)
        }
    }

    private static func period(in url: URL) -> Period? {
        let parts = url.deletingPathExtension().lastPathComponent.split(separator: "_")
        if parts.count == 4, parts[0] == "YPJC" { return Period(parts[2]) }
        let isPackage = url.pathExtension.lowercased() == "zip"
        return [url.lastPathComponent, url.deletingLastPathComponent().lastPathComponent].lazy
            .compactMap { Period($0) }.first ?? (isPackage ? PackageFileName.period(in: url.lastPathComponent) : nil)
    }
}

/// What the first rows of some files say of sender and time.
private struct FirstRow {
    var hospitalCode: String?
    var period: Period?
    var reportDate: CalendarDay?

    static func of(_ files: [CheckInput.File], limits: ReadingLimits) throws -> FirstRow {
        var result = FirstRow()
        guard let package = try? Package.open(files: files.map { ($0.name, $0.path) }, limits: limits) else {
            return result
        }
        for source in package.sources {
            guard let table = source.tableName.table,
                let reader = try? TableReaders.reader(for: source, DataSet.of(table), limits)
            else { continue }
            var batch = RowBatch(DataSet.of(table))
            // What is wrong with the file is the check's to say.
            guard (try? reader.next(into: &batch)) == true, !batch.rows.isEmpty else { continue }
            let code = batch.string(row: 0, column: SharedColumn.hospitalCode)
            if result.hospitalCode == nil, !code.isEmpty { result.hospitalCode = code }
            result.reportDate = result.reportDate ?? CalendarDay(batch.string(row: 0, column: SharedColumn.reportDate))
            result.period = result.period ?? reader.facts.declared["period"].flatMap { Period($0) }
            if result.hospitalCode != nil, result.reportDate != nil { break }
        }
        return result
    }
}
