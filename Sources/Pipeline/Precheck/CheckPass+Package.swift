internal import Core
internal import Foundation
internal import Readers
internal import Rules

/// The data files of a submission, sorted into tables.
struct PackageContents {
    var sources: [DataTable: [SourceFile]] = [:]
    var manifest: SourceFile?
}

extension CheckPass {
    /// Opens the files, says which table each holds, and what is missing: A01 … A09.
    mutating func openPackage(isWhole: Bool) throws -> PackageContents {
        var contents = PackageContents()
        let package = try Package.open(
            files: input.files.map { (name: $0.name, path: $0.path) }, limits: settings.limits)
        contents.manifest = package.manifest
        for observation in package.observations { try add(described(observation)) }
        for source in package.sources {
            switch try tableOf(source) {
            case .table(let table, _): contents.sources[table, default: []].append(source)
            case .ambiguous(let tables):
                try add(
                    Observation(
                        "A09", value: tables.map(\.chineseName).joined(separator: " | "),
                        details: ["file": source.shownName]))
            case .unknown:
                try add(Observation("A09", value: "?", details: ["file": source.shownName]))
            }
        }
        for (table, sources) in contents.sources.sorted(by: { $0.key < $1.key }) {
            contents.sources[table] = try settle(table, sources)
        }
        let unusable = unusableTables(package.observations)
        let missing = DataTable.allCases.filter { contents.sources[$0] == nil && !unusable.contains($0) }
        if isWhole, !missing.isEmpty {
            let names = missing.map { "\($0.chineseName) (\($0.rawValue))" }.joined(separator: ", ")
            try add(Observation("A07", expected: names))
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
        described.value = observation.value ?? details["value"] ?? details["kind"] ?? details["said"] ?? details["reason"]
        described.expected = observation.expected ?? details["limit"]
        if let member = details["member"], let file = details["file"] { described.details["file"] = "\(file)!\(member)" }
        return described
    }

    /// A08: parts are one table in their order; of identical files one is read; others cannot both be right.
    private mutating func settle(_ table: DataTable, _ sources: [SourceFile]) throws -> [SourceFile] {
        func part(_ source: SourceFile) -> Int? {
            guard case .table(_, let part) = source.tableName else { return nil }
            return part
        }
        let sorted = sources.sorted { (part($0) ?? -1, $0.shownName) < (part($1) ?? -1, $1.shownName) }
        var kept: [SourceFile] = []
        var parts: Set<Int?> = []
        for source in sorted {
            // Different part numbers belong together; the same one twice, or two files without any, do not.
            let number = part(source)
            if kept.isEmpty || (number != nil && !parts.contains(nil) && parts.insert(number).inserted) {
                parts.insert(number)
                kept.append(source)
                continue
            }
            let rival = kept.first { part($0) == number } ?? kept[0]
            let isSame = try sha256(of: source) == sha256(of: rival)
            try add(
                Observation(
                    "A08", at: Place(table: table),
                    details: ["file": source.shownName, "other_file": rival.shownName],
                    severity: isSame ? .warning : nil))
        }
        return kept
    }

    /// The hash of a loose file is known; that of a member takes a reading.
    private func sha256(of source: SourceFile) throws -> String {
        if source.member == nil, let file = input.files.first(where: { $0.name == source.name }) { return file.sha256.hex }
        return try source.openHashing(limits: settings.limits).hash.digest().hex
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
            try add(
                Observation(rule, value: actual, expected: stated, details: ["file": file, "reason": reason]))
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
            if let stated = entry.sha256?.lowercased(), stated != files[index].sha256 {
                try differs("A25", "sha256", stated, files[index].sha256, entry.name)
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
