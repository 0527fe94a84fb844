import Core
import Digests
import Foundation
import Pipeline
import Postgres
import Rules
import Samples
import TestNight
import Testing

@Suite struct `The sample night` {
    /// Everything the key says, compared with what the public views show; nothing more, nothing less.
    @Test(.timeLimit(.minutes(10))) func `meets its answer key exactly, and a second run changes nothing`() async throws
    {
        try await withNight { night in
            let key = try AnswerKeyFile.read()
            try night.addSampleNight()
            try await night.publishLibraries()
            let before = Set(try digests(night, "inbox").values)
            let outcome = try await night.run()
            #expect(outcome.isClean)

            try await compareSubmissions(night, key)
            try await compareFiles(night, key)
            try await compareFindings(night, key)
            try await compareIntake(night, key)
            try compareInbox(night, key)
            try compareArchive(night, before)
            try await compareSums(night)
            try await compareResults(night)

            let views = try await night.views()
            let papers = try contents(night, "outbox")
            let archive = try digests(night, "archive")
            let again = try await night.run()
            #expect(again.isClean)
            #expect(again.report.submissions.isEmpty)
            #expect(PublicViews.differences(try await night.views(), views) == [])
            #expect(try contents(night, "outbox") == papers)
            #expect(try digests(night, "archive") == archive)
            #expect(night.folder.files(below: "data/work") == [])
        }
    }

    private func text(_ values: Any?...) -> String { values.map { $0.map { "\($0)" } ?? "-" }.joined(separator: "|") }

    private func compareSubmissions(_ night: Night, _ key: AnswerKey) async throws {
        let found = try await night.rows(
            "SELECT source_name, hospital_code, period, version, verdict FROM yaoce_api.submission")
        let expected = key.submissions.map {
            text($0.source, $0.hospitalCode, $0.period, $0.version, $0.verdict.rawValue)
        }
        #expect(found.sorted() == expected.sorted())
        // The newest version that was accepted is the one in force; where none was, the newest.
        let current = try await night.rows(
            """
            SELECT source_name FROM yaoce_api.submission s WHERE is_current IS DISTINCT FROM (submission_id = (
                SELECT submission_id FROM yaoce_api.submission o
                WHERE (o.hospital_code, o.period) = (s.hospital_code, s.period)
                ORDER BY o.verdict <> 'returned' DESC, version DESC LIMIT 1))
            """)
        #expect(current == [])
    }

    private func compareFiles(_ night: Night, _ key: AnswerKey) async throws {
        let found = try await night.rows(
            """
            SELECT s.source_name, f.file_name, f.member, f.table_name, f.encoding, f.delimiter, f.rows_read,
                f.rows_loaded, f.rows_quarantined, f.rows_skipped
            FROM yaoce_api.submission_file f JOIN yaoce_api.submission s USING (submission_id)
            """)
        let expected = key.submissions.flatMap { submission in
            submission.files.map { file in
                text(
                    submission.source, file.name, file.member, file.table?.rawValue, file.encoding, file.delimiter,
                    file.rowsRead, file.rowsLoaded, file.rowsQuarantined, file.rowsSkipped.values.reduce(0, +))
            }
        }
        report(found, expected)
    }

    private func compareFindings(_ night: Night, _ key: AnswerKey) async throws {
        let found = try await night.rows(
            """
            SELECT s.source_name, f.rule_id, f.severity, f.table_name, f.file_name, f.member, f.line, f.row_number,
                f.column_name
            FROM yaoce_api.finding f JOIN yaoce_api.submission s USING (submission_id)
            WHERE f.stage = 'pre' AND f.rule_id = ANY (\(key.rules))
            """)
        let expected = key.submissions.flatMap { submission in
            submission.findings.map { finding in
                text(
                    submission.source, finding.rule, finding.severity.rawValue, finding.table?.rawValue, finding.file,
                    finding.member, finding.line, finding.row, finding.column)
            }
        }
        report(found, expected)
        // A person can read every one of them.
        let unclear = try await night.rows(
            """
            SELECT rule_id, message_zh, message_en FROM yaoce_api.finding
            WHERE coalesce(message_zh, '') IN ('') OR coalesce(message_en, '') IN ('')
                OR message_zh LIKE '%${%' OR message_en LIKE '%${%'
            """)
        #expect(unclear == [])
    }

    private func compareIntake(_ night: Night, _ key: AnswerKey) async throws {
        let found = try await night.rows("SELECT source_name, outcome FROM yaoce_api.intake")
        report(found, key.intake.map { text($0.source, $0.outcome.rawValue) })
    }

    /// The inbox keeps nothing that was taken, and everything that was not.
    private func compareInbox(_ night: Night, _ key: AnswerKey) throws {
        let left = night.folder.files(below: "inbox")
        let kept = key.intake.filter { $0.outcome != .taken && $0.outcome != .identical }.map(\.source)
        for path in left {
            #expect(kept.contains { path == $0 || path.hasPrefix($0 + "/") }, "\(path) was taken and is still there")
        }
        for source in kept {
            #expect(left.contains { $0 == source || $0.hasPrefix(source + "/") }, "\(source) is gone")
        }
    }

