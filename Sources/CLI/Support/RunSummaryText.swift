import Core
import Pipeline
import Reports

/// What `yaoce run` says to a person at the end.
enum RunSummaryText {
    static func text(_ report: RunReport, _ settings: PipelineSettings, _ language: Language) -> String {
        var lines: [String] = []
        let rows = RowTotals(report.submissions.flatMap(\.files))
        lines.append(
            Phrase(
                "运行 \(report.runID) · 业务日期 \(report.businessDate)",
                "run \(report.runID) · business date \(report.businessDate)")[language])
        lines += report.rulesLeftOut.map {
            Phrase("没有使用规则 \($0.name)：\($0.problem)", "rule \($0.name) was left out: \($0.problem)")[language]
        }
        let times = report.stages.map { time in
            "\(StageNames.phrase(time.stage)[language]) \(seconds(time.seconds))"
        }
        if !times.isEmpty { lines.append(times.joined(separator: " · ")) }
        if !report.submissions.isEmpty {
            var table = TextTable([
                (Phrase("报送", "id")[language], .right), (Phrase("机构", "hospital")[language], .left),
                (Phrase("期间", "period")[language], .left), (Phrase("版本", "version")[language], .right),
                (Phrase("结果", "verdict")[language], .left), (Phrase("读取", "read")[language], .right),
                (Phrase("入库", "loaded")[language], .right), (Phrase("隔离", "quarantined")[language], .right),
                (Phrase("跳过", "skipped")[language], .right),
            ])
            for entry in report.submissions.prefix(40) {
                let rows = RowTotals(entry.files)
                table.add([
                    "\(entry.submission.id)", entry.hospitalName ?? entry.submission.hospitalCode,
                    "\(entry.submission.period)", "\(entry.submission.version)",
                    VerdictNames.phrase(entry.verdict)[language], "\(rows.read)", "\(rows.loaded)",
                    "\(rows.quarantined)", "\(rows.skippedTotal)",
                ])
            }
            lines.append(table.text)
            if report.submissions.count > 40 {
                let more = report.submissions.count - 40
                lines.append(Phrase("……另有 \(more) 份报送", "… and \(more) more submissions")[language])
            }
        }
        let identical = report.sightings.filter { $0.outcome == .identical }.count
        if identical > 0 {
            lines.append(
                Phrase("\(identical) 份与已接收的完全相同，未再次处理", "\(identical) already received, not processed again")[
                    language])
        }
        for sighting in report.sightings where sighting.outcome == .notReady || sighting.outcome == .refused {
            lines.append("\(sighting.outcome.rawValue)  \(sighting.sourceName)  \(sighting.reason?[language] ?? "")")
        }
        for failure in report.failures {
            lines.append("!! \(failure.submission) \(failure.stage.rawValue): \(failure.reason)")
        }
        lines.append(
            Phrase(
                "读取 \(rows.read) 行 = 入库 \(rows.loaded) + 隔离 \(rows.quarantined) + 跳过 \(rows.skippedTotal)",
                "\(rows.read) rows read = \(rows.loaded) loaded + \(rows.quarantined) quarantined + \(rows.skippedTotal) skipped"
            )[language])
        lines.append(Phrase("报告：\(settings.reports)/index.html", "report: \(settings.reports)/index.html")[language])
        return lines.joined(separator: "\n")
    }

    private static func seconds(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }
}
