import Core
import Reports

/// A night of our own making: hospitals, drugs and mistakes as they are in real life.
enum Examples {
    static let morning = moment(0)

    /// Seconds after 2025-10-09 02:00:00 in Shanghai.
    static func moment(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: (1_759_946_400 + seconds) * 1_000_000) }

    static func hash(_ digit: Character) -> String { String(repeating: digit, count: 64) }

    static func digest(_ digit: Character) -> SHA256Digest {
        SHA256Digest(hex: hash(digit)) ?? SHA256Digest(bytes: Array(repeating: 0, count: 32))
    }

    static let period: Period = {
        guard let period = Period("2025Q3") else { preconditionFailure("2025Q3 is a period") }
        return period
    }()

    static let rules = RuleTexts([
        rule(
            "A12", .warning, Phrase("有不认识的列", "Unknown column"),
            Phrase("表头“${value}”不在标准模板里，已忽略。", "The header “${value}” is not part of the template and was ignored."),
            Phrase("不需要的列可以删掉；如果是写错的表头，请按模板改正。", "Remove columns that are not needed, or correct the header.")),
        rule(
            "B01", .error, Phrase("必填项没有填", "A required value is missing"),
            Phrase("${column} 没有填。", "${column} is blank."),
            Phrase("在院内系统里补全这一项，再重新导出。", "Fill it in your own system and export again.")),
        rule(
            "C06", .interrupt, Phrase("组织机构代码的校验码不对", "The check character of the organization code is wrong"),
            Phrase("${value} 的最后一位应为 ${expected}。", "The last character of ${value} should be ${expected}."),
            Phrase("按组织机构代码证核对这 9 位代码。", "Compare the nine characters with the certificate.")),
        rule(
            "C12", .error, Phrase("文字超过长度", "Text too long"),
            Phrase(
                "${column} 有 ${length} 个字，最多 ${limit} 个。", "${column} has ${length} characters, at most ${limit} fit."),
            Phrase("缩短文字。", "Shorten the text.")),
        rule(
            "C16", .error, Phrase("数字读不出来", "Not a number"),
            Phrase("${column} 的值 ${value} 不是数字。", "The value ${value} of ${column} is not a number."),
            Phrase("只填数字，不要带文字或多个数；没有就按模板填 0 或空。", "Give one plain number without words.")),
        rule(
            "C17", .warning, Phrase("数字带有千分位或货币符号", "Number with separators or currency marks"),
            Phrase("${column} 写成 ${value}，已按数字读取。", "${column} is written ${value}; it was read as a number."),
            Phrase("导出时选择“常规数字”格式。", "Export numbers in plain form.")),
        rule(
            "C19", .error, Phrase("转换系数不大于 0", "Conversion factor not above 0"),
            Phrase("转换系数是 ${value}，必须 ${expected}。", "The conversion factor is ${value} and must be ${expected}."),
            Phrase(
                "转换系数 = 一个最小销售包装里有多少个最小制剂单位，例如一盒 24 片填 24。",
                "It says how many dosage units one pack holds: 24 for a box of 24 tablets.")),
    ])

    static func rule(_ id: RuleID, _ severity: Severity, _ title: Phrase, _ message: Phrase, _ remedy: Phrase)
        -> StoredRule
    {
        StoredRule(id: id, hash: "1", stage: .pre, severity: severity, title: title, message: message, remedy: remedy)
    }

    static func finding(
        _ rule: RuleID, _ severity: Severity, _ place: Place, value: String? = nil, expected: String? = nil,
        details: [String: String] = [:]
    ) -> Finding {
        Finding(
            Observation(rule, at: place, value: value, expected: expected, details: details), severity: severity,
            fingerprint: Fingerprint(high: UInt64(place.line ?? 0), low: UInt64(place.row ?? 0)))
    }

    static let hospitalName = "临川县第二人民医院"
    static let hospitalCode = "41072653X610528110A1001"

    static func file(
        _ name: String, _ table: DataTable, read: Int, quarantined: Int = 0, skipped: [String: Int] = [:],
        encoding: String = "GB18030", delimiter: String? = ","
    ) -> FileOutcome {
        var file = FileOutcome(
            name: "YPJC_\(hospitalCode)_2025Q3_20251008223015.zip", member: name, table: table, sha256: hash("b"),
            size: read * 118 + 240)
        file.encoding = encoding
        file.delimiter = delimiter
        file.rowsRead = read
        file.rowsQuarantined = quarantined
        file.rowsSkipped = skipped
        file.rowsLoaded = read - quarantined - file.rowsSkippedTotal
        file.headers = DataSet.of(table).columns.map { HeaderMapping(header: $0.header, column: $0.name) }
        return file
    }

    static var files: [FileOutcome] {
        var files = [
            file("医疗机构基本情况.csv", .institution, read: 1),
            file("药品目录.csv", .catalogue, read: 1_286, quarantined: 9, skipped: ["identical_repeat": 3]),
            file("入库情况.csv", .stockIn, read: 1_164, quarantined: 14, skipped: ["total_line": 1]),
            file("出库情况.csv", .stockOut, read: 1_158, skipped: ["total_line": 1]),
            file("使用情况.csv", .usage, read: 1_170, quarantined: 2, skipped: ["identical_repeat": 1, "total_line": 1]),
        ]
        files[1].headers.insert(HeaderMapping(header: "序号", column: nil), at: 0)
        files[1].headers.append(HeaderMapping(header: "备注（内部）", column: nil))
        files[2].normalised = ["amount": ["thousands": 212, "currency": 4], "pack_quantity": ["fullWidth": 3]]
        return files
    }

    static func report(
        id: Int = 17, verdict: Verdict? = .partlyLoaded, files: [FileOutcome]? = nil, name: String? = hospitalName,
        counts: [RuleCount] = [], version: Int = 2, repeats: [RepeatedIntake] = [], grade: Grade? = nil
    ) -> SubmissionReport {
        SubmissionReport(
            submission: Submission(
                id: SubmissionID(id), hospitalCode: hospitalCode, period: period, version: version,
                supersedes: version > 1 ? SubmissionID(id - 1) : nil, receivedAt: moment(5),
                sourceName: "\(hospitalCode)/2025Q3.zip", sha256: digest("a"),
                files: [
                    ArchivedFile(
                        name: "YPJC_\(hospitalCode)_2025Q3_20251008223015.zip", sha256: digest("a"), size: 183_204)
                ]),
            hospitalName: name, verdict: verdict, grade: grade, isCurrent: verdict != .returned,
            files: files ?? Examples.files, findingCounts: counts, repeats: repeats)
    }

    static var findings: [Finding] {
        var findings: [Finding] = [
            finding("A12", .warning, Place(table: .catalogue, file: 1, line: 3, column: "备注（内部）"), value: "备注（内部）")
        ]
        for row in 0..<6 {
            findings.append(
                finding(
                    "C19", .error,
                    Place(
                        table: .catalogue, file: 1, line: 30 + row * 57, row: 27 + row * 57,
                        column: "conversion_factor", byteOffset: 3000 + row),
                    value: row == 3 ? "-12" : "0", expected: "> 0"))
        }
        for row in 0..<3 {
            findings.append(
                finding(
                    "B01", .error,
                    Place(table: .catalogue, file: 1, line: 401 + row, row: 398 + row, column: "manufacturer"),
                    value: ""))
        }
        for row in 0..<14 {
            let value = ["约1200元", "1,2,3", "#VALUE!", "12 盒 + 4 片", "=SUM(H2:H9)"][row % 5]
            findings.append(
                finding(
                    "C16", .error,
                    Place(table: .stockIn, file: 2, line: 12 + row * 40, row: 9 + row * 40, column: "amount"),
                    value: value, expected: "1234.50"))
        }
        for row in 0..<219 {
            findings.append(
                finding(
                    "C17", .warning,
                    Place(table: .stockIn, file: 2, line: 4 + row * 5, row: 1 + row * 5, column: "amount"),
                    value: "￥1,\(100 + row).50", expected: "1\(100 + row).50"))
        }
        findings.append(
            finding(
                "C12", .error, Place(table: .institution, file: 0, line: 2, row: 1, column: "unit_head"),
                value: "王小明", expected: "≤ 50", details: ["length": "51", "limit": "50", "first": "王小明"]))
        return findings
    }

    static let difference = VersionDifference(
        against: SubmissionID(16), version: 1,
        tables: [
            .init(table: .institution, added: 0, removed: 0, changed: 1, unchanged: 0),
            .init(table: .catalogue, added: 12, removed: 2, changed: 31, unchanged: 1_231),
            .init(table: .stockIn, added: 8, removed: 0, changed: 4, unchanged: 1_137),
        ],
        samples: [
            .init(
                table: .institution, key: hospitalCode, kind: .changed, column: "stats_head", before: "李四", after: "赵六"),
            .init(
                table: .catalogue, key: "XY000231", name: "阿莫西林胶囊 0.25g×24粒", kind: .changed,
                column: "conversion_factor", before: "1", after: "24"),
            .init(table: .catalogue, key: "XY001877", name: "二甲双胍缓释片 0.5g×30片", kind: .added),
            .init(table: .catalogue, key: "ZY000052", name: "板蓝根颗粒 10g×20袋", kind: .removed),
        ])

    static func receipt() -> ReceiptBuilder {
        var receipt = ReceiptBuilder(
            report: report(
                repeats: [RepeatedIntake(sourceName: "\(hospitalCode)/再报一次.zip", seenAt: moment(86_405))],
                grade: .review),
            rules: rules, difference: difference,
            links: ReceiptLinks(
                findings: "findings.csv", fixFiles: [1: "fix/药品目录.csv", 2: "fix/入库情况.csv", 4: "fix/使用情况.csv"],
                json: "receipt.json"))
        for finding in findings { receipt.add(finding) }
        return receipt
    }
}
