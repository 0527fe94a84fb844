public import Core
import Postgres

extension PostgresStore {
    /// Writes findings, quarantined rows, files and verdicts; the submissions wait for load.
    ///
    /// One COPY per table for the whole group. A submission that was judged before loses what that left.
    public func completePrecheck(_ results: [PrecheckResult], run: Int) async throws {
        guard !results.isEmpty else { return }
        let ids = results.map(\.submission.id)
        let claims = claims
        try await write(givesNumbers: false, recording: { .judged(ids, run: run) }) { connection in
            try claims.check(ids, connection)
            let owners = try Judged.prepare(ids, connection)
            try Judged.copyFiles(results, owners, connection)
            try Judged.copyFindings(results, owners, connection)
            try Judged.copyQuarantinedRows(results, owners, connection)
            try Judged.copyRuleResults(results, owners, run: run, connection)
            try connection.query(
                """
                UPDATE yaoce.submission s
                SET verdict = j.verdict, rule_set_hash = j.hash, libraries = yaoce.current_libraries(), failures = 0,
                    waiting_for = \(Stage.load.number), is_settled = (j.verdict = 'returned' AND s.loaded_at IS NULL)
                FROM unnest(\(ids), \(results.map(\.verdict.rawValue)), \(results.map(\.ruleSetHash)))
                    AS j (id, verdict, hash)
                WHERE s.id = j.id
                """)
            try Steps.record(.precheck, of: ids, run: run, connection)
        }
    }
}

/// What precheck leaves in the database.
enum Judged {
    /// Institutions by submission. Removes what an earlier judgement left.
    static func prepare(_ ids: [SubmissionID], _ connection: isolated Connection) throws -> [SubmissionID: Int32] {
        let rows = try connection.query(
            "SELECT id, institution_id, verdict IS NOT NULL FROM yaoce.submission WHERE id = ANY (\(ids)) FOR UPDATE")
        var owners: [SubmissionID: Int32] = [:]
        var judged: [SubmissionID] = []
        for row in 0..<rows.count {
            let id: SubmissionID = try rows.value(row, 0)
            owners[id] = try rows.value(row, 1)
            if try rows.value(row, 2) { judged.append(id) }
        }
        for id in ids where owners[id] == nil { throw StoreError(problem: .noSuchSubmission(id)) }
        guard !judged.isEmpty else { return owners }
        for table in ["submission_file", "finding_count", "quarantined_row"] {
            try connection.query("DELETE FROM yaoce.\(identifier: table) WHERE submission_id = ANY (\(judged))")
        }
        // What rules after the load said stands until they are asked again.
        try connection.query(
            """
            DELETE FROM yaoce.rule_result WHERE submission_id = ANY (\(judged))
                AND rule_id IN (SELECT rule_id FROM yaoce.rule_text WHERE stage = 'pre')
            """)
        // That the same bytes came again (A17) was not judged by precheck and stays.
        try connection.query(
            "DELETE FROM yaoce.finding WHERE submission_id = ANY (\(judged)) AND rule_id <> 'A17'")
        return owners
    }

    static func copyFiles(
        _ results: [PrecheckResult], _ owners: [SubmissionID: Int32], _ connection: isolated Connection
    ) throws {
        let columns = [
            "submission_id", "institution_id", "file_no", "table_no", "file_name", "member", "encoding", "delimiter",
            "sha256", "size", "rows_read", "rows_loaded", "rows_quarantined", "rows_skipped", "skip_reasons",
            "findings",
            "headers", "normalised",
        ]
        try connection.copyIn(into: "yaoce.submission_file", columns: columns) { writer in
            for result in results {
                for (number, file) in result.files.enumerated() {
                    writer.beginRow(fields: Int16(columns.count))
                    writer.append(Int32(result.submission.id.rawValue))
                    writer.append(owners[result.submission.id])
                    writer.append(Int32(number))
                    writer.append(file.table.map { Int16($0.number) })
                    writer.append(file.name)
                    writer.append(file.member)
                    writer.append(file.encoding)
                    writer.append(file.delimiter)
                    writer.append(file.sha256)
                    writer.append(Int64(file.size))
                    writer.append(Int64(file.rowsRead))
                    writer.append(Int64(file.rowsLoaded))
                    writer.append(Int64(file.rowsQuarantined))
                    writer.append(Int64(file.rowsSkippedTotal))
                    writer.appendEncoded(FileTexts.counts(file.rowsSkipped))
                    writer.appendEncoded(FileTexts.counts(file.findings))
                    writer.appendEncoded(FileTexts.headers(of: file))
                    writer.appendEncoded(FileTexts.normalised(of: file))
                }
            }
        }
    }

