import Compression
import Core

/// Writes one submission into the inbox: its tables, and what lies around them.
struct SubmissionWriting {
    let plan: SubmissionPlan
    let rows: SubmissionRows
    let rules: Set<String>
    let other: SampleInstitution
    let seed: UInt64
    /// zlib's level for `.gz` files and packages.
    let level: Int
    let sink: any SampleSink

    private var source: String { plan.source(period: rows.period) }
    private var age: SampleFileAge { plan.outcome == .notReady ? .fresh : .settled }
    /// What findings call the package; `nil` for loose files.
    private var packageName: String? {
        plan.layout.isPackage ? source.split(separator: "/").last.map(String.init) : nil
    }

    /// Writes everything; gives what must be found, or `nil` where nothing is to be taken.
    func write(floor: [DataTable: DelimitedFileWriter]) throws -> ExpectedSubmission? {
        var results: [FileResult] = []
        var members: [(name: String, file: MemberFile)] = []
        func make(_ name: String) throws -> (FileResult, HashedFile) {
            guard let packageName else {
                let file = try sink.makeFile(at: "inbox/\(source)/\(name)", age: age)
                return (FileResult(name: name, member: nil, table: nil, format: plan.format), HashedFile(file))
            }
            let file = MemberFile()
            members.append((name, file))
            return (FileResult(name: packageName, member: name, table: nil, format: plan.format), HashedFile(file))
        }
        let tables = TableWriting(
            plan: plan, rows: rows, rules: rules, other: other, seed: seed, level: level)
        for table in DataTable.allCases {
            results += try tables.write(table, floor: floor[table], make: make)
        }
        var findings: [ExpectedFinding] = []
        try addStrangeFiles(make, &results)
        if plan.hasManifest {
            let name = "manifest.json"
            let text = manifest(results)
            if plan.layout.isPackage {
                let file = MemberFile()
                file.write(Array(text.utf8))
                members.append((name, file))
            } else {
                try sink.write(text, to: "inbox/\(source)/\(name)", age: age)
            }
        }
        if plan.layout.isPackage {
            try sink.write(try package(members), to: "inbox/\(source)", age: age)
        } else if case .loose(isComplete: true) = plan.layout {
            try sink.write("", to: "inbox/\(source)/submission.ok", age: age)
        }
        addPackageFindings(&results, &findings)
        guard plan.outcome == .taken else { return nil }
        return settle(results, findings)
    }

    /// The member that a bomb hides in.
    private var bombName: String { plan.fileName(of: .usage, part: nil) }

    // MARK: What lies around the tables

    private func addStrangeFiles(
        _ make: (String) throws -> (FileResult, HashedFile), _ results: inout [FileResult]
    ) throws {
        for defect in plan.defects {
            guard case .package(.strangeFile(let name, let text)) = defect.planting else { continue }
            var (result, file) = try make(name)
            try file.write(Array(text.utf8))
            try file.close()
            result.expected.encoding = nil
            result.expected.delimiter = nil
            for expectation in defect.expected where rules.contains(expectation.rule) {
                result.expect(expectation, line: nil, row: nil)
            }
            results.append(result)
        }
    }

    private func manifest(_ results: [FileResult]) -> String {
        var period = "\(rows.period)"
        var wrongRows: DataTable?
        var wrongHash: DataTable?
        for defect in plan.defects {
            switch defect.planting {
            case .package(.manifestPeriod(let other)): period = other
            case .package(.manifestRows(let table)): wrongRows = table
            case .package(.manifestHash(let table)): wrongHash = table
            default: break
            }
        }
        let files = results.compactMap { result -> String? in
            guard let table = result.expected.table else { return nil }
            let name = result.expected.member ?? result.expected.name
            let count = result.expected.rowsRead + (table == wrongRows ? 1 : 0)
            let hash = table == wrongHash ? String(repeating: "0", count: 64) : result.digest
            return
                "  {\"name\": \"\(name)\", \"table\": \"\(table.rawValue)\", \"sha256\": \"\(hash)\", \"rows\": \(count)}"
        }
        return "{\"hospital_code\": \"\(rows.institution.hospitalCode)\", \"period\": \"\(period)\", \"files\": [\n"
            + files.joined(separator: ",\n") + "\n]}\n"
    }

    private func package(_ members: [(name: String, file: MemberFile)]) throws -> [UInt8] {
        let changes = plan.defects.compactMap { defect -> PackageChange? in
            if case .package(let change) = defect.planting { change } else { nil }
        }
        let zip = try ZipWriter(level: level)
        let gbk = TextEncoder(.gb18030)
        for member in members {
            if member.name == bombName, changes.contains(.bomb) {
                // 4 MiB of one byte pack to 4 KiB: far past the ratio, and small enough for anybody's disk.
                try zip.add(bombName, [UInt8](repeating: UInt8(ascii: "0"), count: 4 << 20))
                continue
            }
            if plan.hasUnmarkedNames {
                var name: [UInt8] = []
                gbk.encode(Array(member.name.utf8), into: &name)
                try zip.add(name: name, .unmarked, bytes: member.file.bytes)
            } else {
                try zip.add(name: Array(member.name.utf8), bytes: member.file.bytes)
            }
        }
        for change in changes { try addEntries(change, to: zip) }
        var bytes = try zip.finishInMemory()
        if changes.contains(.truncated) { bytes.removeLast(bytes.count * 2 / 5) }
        if changes.contains(.encrypted) { ZipDamage.markEncrypted(&bytes) }
        return bytes
    }

