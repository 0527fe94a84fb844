import Core
import Reports

/// Values that would like to be more than text, and a generator of more of them.
enum Hostile {
    static let values = [
        "<script>document.title='owned'</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "</style><b>",
        "]]><!--", "--><svg/onload=1>", "&lt;&#60;&amp;", "javascript:alert(1)", "//evil.example/x", "\u{202E}gpj.exe",
        "a\u{0}b\u{1}\u{7F}\u{85}", "\u{FEFF}\u{200B}零宽", "\u{2028}\u{2029}", "\u{FFFE}\u{FFFF}", "\r\n\t行\n",
        "${value}",
        "\u{1B}[31mred\u{7}", String(repeating: "长", count: 5000), "{{7*7}}", "\"\u{301},=1+1", "<\u{338}script>",
        "a\"\u{20DD}\r\n\u{301}", "\u{E0041}\u{1F4A9}",
    ]

    private static let pieces = Array(
        "<>&\"'/=-!;:()[]{}#% \n\r\t\u{0}\u{8}\u{202E}\u{2066}\u{FEFF}\u{FFFE}药品abcscriptsvgon".unicodeScalars)

    static func random(_ random: inout some RandomNumberGenerator) -> String {
        if Bool.random(using: &random), let value = values.randomElement(using: &random) { return value }
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            if let piece = pieces.randomElement(using: &random) { text.append(piece) }
        }
        return String(text)
    }

    /// A receipt in which every text is hostile.
    static func receipt(_ random: inout some RandomNumberGenerator) -> ReceiptBuilder {
        let files = (0..<2).map { number in
            var file = FileOutcome(
                name: self.random(&random), member: number == 0 ? self.random(&random) : nil,
                table: DataTable.allCases.randomElement(using: &random), sha256: self.random(&random), size: 12)
            file.encoding = self.random(&random)
            file.delimiter = self.random(&random)
            file.headers = [
                HeaderMapping(header: self.random(&random), column: number == 0 ? self.random(&random) : nil)
            ]
            file.rowsSkipped = [self.random(&random): 3]
            file.normalised = [self.random(&random): [self.random(&random): 4]]
            return file
        }
        var report = Examples.report(
            verdict: .partlyLoaded, files: files, name: self.random(&random),
            repeats: [RepeatedIntake(sourceName: self.random(&random), seenAt: Examples.morning)])
        if Bool.random(using: &random) { report.setAsideReason = self.random(&random) }
        let phrase = Phrase(self.random(&random), self.random(&random))
        let rules = RuleTexts([
            Examples.rule("C16", .error, phrase, Phrase("${value} ${x}", "${value} ${column}"), phrase)
        ])
        var receipt = ReceiptBuilder(
            report: report, rules: rules,
            difference: VersionDifference(
                against: SubmissionID(1), version: 1, tables: [],
                samples: [
                    .init(
                        table: .usage, key: self.random(&random), name: self.random(&random), kind: .changed,
                        column: self.random(&random), before: self.random(&random), after: self.random(&random))
                ]), links: ReceiptLinks(findings: self.random(&random), fixFiles: [0: self.random(&random)]))
        for number in 0..<8 {
            receipt.add(finding(number, &random))
        }
        return receipt
    }

    static func finding(_ number: Int, _ random: inout some RandomNumberGenerator) -> Finding {
        Examples.finding(
            number % 2 == 0 ? "C16" : RuleID(self.random(&random)), .error,
            Place(
                table: DataTable.allCases.randomElement(using: &random), file: Int.random(in: -1...3, using: &random),
                line: number,
                row: number, column: Bool.random(using: &random) ? self.random(&random) : nil),
            value: self.random(&random), expected: self.random(&random), details: ["x": self.random(&random)])
    }

    /// A run in which every text is hostile.
    static func run(_ random: inout some RandomNumberGenerator) -> RunPage {
        var report = Examples.runReport(submissions: 3)
        report.submissions[0].hospitalName = self.random(&random)
        report.submissions[1].files[0].name = self.random(&random)
        report.sightings = [
            IntakeSighting(
                sourceName: self.random(&random), sha256: nil, outcome: .refused,
                reason: Phrase(self.random(&random), self.random(&random)))
        ]
        report.missing = [
            RunReport.Missing(
                hospitalCode: self.random(&random), name: self.random(&random), period: Examples.period,
                wasReturned: true)
        ]
        report.failures = [StageFailure(submission: SubmissionID(3), stage: .load, reason: self.random(&random))]
        return RunPage(
            report, rules: Examples.rules, receipts: [SubmissionID(100): self.random(&random)],
            index: self.random(&random))
    }
}

/// The same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
