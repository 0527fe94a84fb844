internal import Core
internal import Foundation
internal import Readers
internal import Rules

/// The data files of a submission, sorted into tables.
struct PackageContents {
    /// What a file is among those of its table.
    enum Role {
        /// The table's file, or one of its parts.
        case part
        /// The same bytes as another file: its rows are read and skipped as repeats.
        case copy
        /// Another file for a table that has one: judged on its own, so that its rows do not seem to repeat.
        case rival
    }

    var sources: [DataTable: [(file: SourceFile, role: Role)]] = [:]
    var manifest: SourceFile?
}

extension CheckPass {
    /// Opens the files, says which table each holds, and what is missing: A01 … A09.
    mutating func openPackage(isWhole: Bool) throws -> PackageContents {
        var contents = PackageContents()
        let package = try Package.open(
            files: input.files.map { (name: $0.name, path: $0.path) }, limits: settings.limits)
        contents.manifest = package.manifest
        for observation in package.observations { try add(withFile(described(observation))) }
        var found: [DataTable: [SourceFile]] = [:]
        for source in package.sources {
            switch try tableOf(source) {
            case .table(let table, _): found[table, default: []].append(source)
            case .ambiguous(let tables):
                let names = tables.map(\.chineseName).joined(separator: " | ")
                try add(Observation("A09", at: Place(file: unread(source)), value: names))
            case .unknown:
                try add(Observation("A09", at: Place(file: unread(source)), value: "?"))
            }
        }
        for (table, sources) in found.sorted(by: { $0.key < $1.key }) {
            contents.sources[table] = try roles(of: sources)
        }
        let unusable = unusableTables(package.observations)
        let missing = DataTable.allCases.filter { contents.sources[$0] == nil && !unusable.contains($0) }
        if isWhole {
            for table in missing {
                try add(
                    Observation(
                        "A07", at: Place(table: table), expected: "\(table.chineseName) (\(table.rawValue))"))
            }
        }
        return contents
    }

    private func tableOf(_ source: SourceFile) throws -> TableName {
        guard case .unknown = source.tableName else { return source.tableName }
        // An XML file says which table it holds, whatever its name.
        guard try source.contentKind(limits: settings.limits) == .xml,
            let table = try XMLRootPeek.root(of: source.open(limits: settings.limits))?.table
        else { return .unknown }
        return .table(table, part: nil)
    }

    /// Tables that came and cannot be used: what is wrong with their file has been said, they are not missing.
    private func unusableTables(_ observations: [Observation]) -> Set<DataTable> {
        var tables: Set<DataTable> = []
        for observation in observations {
            guard let name = observation.details["member"] ?? observation.details["file"] else { continue }
            if let table = TableName(fileName: name).table {
                tables.insert(table)
            } else if input.files.count == 1 {
                // The package itself.
                tables.formUnion(DataTable.allCases)
            }
        }
        return tables
    }

    /// The parts of a container's finding where messages and lists look for them.
    private func described(_ observation: Observation) -> Observation {
        var described = observation
        let details = observation.details
        described.value =
            observation.value ?? details["value"] ?? details["kind"] ?? details["said"] ?? details["reason"]
        described.expected = observation.expected ?? details["limit"]
        return described
    }

    /// A loose file that cannot be read stands in the list of files, with no rows; members of a package that was
    /// refused do not, they are named by the finding alone.
    private mutating func withFile(_ observation: Observation) -> Observation {
        guard observation.details["member"] == nil, let name = observation.details["file"],
            !name.lowercased().hasSuffix(".zip"), let file = input.files.first(where: { $0.name == name })
        else { return observation }
        var located = observation
        located.place.table = TableName(fileName: name).table
        located.place.file = unread(
            SourceFile(name: name, member: nil, path: file.path, memberIndex: nil, size: file.size),
            table: located.place.table)
        return located
    }

    /// Lists a file of which no row is read; gives its position.
    private mutating func unread(_ source: SourceFile, table: DataTable? = nil) -> Int {
        let digest = source.member == nil ? input.files.first { $0.name == source.name }?.sha256?.hex : nil
        files.append(
            FileOutcome(
                name: source.name, member: source.member, table: table, sha256: digest ?? "", size: source.size ?? 0))
        return files.count - 1
    }