    /// Every byte that was taken lies in the archive under its SHA-256, and nobody may write to it.
    private func compareArchive(_ night: Night, _ before: Set<String>) throws {
        let archived = try digests(night, "archive")
        for (path, digest) in archived {
            #expect(path.hasSuffix(digest))
            let attributes = try FileManager.default.attributesOfItem(atPath: night.folder.file("archive/\(path)"))
            #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o222 } == 0)
        }
        let stillThere = Set(try digests(night, "inbox").values)
        let markers = SHA256Digest(bytes: SHA256Hasher.digest(of: [])).hex
        #expect(before.subtracting(archived.values).subtracting(stillThere).subtracting([markers]) == [])
    }

    private func compareSums(_ night: Night) async throws {
        let wrong = try await night.rows(
            """
            SELECT file_name FROM yaoce_api.submission_file
            WHERE rows_read IS DISTINCT FROM rows_loaded + rows_quarantined + rows_skipped
            """)
        #expect(wrong == [])
        let found = try await night.rows(
            """
            SELECT t, sum(n)::bigint FROM (
                SELECT table_name AS t, rows_loaded AS n FROM yaoce_api.submission_file
                    JOIN yaoce_api.submission USING (submission_id) WHERE is_current AND table_name IS NOT NULL
                UNION ALL SELECT 'institution', -count(*) FROM yaoce_api.institution
                UNION ALL SELECT 'catalogue', -count(*) FROM yaoce_api.catalogue
                UNION ALL SELECT 'stock_in', -count(*) FROM yaoce_api.stock_in
                UNION ALL SELECT 'stock_out', -count(*) FROM yaoce_api.stock_out
                UNION ALL SELECT 'usage', -count(*) FROM yaoce_api.usage) x GROUP BY t HAVING sum(n) <> 0
            """)
        #expect(found == [])
    }

    /// Every rule before the load has one status on every submission, and counts what its findings add up to.
    private func compareResults(_ night: Night) async throws {
        let rules = try TestRules.book.get().sorted.filter { $0.stage == .pre }.count
        let incomplete = try await night.rows(
            """
            SELECT s.submission_id, count(DISTINCT r.rule_id), count(*) FROM yaoce_api.submission s
            LEFT JOIN yaoce_api.rule_result r ON r.submission_id = s.submission_id AND r.rule_id !~ '^P'
            GROUP BY 1 HAVING count(DISTINCT r.rule_id) <> \(rules) OR count(*) <> \(rules)
            """)
        #expect(incomplete == [])
        let wrong = try await night.rows(
            """
            SELECT r.submission_id, r.rule_id, r.violated, f.count FROM yaoce_api.rule_result r
            LEFT JOIN LATERAL (SELECT count(DISTINCT (file_no, row_number)) FILTER (WHERE row_number IS NOT NULL)
                    + count(*) FILTER (WHERE row_number IS NULL) AS count
                FROM yaoce_api.finding f
                WHERE f.submission_id = r.submission_id AND f.rule_id = r.rule_id AND f.stage = 'pre') f ON true
            WHERE r.rule_id !~ '^P' AND (r.violated <> f.count OR r.evaluated < r.violated
                OR (r.violated > 0) <> (r.status IN ('failed', 'passed_with_violations'))
                OR (r.reason IS NOT NULL) <> (r.status = 'not_applicable'))
            """)
        #expect(wrong == [])
    }

    private func report(_ found: [String], _ expected: [String]) {
        var counts: [String: Int] = [:]
        for line in found { counts[line, default: 0] += 1 }
        for line in expected { counts[line, default: 0] -= 1 }
        let more = counts.filter { $0.value > 0 }.keys.sorted()
        let missing = counts.filter { $0.value < 0 }.keys.sorted()
        #expect(more == [], "found and not expected")
        #expect(missing == [], "expected and not found")
    }

    private func digests(_ night: Night, _ folder: String) throws -> [String: String] {
        var result: [String: String] = [:]
        for path in night.folder.files(below: folder) {
            let full = night.folder.file("\(folder)/\(path)")
            let type = try FileManager.default.attributesOfItem(atPath: full)[.type] as? FileAttributeType
            guard type == .typeRegular else { continue }
            result[path] = SHA256Digest(bytes: try SHA256Hasher.digest(ofFileAt: full)).hex
        }
        return result
    }

    private func contents(_ night: Night, _ folder: String) throws -> [String: [UInt8]] {
        var result: [String: [UInt8]] = [:]
        for path in night.folder.files(below: folder) { result[path] = try night.folder.bytes("\(folder)/\(path)") }
        return result
    }
}
