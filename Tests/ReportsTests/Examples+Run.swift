import Core
import Reports

extension Examples {
    static let names = [
        "临川县第二人民医院", "青石镇中心卫生院", "安平市中医医院", "云岭县妇幼保健院", "滨河区社区卫生服务中心", "长岭市第一人民医院", "白鹭县人民医院",
        "松江镇卫生院", "南坪区疾控门诊部", "和平市传染病医院", "石桥乡卫生院", "金溪县中医院",
    ]

    static func code(_ number: Int) -> String { "4107265\(10 + number)610528110A1001" }

    static func runReport(submissions count: Int = 12, missing: Int = 5, finished: Bool = true) -> RunReport {
        let verdicts: [Verdict] = [.passed, .passedWithWarnings, .partlyLoaded, .passed, .returned, .passed]
        let submissions = (0..<count).map { number -> SubmissionReport in
            let verdict = verdicts[number % verdicts.count]
            let read = 240 + number * 37
            var file = self.file("药品目录.csv", .catalogue, read: read, encoding: number % 2 == 0 ? "UTF-8" : "GB18030")
            var counts: [RuleCount] = []
            switch verdict {
            case .passed: break
            case .passedWithWarnings: counts = [RuleCount(rule: "C17", severity: .warning, count: 40 + number)]
            case .partlyLoaded:
                file.rowsQuarantined = 11
                file.rowsSkipped = ["total_line": 1]
                counts = [
                    RuleCount(rule: "B01", severity: .error, count: 4),
                    RuleCount(rule: "C16", severity: .error, count: 9),
                    RuleCount(rule: "C17", severity: .warning, count: 118),
                ]
            case .returned:
                file.rowsSkipped = ["submission_returned": read]
                counts = [RuleCount(rule: "C06", severity: .interrupt, count: 1)]
            }
            file.rowsLoaded = file.rowsRead - file.rowsQuarantined - file.rowsSkippedTotal
            let submission = Submission(
                id: SubmissionID(100 + number), hospitalCode: code(number), period: period,
                version: number % 4 == 3 ? 2 : 1,
                supersedes: nil, receivedAt: moment(5), sourceName: "\(code(number))/2025Q3", sha256: digest("c"),
                files: [])
            return SubmissionReport(
                submission: submission, hospitalName: number == 8 ? nil : names[number % names.count], verdict: verdict,
                grade: nil, isCurrent: verdict != .returned, files: [file], findingCounts: counts)
        }
        let stages: [(Stage, Double)] = [
            (.receive, 4.2), (.compare, 0.0041), (.precheck, 96.4), (.load, 31.75), (.postcheck, 0.4), (.report, 12),
        ]
        var begun: Int64 = 0
        return RunReport(
            runID: 128, startedAt: morning, finishedAt: finished ? moment(146) : nil,
            businessDate: CalendarDay("2025-10-08") ?? CalendarDay(daysSince2000: 0), exitCode: finished ? 0 : nil,
            stages: stages.map { stage, seconds in
                defer { begun += Int64(seconds) }
                return RunReport.StageTime(stage: stage, startedAt: moment(begun), seconds: seconds, items: count)
            },
            submissions: submissions,
            sightings: [
                IntakeSighting(
                    sourceName: "\(code(4))/2025Q3/usage.csv.part", sha256: nil, outcome: .notReady,
                    reason: Phrase(
                        "文件夹 12 秒前还在变化，等它安静 300 秒再收。", "The folder changed 12 s ago; it is taken after 300 s of quiet.")
                ),
                IntakeSighting(
                    sourceName: "\(code(1))/2025Q3.zip", sha256: digest("d"), outcome: .identical,
                    reason: Phrase("与上报编号 101 完全相同。", "The same bytes as submission 101."),
                    submission: SubmissionID(101)),
                IntakeSighting(
                    sourceName: "readme.txt", sha256: nil, outcome: .refused,
                    reason: Phrase("不在任何机构的文件夹里。", "It lies in no institution's folder.")),
            ],
            missing: (0..<missing).map { number in
                RunReport.Missing(
                    hospitalCode: code(40 + number), name: "\(names[number % names.count].prefix(2))第\(number + 3)卫生院",
                    period: period, wasReturned: number % 5 == 1)
            },
            expectedInstitutions: count + missing, failures: [])
    }
}
