import Core
import Foundation
import Postgres
import Store
import TestDatabase
import TestNight
import Testing

@Suite struct `The command line` {
    private static let day = Night.businessDate.description

    private func withProgram<Value: Sendable>(_ body: @Sendable (Program, Night) async throws -> Value) async throws
        -> Value
    {
        try await withNight { night in
            let program = Program(
                night.folder, environment: ["YAOCE_DATABASE_URL": night.database.url, "YAOCE_LOG_LEVEL": "error"])
            try await program.expectDone("init", ".")
            return try await body(program, night)
        }
    }

    @Test(arguments: [
        ["nonsense"], ["run", "--nonsense"], ["run", "--only", "nonsense"], ["run", "--business-date", "2026-02-30"],
        ["validate"], ["validate", "nothing-there"], ["validate", "--fail-on", "all", "inbox"],
        ["inspect", "nothing-there"],
        ["submission", "show", "x"], ["submission", "show", "4711"],
        ["submission", "withdraw", "4711", "--reason", "r"],
        ["submission", "withdraw", "1"], ["submission", "list", "--period", "x"], ["rules", "show", "Z99"],
        ["library", "import", "pills", "f.csv", "--version", "v1"], ["sample", "generate", "--kind", "huge", "x"],
        ["run", "--config", "nothing.yaml"], ["normalize", "--encoding", "KLINGON", "yaoce.yaml"],
        ["run", "--lang", "fr"],
    ])
    func `exits 2 when it is used wrongly`(arguments: [String]) async throws {
        try await withProgram { program, _ in
            let ended = try await program.expect(2, arguments)
            #expect(ended.output == "")
            #expect(!ended.errors.isEmpty)
        }
    }

    @Test func `tells all mistakes of a configuration at once, with key and line`() async throws {
        try await withFolder { folder in
            try folder.write(
                """
                database:
                  url: ""
                intake:
                  settle_second: 5
                  settle_seconds: soon
                limits:
                  ratio: 1
                policy:
                  record_errors: drop
                province:
                  code: "99"
                langage: zh
                """, to: "yaoce.yaml")
            let ended = try await Program(folder, environment: ["YAOCE_RUN_WORKERS": "many"]).expect(
                2, ["run", "--lang", "en"])
            for (line, text) in [
                (4, "settle_second"), (5, "'intake.settle_seconds' is 'soon'"), (7, "'limits.ratio' is '1'"),
                (9, "'policy.record_errors' is 'drop'"), (11, "'province.code' is '99'"), (12, "langage"),
            ] {
                let shown = ended.errors.split(separator: "\n").first { $0.contains("yaoce.yaml:\(line):") }
                #expect(shown?.contains(text) == true, "line \(line): \(ended.errors)")
            }
            #expect(ended.errors.contains("did you mean 'settle_seconds'?"))
            #expect(ended.errors.contains("did you mean 'language'?"))
            #expect(ended.errors.contains("YAOCE_RUN_WORKERS: error: 'many'"))
        }
    }

    @Test func `exits 75 when the database is away`() async throws {
        try await withProgram { program, night in
            var away = program
            away.environment["YAOCE_DATABASE_URL"] =
                "postgresql://yaoce@/yaoce?host=\(night.folder.path)/nowhere&port=5432"
            let ended = try await away.expect(75, ["status"])
            #expect(ended.errors.contains("database"))
            #expect(try await away.expect(1, ["doctor", "--json"]).output.contains("\"ok\""))
        }
    }

    @Test func `exits 75 while another run holds the lock`() async throws {
        try await withProgram { program, night in
            let store = try await night.database.store()
            let isTaken = try await store.acquireRunLock()
            #expect(isTaken)
            let ended = try await program.expect(75, ["run"])
            #expect(ended.output == "")
            try await program.expect(75, ["submission", "withdraw", "1", "--reason", "r"])
            await store.close()
            try await program.expect(0, ["run"])
        }
    }

