public import Core

/// The complete lists of an officers' report, for a spreadsheet: UTF-8 with byte order mark, comma, CRLF, RFC 4180, cells
/// that a spreadsheet would run neutralised, personal cells masked, invisible characters written out.
public enum ViolationCSV {
    private static let who = ["医疗机构代码", "机构名称", "城市", "区县", "级别", "level", "上报编号", "版本"]

    private static func cells(of item: JudgedSubmission) -> [String] {
        [
            item.hospitalCode, item.name ?? "", item.city ?? item.cityCode ?? "", item.county ?? "",
            Labels.name(of: item.level)[.chinese], item.level.rawValue, "\(item.submission)", "\(item.version)",
        ]
    }

    /// The beginning of a list of findings.
    public static var findingsHeader: [UInt8] {
        CSVLine.byteOrderMark + FindingsCSV.line(who + FindingsCSV.columns.dropFirst())
    }

    /// What every record of a submission's findings begins with.
    public static func beginning(of item: JudgedSubmission) -> [UInt8] { FormulaGuard.cells(cells(of: item)) }

    /// The institutions of one rule.
    public static func institutions(of total: ViolationReport.RuleTotal, in report: ViolationReport) -> [UInt8] {
        var bytes =
            CSVLine.byteOrderMark
            + FindingsCSV.line(who + ["规则", "规则名称", "轻重", "问题数", "评级", "grade", "异常行", "检查行", "异常率%"])
        for entry in total.submissions {
            let item = report.summary.submissions[entry.submission]
            let weight = item.counts.filter { $0.rule == total.rule }.map(\.severity).max() ?? total.severity
            bytes += FindingsCSV.line(
                cells(of: item)
                    + [
                        total.rule.rawValue, report.rules.title(total.rule, .chinese),
                        Labels.name(of: weight)[.chinese], "\(entry.count)",
                    ] + grade(item) + rate(item))
        }
        return bytes
    }

    /// All institutions with findings, with city and county.
    public static func institutions(in report: ViolationReport) -> [UInt8] {
        var bytes =
            CSVLine.byteOrderMark
            + FindingsCSV.line(
                who + [
                    "结论", "verdict", "评级", "grade", "整份退回", "错误", "强制退回", "异常", "提醒", "说明", "隔离行", "异常行", "检查行", "异常率%",
                    "质量得分", "完整性%", "准确性%", "一致性%", "规则",
                ])
        for item in report.ordered(report.summary.submissions.lazy.filter(report.isWithFindings)) {
            let rules = Set(item.counts.map(\.rule)).sorted().map(\.rawValue).joined(separator: " ")
            var line = cells(of: item)
            line += [Labels.name(of: item.verdict)[.chinese], item.verdict?.rawValue ?? ""]
            line += grade(item)
            line += Severity.allCases.map { "\(item.count($0))" }
            line.append("\(item.rowsQuarantined)")
            line += rate(item)
            let quality = item.quality
            line += [quality.score, quality.records.hundredths, quality.rules.hundredths, quality.checks.hundredths]
                .map(points)
            bytes += FindingsCSV.line(line + [rules])
        }
        return bytes
    }

    /// Suggested and forced returns with their reasons.
    public static func returns(in report: ViolationReport) -> [UInt8] {
        var bytes =
            CSVLine.byteOrderMark
            + FindingsCSV.line(who + ["评级", "grade", "异常行", "检查行", "异常率%", "退回线%", "强制退回规则", "主要异常规则"])
        for item in report.returns {
            let forced = item.counts.filter { $0.severity == .forced }.map {
                "\($0.rule) \(report.rules.title($0.rule, .chinese))"
            }
            let main = item.counts.filter { $0.severity == .anomaly }
                .sorted { ($1.count, $0.rule) < ($0.count, $1.rule) }
                .prefix(3).map { "\($0.rule) \(report.rules.title($0.rule, .chinese)) × \($0.count)" }
            let limit = report.limits.map { FixedPoint.text($0[item.level], decimals: 2) } ?? ""
            bytes += FindingsCSV.line(
                cells(of: item) + grade(item) + rate(item)
                    + [limit, forced.joined(separator: "；"), main.joined(separator: "；")])
        }
        return bytes
    }

    /// The evaluation of cities and provinces.
    public static func evaluation(in report: ViolationReport) -> [UInt8] {
        var bytes =
            CSVLine.byteOrderMark
            + FindingsCSV.line([
                "地区代码", "地区", "应报机构", "已报机构", "覆盖率%", "药品", "已匹配", "匹配率%", "记录", "无错记录", "准确率%", "首轮上报", "须重报", "已重报",
                "首轮合格", "进度%", "得分",
            ])
        for region in report.summary.regions {
            bytes += FindingsCSV.line([
                region.regionCode, region.name ?? "", "\(region.coverage.whole)", "\(region.coverage.part)",
                points(region.coverage.hundredths), "\(region.match.whole)", "\(region.match.part)",
                points(region.match.hundredths), "\(region.accuracy.whole)", "\(region.accuracy.part)",
                points(region.accuracy.hundredths), "\(region.firstSubmitted.part)", "\(region.resubmitted.whole)",
                "\(region.resubmitted.part)", "\(region.firstAccurate.part)", points(region.progress),
                points(region.score(report.weights)),
            ])
        }
        return bytes
    }

    /// What is wrong with the period as a whole.
    public static func period(in report: ViolationReport) -> [UInt8] {
        var bytes =
            CSVLine.byteOrderMark + FindingsCSV.line(["规则", "规则名称", "轻重", "severity", "对象", "说明", "message_en"])
        for entry in report.periodFindings {
            bytes += FindingsCSV.line([
                entry.rule.rawValue, report.rules.title(entry.rule, .chinese),
                Labels.name(of: entry.severity)[.chinese], entry.severity.rawValue, entry.subject,
                entry.message[.chinese], entry.message[.english],
            ])
        }
        return bytes
    }

    private static func grade(_ item: JudgedSubmission) -> [String] {
        [item.grade.map { Labels.name(of: $0)[.chinese] } ?? "", item.grade?.rawValue ?? ""]
    }

    private static func rate(_ item: JudgedSubmission) -> [String] {
        guard let rate = item.anomalies else { return ["", "", ""] }
        return ["\(rate.part)", "\(rate.whole)", points(rate.hundredths)]
    }

    private static func points(_ hundredths: Int?) -> String {
        hundredths.map { FixedPoint.text(Int64($0), decimals: 2) } ?? ""
    }
}