    private func addEntries(_ change: PackageChange, to zip: ZipWriter) throws {
        switch change {
        case .nested:
            let inner = try ZipWriter(level: level)
            try inner.add("usage.csv", Array("report_date\n20260110\n".utf8))
            try zip.add("more.zip", try inner.finishInMemory())
        case .escapingEntry: try zip.add("../../escaped.csv", Array("report_date\n".utf8))
        case .manyEntries:
            for number in 1...101 { try zip.add("notes/\(number.digits(3)).txt", Array("-\n".utf8)) }
        default: break
        }
    }

    // MARK: The key

    private func addPackageFindings(_ results: inout [FileResult], _ findings: inout [ExpectedFinding]) {
        for defect in plan.defects {
            guard case .package(let change) = defect.planting else { continue }
            for expectation in defect.expected where rules.contains(expectation.rule) {
                switch change {
                case .strangeFile: break
                case .manifestRows(let table), .manifestHash(let table):
                    if let index = results.firstIndex(where: { $0.expected.table == table }) {
                        results[index].expect(expectation, line: nil, row: nil)
                    }
                case .manifestPeriod:
                    findings.append(
                        ExpectedFinding(
                            rule: expectation.rule, severity: expectation.severity,
                            file: packageName ?? "manifest.json", member: packageName == nil ? nil : "manifest.json"))
                case .truncated, .encrypted, .nested, .escapingEntry, .bomb, .manyEntries:
                    for member in membersAtFault(change) {
                        findings.append(
                            ExpectedFinding(
                                rule: expectation.rule, severity: expectation.severity, file: packageName,
                                member: member))
                    }
                }
            }
            // A package that is refused as a whole is not read; beside one bad entry the others are.
            switch change {
            case .truncated, .encrypted, .bomb, .manyEntries: results = []
            default: break
            }
        }
        for defect in plan.defects {
            for expectation in defect.expected
            where expectation.place == .submission && rules.contains(expectation.rule) {
                if case .package = defect.planting { continue }
                var table: DataTable?
                if case .file(let missing, .missing) = defect.planting { table = missing }
                // What is said of the whole catalogue.
                if ["G05", "G09", "G10"].contains(expectation.rule) { table = .catalogue }
                findings.append(
                    ExpectedFinding(rule: expectation.rule, severity: expectation.severity, table: table))
            }
        }
    }

    /// Which members a finding about a package names; `nil` for the package itself.
    private func membersAtFault(_ change: PackageChange) -> [String?] {
        switch change {
        case .nested: ["more.zip"]
        case .escapingEntry: ["../../escaped.csv"]
        case .encrypted: DataTable.allCases.map { plan.fileName(of: $0, part: nil) }
        default: [nil]
        }
    }

    private func settle(_ results: [FileResult], _ ownFindings: [ExpectedFinding]) -> ExpectedSubmission {
        var results = results
        var findings = ownFindings + results.flatMap(\.findings)
        if institutionIsUnknown, rules.contains("A19") {
            findings.insert(ExpectedFinding(rule: "A19", severity: .interrupt), at: 0)
        }
        let bad = results.reduce(0) { $0 + $1.badRows.count }
        let all = results.reduce(0) { $0 + $1.expected.rowsRead - $1.totalLines - $1.repeatedRows }
        if rules.contains("G14"), bad * 10 > all * 3 {
            findings.append(ExpectedFinding(rule: "G14", severity: .interrupt))
        }
        let severities = Set(findings.map(\.severity))
        let verdict: Verdict =
            if severities.contains(.interrupt) {
                .returned
            } else if severities.contains(.error) {
                .partlyLoaded
            } else if severities.contains(.warning) {
                .passedWithWarnings
            } else {
                .passed
            }
        for index in results.indices { results[index].settle(isReturned: verdict == .returned) }
        return ExpectedSubmission(
            source: source, hospitalCode: rows.institution.hospitalCode, period: "\(rows.period)",
            version: plan.version, verdict: verdict, files: results.map(\.expected), findings: findings)
    }

    /// Whether the library does not list the sender.
    private var institutionIsUnknown: Bool { rows.institution.isUnlisted }
}

/// What cannot be had from a zip writer that makes valid zips.
enum ZipDamage {
    /// Sets the flag that says that an entry is encrypted, on every entry.
    static func markEncrypted(_ zip: inout [UInt8]) {
        var index = 0
        while index + 10 < zip.count {
            // Local header: PK 3 4, flags at 6. Central directory: PK 1 2, flags at 8.
            if zip[index] == 0x50, zip[index + 1] == 0x4B {
                if zip[index + 2] == 3, zip[index + 3] == 4 { zip[index + 6] |= 1 }
                if zip[index + 2] == 1, zip[index + 3] == 2 { zip[index + 8] |= 1 }
            }
            index += 1
        }
    }
}