    @Test func `exits 2 on a database of another shape`() async throws {
        try await withDatabase(.empty) { database in
            try await withFolder { folder in
                let program = Program(folder, environment: ["YAOCE_DATABASE_URL": database.url])
                try await program.expectDone("init", ".")
                let ended = try await program.expect(2, ["run", "--lang", "en"])
                #expect(ended.errors.contains("migrate"))
                try await program.expectDone("db", "migrate")
                try await program.expectDone("run")
            }
        }
    }

    @Test func `prints one object for a run, as the contract says`() async throws {
        try await withProgram { program, night in
            try TestSubmission(.gb18030).drop(into: night.folder)
            try night.folder.write("x", to: "inbox/stranger.csv")
            let ended = try await program.expectDone("run", "--json", "--business-date", Self.day)
            #expect(ended.errors == "")
            let run = try JSONValue(ended.output)
            #expect(
                run.keys.isSuperset(of: ["run_id", "started_at", "finished_at", "stages", "submissions", "findings"]))
            #expect(
                run["stages"].list.map { $0["name"].string } == [
                    "receive", "compare", "precheck", "load", "postcheck", "report",
                ])
            #expect(run["stages"].list.allSatisfy { $0["items"].int == 1 && $0["seconds"].value != nil })
            let submission = run["submissions"][0]
            #expect(submission["submission_id"].int == 1)
            #expect(submission["period"].string == "2025")
            #expect(submission["verdict"].string == "passed")
            #expect(submission["grade"].string == "pass")
            let files = submission["files"].list
            #expect(files.count == 5)
            for file in files {
                #expect(file["encoding"].string == "GB18030")
                #expect(file["sha256"].string?.count == 64)
                let sum = ["rows_loaded", "rows_quarantined", "rows_skipped"].reduce(0) { $0 + (file[$1].int ?? 0) }
                #expect(file["rows_read"].int == sum)
                #expect(file.keys.isSuperset(of: ["name", "table"]))
            }
            // The contract: findings by severity, for each file.
            #expect(files.allSatisfy { $0.keys.contains("findings") })
            let again = try JSONValue(try await program.expectDone("run", "--json", "--business-date", Self.day).output)
            #expect(again["submissions"].list.isEmpty)
        }
    }

    @Test func `speaks both languages`() async throws {
        try await withProgram { program, night in
            try TestSubmission().drop(into: night.folder)
            let english = try await program.expectDone("run", "--lang", "en", "--business-date", Self.day)
            #expect(english.output.contains("rows read"))
            let chinese = try await program.expectDone("status", "--lang", "zh")
            #expect(chinese.output.contains("报送数"))
            var program = program
            program.environment["LANG"] = "zh_CN.UTF-8"
            #expect(try await program.expectDone("submission", "list").output.contains("机构"))
            #expect(try await program.expectDone("submission", "list", "--lang", "en").output.contains("hospital"))
            #expect(try await program.expect(2, ["submission", "show", "9"]).errors.contains("没有第 9 号报送"))
        }
    }

    @Test func `withdraws one submission and shows the one before it again`() async throws {
        try await withProgram { program, night in
            let first = try TestSubmission()
            try first.drop(into: night.folder)
            try await program.expectDone("run", "--business-date", Self.day)
            let before = try await night.views(leavingOut: ["is_current"])
            var second = first
            second.files["usage.csv"] = Array(
                String(decoding: first.files["usage.csv"] ?? [], as: UTF8.self).split(separator: "\n").dropLast()
                    .joined(separator: "\n").utf8)
            try second.drop(into: night.folder)
            try await program.expectDone("run", "--business-date", Self.day)
            #expect(try await night.views()["usage"]?.count == (before["usage"]?.count ?? 0) - 1)
            try await program.expectDone("submission", "withdraw", "2", "--reason", "wrong year")
            #expect(try await night.views()["usage"] == before["usage"])
            let shown = try JSONValue(try await program.expectDone("submission", "list", "--json").output)
            #expect(shown.list.map { $0["is_current"].value as? Bool } == [true, false])
            try await program.expect(2, ["submission", "withdraw", "2", "--reason", "again"])
            // Withdrawn bytes may come again.
            try second.drop(into: night.folder)
            let again = try JSONValue(try await program.expectDone("run", "--json", "--business-date", Self.day).output)
            #expect(again["submissions"][0]["version"].int == 3)
        }
    }

    @Test func `says what is wrong with a package that cannot be opened, whose period only its name tells`()
        async throws
    {
        try await withFolder { folder in
            let program = Program(folder)
            let code = try TestSubmission(.utf8).hospitalCode
            try folder.write("PK\u{3}\u{4} and no more", to: "inbox/\(code)/报送2025Q3.zip")
            let ended = try await program.expect(3, ["validate", "--json", "inbox/\(code)/报送2025Q3.zip"])
            let json = try JSONValue(ended.output)
            #expect(json["period"].string == "2025Q3")
            #expect(json["findings"].list.map { $0["rule_id"].string } == ["A05"])
        }
    }

    @Test(arguments: ["en", "zh"]) func `prints the template of a comparison in the language of who asks`(
        language: String
    ) async throws {
        try await withFolder { folder in
            let text = try await Program(folder).expectDone("match", "template", "--lang", language).output
            #expect(text.contains("hospital_drug_code") == (language == "en"))
            #expect(text.contains("院内药品唯一码") == (language == "zh"))
        }
    }

    @Test func `validates with exit codes by severity, and in JSON`() async throws {
        try await withFolder { folder in
            let program = Program(folder, environment: ["LANG": "en_US.UTF-8"])
            let good = try TestSubmission(.utf8)
            try good.write(to: folder, below: "good/\(good.hospitalCode)/2025")
            let options = ["--business-date", Self.day, "--hospital", good.hospitalCode, "--period", "2025"]
            try await program.expect(0, ["validate", "good/\(good.hospitalCode)/2025"] + options)

            func with(_ name: String, _ change: (String) -> String) throws -> String {
                var submission = good
                submission.files["usage.csv"] = Array(
                    change(String(decoding: good.files["usage.csv"] ?? [], as: UTF8.self)).utf8)
                try submission.write(to: folder, below: name)
                return name
            }
            let warned = try with("warned") {
                $0.replacing(/,(\d+\.\d\d),/, maxReplacements: 1) { ",￥\($0.1)," }
            }
            let wrong = try with("wrong") { $0.replacing(/,(\d+\.\d\d),/, maxReplacements: 1) { _ in ",many," } }
            let expected: [(String, String, Int32)] = [
                (warned, "error", 0), (warned, "warning", 3), (warned, "interrupt", 0), (warned, "info", 3),
                (warned, "never", 0), (wrong, "error", 3), (wrong, "interrupt", 0), (wrong, "warning", 3),
                (wrong, "never", 0),
            ]
            for (name, level, code) in expected {
                try await program.expect(code, ["validate", name, "--fail-on", level] + options)
            }
            try await program.expect(3, ["validate", wrong] + options)
            let missing = try TestSubmission(.utf8)
            try folder.write(missing.files["usage.csv"] ?? [], to: "missing/usage.csv")
            try await program.expect(3, ["validate", "missing", "--fail-on", "interrupt"] + options)
            // A single file is no whole submission.
            try await program.expect(0, ["validate", "missing/usage.csv"] + options)

            let list = folder.file("list.csv")
            let json = try JSONValue(
                try await program.expect(3, ["validate", wrong, "--json", "--findings", list] + options).output)
            #expect(json["verdict"].string == "partly_loaded")
            #expect(json["finding_counts"]["error"].int == 1)
            let finding = json["findings"][0]
            #expect(finding["rule_id"].string == "C16")
            #expect(finding["file_name"].string == "usage.csv")
            #expect(finding["line"].int == 2)
            #expect(finding["column_name"].string == "amount")
            #expect(finding["value"].string == "many")
            #expect(finding["message_en"].string?.isEmpty == false)
            #expect(try String(contentsOfFile: list, encoding: .utf8).contains("C16"))
        }
    }

    @Test func `inspects a file of any shape`() async throws {
        try await withFolder { folder in
            let program = Program(folder)
            for shape in [TestSubmission.Shape.gb18030, .tabs, .gzip, .zip, .xmlFields, .titled] {
                let submission = try TestSubmission(shape)
                try submission.write(to: folder, below: shape.rawValue)
                for name in submission.files.keys {
                    let ended = try await program.expectDone("inspect", "\(shape.rawValue)/\(name)", "--json")
                    #expect(try !JSONValue(ended.output).list.isEmpty, "\(name)")
                    if shape == .gb18030 { #expect(ended.output.contains("GB18030")) }
                    #expect(!(try await program.expectDone("inspect", "\(shape.rawValue)/\(name)").output.isEmpty))
                }
            }
        }
    }

    @Test func `normalises any delimited file to UTF-8`() async throws {
        try await withFolder { folder in
            let program = Program(folder)
            let gb = try TestSubmission(.gb18030).files["usage.csv"] ?? []
            let plain = String(decoding: try TestSubmission(.utf8).files["usage.csv"] ?? [], as: UTF8.self)
            try folder.write(gb, to: "gb.csv")
            let ended = try await program.expectDone("normalize", "gb.csv")
            #expect(ended.output.split(whereSeparator: \.isNewline) == plain.split(whereSeparator: \.isNewline))
            try await program.expectDone("normalize", "gb.csv", "-o", "out.csv")
            #expect(String(decoding: try folder.bytes("out.csv"), as: UTF8.self) == ended.output)
            // What is normal stays as it is.
            #expect(try await program.expectDone("normalize", "out.csv").output == ended.output)
            try folder.write("", to: "empty.csv")
            #expect(try await program.expectDone("normalize", "empty.csv").output == "")
            try folder.write("x;'a;b'\n1;'c'\n", to: "odd.csv")
            let odd = try await program.expectDone("normalize", "--delimiter", ";", "--quote", "'", "odd.csv")
            #expect(odd.output.split(whereSeparator: \.isNewline) == ["x,a;b", "1,c"])
        }
    }

    @Test func `exits 1 when a library has a bad row, and takes it whole or not at all`() async throws {
        try await withProgram { program, night in
            try night.folder.write("division_code,name\n610000,陕西省\n,nameless\n", to: "d.csv")
            let ended = try await program.expect(1, ["library", "import", "divisions", "d.csv", "--version", "v1"])
            #expect(ended.errors.contains("line 3"))
            #expect(try JSONValue(try await program.expectDone("library", "list", "--json").output).list.isEmpty)
            try night.folder.write("division_code,name\n610000,陕西省\n", to: "d.csv")
            try await program.expectDone("library", "import", "divisions", "d.csv", "--version", "v1", "--publish")
            let listed = try JSONValue(try await program.expectDone("library", "list", "--json").output)
            #expect(listed[0]["rows"].int == 1)
            #expect(listed[0]["imported_at"].string?.hasSuffix("+08:00") == true)
            #expect(listed[0]["sha256"].string?.count == 64)
        }
    }

    /// Memory is a window and not the file.
    @Test(.timeLimit(.minutes(10))) func `reads a field of 100 MB with bounded memory`() async throws {
        try await withFolder { folder in
            let good = try TestSubmission(.utf8)
            var submission = good
            var text = good.files["usage.csv"] ?? []
            let lines = text.split(separator: 0x0A).map(Array.init)
            text = lines[0] + [0x0A] + lines[1] + [0x0A]
            text += [UInt8](repeating: UInt8(ascii: "x"), count: 100_000_000)
            text += [0x0A] + lines[2] + [0x0A]
            submission.files["usage.csv"] = text
            try submission.write(to: folder, below: "big")
            let program = Program(folder)
            let options = ["--business-date", Self.day, "--hospital", good.hospitalCode, "--period", "2025", "--json"]
            let ended = try await program.expect(3, ["validate", "big"] + options)
            let json = try JSONValue(ended.output)
            #expect(json["verdict"].string == "partly_loaded")
            #expect(json["findings"].list.contains { $0["rule_id"].string == "A16" && $0["line"].int == 3 })
            #expect(ended.peakBytes < 150 << 20)
            let usage = json["files"].list.first { $0["table"].string == "usage" }
            #expect(usage?["rows_loaded"].int == 2)
            #expect(usage?["rows_quarantined"].int == 1)
        }
    }
}