    static func copyFindings(
        _ results: [PrecheckResult], _ owners: [SubmissionID: Int32], _ connection: isolated Connection
    ) throws {
        let first: Int = try connection.query("SELECT value + 1 FROM yaoce.counter WHERE name = 'finding' FOR UPDATE")
            .single()
        let columns = [
            "finding_id", "byte_offset", "submission_id", "institution_id", "file_no", "line", "row_number", "stage",
            "severity", "table_no", "fingerprint", "rule_id", "column_name", "value", "expected", "details",
            "root_fingerprint",
        ]
        var next = Int64(first)
        var counts: [(SubmissionID, [FindingKind: Int])] = []
        try connection.copyIn(into: "yaoce.finding", columns: columns) { writer in
            for result in results {
                let id = result.submission.id
                var kinds: [FindingKind: Int] = [:]
                let owner = owners[id]
                try result.staged.forEachStagedFinding { finding in
                    append(finding, number: next, of: id, owner: owner, fields: Int16(columns.count), to: &writer)
                    next += 1
                    let rule = RuleID(finding.text(finding.rule))
                    kinds[FindingKind(rule: rule, severity: finding.severity), default: 0] += 1
                }
                counts.append((id, kinds))
            }
        }
        try connection.query("UPDATE yaoce.counter SET value = \(next - 1) WHERE name = 'finding'")
        let rows = counts.flatMap { id, kinds in
            kinds.sorted { ($0.key.rule, $0.key.severity) < ($1.key.rule, $1.key.severity) }.map {
                (id, $0.key, $0.value)
            }
        }
        try connection.copyIn(
            into: "yaoce.finding_count", columns: ["submission_id", "institution_id", "rule_id", "severity", "count"]
        ) { writer in
            for (id, kind, count) in rows {
                writer.beginRow(fields: 5)
                writer.append(Int32(id.rawValue))
                writer.append(owners[id])
                writer.append(kind.rule.rawValue)
                writer.append(Int16(kind.severity.rank))
                writer.append(Int64(count))
            }
        }
    }

    private struct FindingKind: Hashable {
        var rule: RuleID
        var severity: Severity
    }

    private static func append(
        _ finding: borrowing StagedFinding, number: Int64, of id: SubmissionID, owner: Int32?, fields: Int16,
        to writer: inout BinaryCopyWriter
    ) {
        let place = finding.place
        writer.beginRow(fields: fields)
        writer.append(number)
        writer.append(place.byteOffset.map(Int64.init))
        writer.append(Int32(id.rawValue))
        writer.append(owner)
        writer.append(place.file.map { Int32(clamping: $0) })
        writer.append(place.line.map { Int32(clamping: $0) })
        writer.append(place.row.map { Int32(clamping: $0) })
        writer.append(Int16(finding.stage == .pre ? 1 : 2))
        writer.append(Int16(finding.severity.rank))
        writer.append(place.table.map { Int16($0.number) })
        writer.append(SQLUUID(high: finding.fingerprint.high, low: finding.fingerprint.low))
        writer.append(text: finding.rule, of: finding.bytes)
        writer.append(text: finding.column, of: finding.bytes)
        writer.append(text: finding.value, of: finding.bytes)
        writer.append(text: finding.expected, of: finding.bytes)
        if finding.details.isEmpty {
            writer.appendNull()
        } else {
            writer.append(texts: finding.details, of: finding.bytes)
        }
        if let root = finding.root {
            writer.append(SQLUUID(high: root.high, low: root.low))
        } else {
            writer.appendNull()
        }
    }

    /// A row for every rule and submission, in one COPY for the group.
    static func copyRuleResults(
        _ results: [PrecheckResult], _ owners: [SubmissionID: Int32], run: Int, _ connection: isolated Connection
    ) throws {
        let columns = [
            "run_id", "submission_id", "institution_id", "rule_id", "rule_hash", "status", "reason", "evaluated",
            "violated",
        ]
        try connection.copyIn(into: "yaoce.rule_result", columns: columns) { writer in
            for result in results {
                for rule in result.ruleResults {
                    writer.beginRow(fields: Int16(columns.count))
                    writer.append(Int32(run))
                    writer.append(Int32(result.submission.id.rawValue))
                    writer.append(owners[result.submission.id])
                    writer.append(rule.rule.rawValue)
                    writer.append(rule.ruleHash)
                    writer.append(rule.status.rawValue)
                    writer.append(rule.reason)
                    writer.append(Int64(rule.evaluated))
                    writer.append(Int64(rule.violated))
                }
            }
        }
    }

    static func copyQuarantinedRows(
        _ results: [PrecheckResult], _ owners: [SubmissionID: Int32], _ connection: isolated Connection
    ) throws {
        let columns = [
            "submission_id", "institution_id", "file_no", "line", "row_number", "table_no", "raw", "text", "rule_ids",
        ]
        try connection.copyIn(into: "yaoce.quarantined_row", columns: columns) { writer in
            for result in results {
                let id = result.submission.id
                var found = 0
                try result.staged.forEachQuarantinedRow { row in
                    found += 1
                    writer.beginRow(fields: Int16(columns.count))
                    writer.append(Int32(id.rawValue))
                    writer.append(owners[id])
                    writer.append(row.origin.file)
                    writer.append(row.origin.line)
                    writer.append(row.origin.row)
                    writer.append(Int16(row.table.number))
                    writer.append(bytes: row.raw)
                    writer.append(row.text)
                    writer.appendEncoded(row.rules.map(\.rawValue))
                }
                let expected = result.files.reduce(0) { $0 + $1.rowsQuarantined }
                guard found == expected else {
                    throw StoreError(
                        problem: .countMismatch(id, what: "quarantined_row", expected: expected, found: found))
                }
            }
        }
    }
}