    /// Parts are one table in their order; of the others the first counts, and A08 is said when the rest is read.
    private func roles(of sources: [SourceFile]) throws -> [(file: SourceFile, role: PackageContents.Role)] {
        func part(_ source: SourceFile) -> Int? {
            guard case .table(_, let part) = source.tableName else { return nil }
            return part
        }
        let sorted = sources.sorted { (part($0) ?? -1, $0.shownName) < (part($1) ?? -1, $1.shownName) }
        var result: [(file: SourceFile, role: PackageContents.Role)] = []
        var parts: Set<Int?> = []
        for source in sorted {
            // Different part numbers belong together; the same one twice, or two files without any, do not.
            let number = part(source)
            if result.isEmpty || (number != nil && !parts.contains(nil) && !parts.contains(number)) {
                parts.insert(number)
                result.append((source, .part))
                continue
            }
            let rival = result.first { part($0.file) == number } ?? result[0]
            let isSame = try sha256(of: source) == sha256(of: rival.file)
            result.append((source, isSame ? .copy : .rival))
        }
        return result
    }

    /// The hash of a loose file is mostly known; that of a member takes a reading.
    private func sha256(of source: SourceFile) throws -> String {
        if source.member == nil, let file = input.files.first(where: { $0.name == source.name }),
            let known = file.sha256
        {
            return known.hex
        }
        return try source.openHashing(limits: settings.limits).hash.digest().hex
    }

    /// The hash of a file of the list, read now where nobody knows it yet.
    private func sha256(ofFile index: Int) throws -> String {
        let outcome = files[index]
        guard outcome.sha256.isEmpty, outcome.member == nil,
            let file = input.files.first(where: { $0.name == outcome.name }), file.sha256 == nil
        else { return outcome.sha256 }
        return try sha256(
            of: SourceFile(name: file.name, member: nil, path: file.path, memberIndex: nil, size: file.size))
    }

    /// A container that turned out unusable while it was read, as an observation on the file.
    /// - Throws: what the operating system refused: that is no fault of the sender.
    func unusable(_ error: ReadingError, _ source: SourceFile, _ place: Place) throws -> Observation {
        guard var observation = error.observation(of: source, limits: settings.limits) else { throw error }
        observation.place = place
        return described(observation)
    }

    /// A22 and A25: what `manifest.json` states is checked.
    mutating func checkManifest(_ contents: PackageContents) throws {
        guard let source = contents.manifest else { return }
        guard let manifest = Manifest(source, limits: settings.limits) else {
            try add(
                Observation(
                    "A25", value: "?", expected: "{\"hospital_code\", \"period\", \"files\": [...]}",
                    details: ["file": source.shownName, "reason": "JSON"]))
            return
        }
        func differs(_ rule: RuleID, _ reason: String, _ stated: String, _ actual: String, _ file: String) throws {
            let index = files.firstIndex { ($0.member ?? $0.name) == file }
            try add(
                Observation(
                    rule, at: Place(table: index.flatMap { files[$0].table }, file: index), value: actual,
                    expected: stated, details: ["file": file, "reason": reason]))
        }
        if let code = manifest.hospitalCode, code != input.hospitalCode {
            try differs("A25", "hospital_code", code, input.hospitalCode, source.shownName)
        }
        if let period = manifest.period, Period(period) != input.period {
            try add(
                Observation(
                    "A22", value: period, expected: input.period.description, details: ["file": source.shownName]))
        }
        for entry in manifest.files ?? [] {
            guard let index = files.firstIndex(where: { ($0.member ?? $0.name) == entry.name }) else {
                if !input.files.contains(where: { $0.name == entry.name }) {
                    try differs("A25", "name", entry.name, "-", entry.name)
                }
                continue
            }
            if let stated = entry.sha256?.lowercased() {
                let actual = try sha256(ofFile: index)
                if stated != actual { try differs("A25", "sha256", stated, actual, entry.name) }
            }
            if let stated = entry.rows, stated != files[index].rowsRead {
                try differs("A25", "rows", "\(stated)", "\(files[index].rowsRead)", entry.name)
            }
            if let stated = entry.table, let table = files[index].table, stated != table.rawValue {
                try differs("A25", "table", stated, table.rawValue, entry.name)
            }
        }
    }
}

extension SourceFile {
    /// The member's name, or the loose file's.
    var shownName: String { member ?? name }
}
