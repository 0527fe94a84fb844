import Core
import Foundation
import Postgres
import TestDatabase
import Testing

@Suite(.enabled(if: TestCluster.isWanted, "PostgreSQL is not installed")) struct `A night with its comparison` {
    private func one<Value: SQLValue>(_ sql: SQL, _ yaoce: Yaoce, as type: Value.Type = Value.self) async throws
        -> Value
    {
        let connection = try await yaoce.database.connect()
        let value: Value = try await connection.perform { try $0.query(sql).single() }
        await connection.close()
        return value
    }

    private func addInbox(_ yaoce: Yaoce) throws {
        let (inbox, source) = (yaoce.file("inbox"), "\(Yaoce.repository)/SampleData/inbox")
        let old = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: 1_767_225_600)]
        for name in try FileManager.default.contentsOfDirectory(atPath: source) {
            try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(inbox)/\(name)")
            let inside = FileManager.default.enumerator(atPath: "\(inbox)/\(name)")?.allObjects as? [String] ?? []
            for path in ["\(inbox)/\(name)"] + inside.map({ "\(inbox)/\(name)/\($0)" }) {
                try? FileManager.default.setAttributes(old, ofItemAtPath: path)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `the sample's rows carry the code their hospital supplied, and a second night compares nothing`() async throws
    {
        try await Yaoce.use { yaoce in
            try addInbox(yaoce)
            let night = try await yaoce.run("run", "--json")
            #expect(night.code == 0, "\(night.errors)")
            for view in ["catalogue", "stock_in", "stock_out", "usage"] {
                let counts: String = try await one(
                    SQL(
                        unchecked: """
                            SELECT (count(*) > 100) || ' ' || count(*) FILTER (WHERE matched_ypid IS NULL AND EXISTS
                                (SELECT FROM yaoce.library_drug l WHERE l.ypid = v.ypid AND l.status = 'active'))
                                || ' ' || count(*) FILTER (WHERE match_method = 'supplied_code' AND matched_ypid <> ypid)
                                || ' ' || count(*) FILTER (WHERE matched_ypid IS NOT NULL AND match_score IS NULL)
                            FROM yaoce_api.\(view) v
                            """), yaoce)
                #expect(counts == "true 0 0 0", "\(view)")
            }
            let maps: Int = try await one("SELECT count(*) FROM yaoce.drug_code_map", yaoce)
            let again = try await yaoce.run("run", "--json")
            #expect(again.code == 0)
            #expect(try await one("SELECT count(*) FROM yaoce.drug_code_map", yaoce, as: Int.self) == maps)
            #expect(try await one("SELECT max(version) FROM yaoce.drug_code_map", yaoce, as: Int.self) == 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `template, task, export and the filled-in export make a round trip`() async throws {
        try await Yaoce.use { yaoce in
            let template = try await yaoce.run("match", "template", "--english").output
            #expect(template.unicodeScalars.first == "\u{FEFF}")
            let header = template.unicodeScalars.dropFirst().map(String.init).joined()
                .trimmingCharacters(in: .newlines).components(separatedBy: ",")
            #expect(header.count == 14)
            let library = try String(
                contentsOfFile: "\(Yaoce.repository)/SampleData/libraries/drugs.csv", encoding: .utf8
            ).components(separatedBy: .newlines)
            let columns = library[0].components(separatedBy: ",")
            var lines = [header.joined(separator: ",")]
            for (number, line) in library[1...12].enumerated() {
                let entry = Dictionary(uniqueKeysWithValues: zip(columns, line.components(separatedBy: ",")))
                var drug = entry
                drug["hospital_drug_code"] = number == 0 ? "=1+1" : "H\(12 - number)"
                drug["ypid"] = nil
                if number % 3 == 2 { drug["approval_number"] = nil; drug["manufacturer"] = nil; drug["strength"] = nil }
                if number % 3 == 2 { drug["nhsa_code"] = nil; drug["standard_code"] = nil }
                lines.append(header.map { drug[$0] ?? "" }.joined(separator: ","))
            }
            try lines.joined(separator: "\r\n").write(toFile: yaoce.file("new.csv"), atomically: true, encoding: .utf8)

            let made = try await yaoce.run("match", "new", "new.csv", "--json")
            #expect(made.code == 0, "\(made.errors)")
            let task = try #require(made.object["task"] as? String)
            #expect(made.object["total"] as? Int == 12)
            let states = made.object["states"] as? [String: Int] ?? [:]
            #expect((states["approved"] ?? 0) >= 8)
            #expect((states["proposed"] ?? 0) >= 1)

            let exported = try await yaoce.run("match", "export", task, "--candidates", "2").output
            var rows = exported.components(separatedBy: "\r\n").filter { !$0.isEmpty }
            #expect(
                rows[0] == "\u{FEFF}hospital_drug_code,state,matched_ypid,method,score,reason,candidate_1_ypid,"
                    + "candidate_1_score,candidate_2_ypid,candidate_2_score")
            #expect(rows.count == 13)
            #expect(rows[1].hasPrefix("'=1+1,approved,"))
            #expect(rows[2].hasPrefix("H11,"))
            #expect(rows[12].hasPrefix("H1,"))

            let open = try #require(rows.firstIndex { $0.contains(",proposed,") })
            var cells = rows[open].components(separatedBy: ",")
            (cells[1], cells[2]) = ("approved", cells[6])
            rows[open] = cells.joined(separator: ",")
            try (rows.joined(separator: "\r\n") + "\r\n").write(
                toFile: yaoce.file("filled.csv"), atomically: true, encoding: .utf8)
            let taken = try await yaoce.run("match", "import", task, "filled.csv", "--by", "李四", "--json")
            #expect(taken.code == 0, "\(taken.errors)")
            #expect(taken.object["decided"] as? Int == 1)
            let items = try await yaoce.run("match", "show", task, "--json").object["items"] as? [[String: Any]] ?? []
            #expect(items[open - 1]["decided_by"] as? String == "李四")
            #expect(items[open - 1]["matched_ypid"] as? String == cells[6])

            let item = try #require(items[open - 1]["item"] as? Int)
            let stale = try await yaoce.run(
                "match", "decide", "\(item)", "--no-match", "x", "--seen", "1", "--by", "王五")
            #expect(stale.code == 1)
            #expect(stale.errors.contains("李四"))
            let shown = try await yaoce.run("match", "show", "\(item)", "--json").object
            #expect((shown["fields"] as? [Any])?.count == 9)
            #expect((shown["history"] as? [Any])?.count == 1)
            #expect(try await yaoce.run("match", "revoke", "\(item)", "--reason", "看错", "--by", "王五").code == 0)
            let listed = try await yaoce.run("match", "list", "--json").list
            #expect(listed.map { $0["status"] as? String } == ["open"])
        }
    }
}
