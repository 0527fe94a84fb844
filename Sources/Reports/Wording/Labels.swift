import Core

/// What the words of the contract are called by people.
enum Labels {
    static func name(of table: DataTable) -> Phrase {
        let english =
            switch table {
            case .institution: "institution"
            case .catalogue: "catalogue"
            case .stockIn: "stock in"
            case .stockOut: "stock out"
            case .usage: "usage"
            }
        return Phrase(table.chineseName, english)
    }

    /// Short, for a badge.
    static func name(of verdict: Verdict?) -> Phrase {
        switch verdict {
        case .passed: Phrase("通过", "Passed")
        case .passedWithWarnings: Phrase("通过，有提醒", "Passed with warnings")
        case .partlyLoaded: Phrase("部分入库", "Partly loaded")
        case .returned: Phrase("退回", "Returned")
        case nil: Phrase("未审核", "Not judged yet")
        }
    }

    static func name(of grade: Grade) -> Phrase {
        switch grade {
        case .pass: Phrase("合格", "pass")
        case .review: Phrase("需复核", "review")
        case .suggestedReturn: Phrase("建议退回", "suggested return")
        case .forcedReturn: Phrase("强制退回", "forced return")
        }
    }

    static func name(of level: InstitutionLevel) -> Phrase {
        switch level {
        case .tertiary: Phrase("三级", "tertiary")
        case .secondary: Phrase("二级", "secondary")
        case .primary: Phrase("基层", "primary")
        }
    }

    static func name(of severity: Severity) -> Phrase {
        switch severity {
        case .interrupt: Phrase("整份退回", "Returns the submission")
        case .error: Phrase("错误", "Error")
        case .forced: Phrase("强制退回", "Forced return")
        case .anomaly: Phrase("异常", "Anomaly")
        case .warning: Phrase("提醒", "Warning")
        case .info: Phrase("说明", "Info")
        }
    }

    static func name(of stage: Stage) -> Phrase {
        switch stage {
        case .receive: Phrase("接收", "Receive")
        case .compare: Phrase("编码比对", "Compare codes")
        case .precheck: Phrase("入库前检查", "Check before load")
        case .load: Phrase("入库", "Load")
        case .postcheck: Phrase("入库后检查", "Check after load")
        case .report: Phrase("生成报告", "Report")
        }
    }

    static func name(of outcome: IntakeSighting.Outcome) -> Phrase {
        switch outcome {
        case .taken: Phrase("已接收", "Taken")
        case .identical: Phrase("与已收到的相同", "Same as received before")
        case .notReady: Phrase("尚未就绪", "Not ready")
        case .refused: Phrase("拒收", "Refused")
        }
    }

    /// A skip reason by its raw value; one that is not known stands for itself.
    static func name(ofSkipReason raw: String) -> Phrase {
        switch SkipReason(rawValue: raw) {
        case .identicalRepeat: Phrase("完全重复的行", "identical repeats")
        case .totalLine: Phrase("合计行", "total lines")
        case .submissionReturned: Phrase("整份退回、本行无错", "faultless rows of a returned submission")
        case nil: Phrase(raw, raw)
        }
    }

    /// A kind of normalisation by its name; one that is not known stands for itself.
    static func name(ofNormalisation kind: String) -> Phrase {
        switch kind {
        case "thousands": Phrase("去掉千分位逗号", "thousands separators removed")
        case "currency": Phrase("去掉货币符号或“元”", "currency marks removed")
        case "full_width", "fullWidth": Phrase("全角数字转半角", "full-width digits folded")
        case "scientific": Phrase("科学计数法展开", "scientific notation expanded")
        case "rounded": Phrase("多余小数位四舍五入", "surplus decimals rounded")
        case "blanks", "trimmed": Phrase("去掉首尾空白或不可见字符", "blanks or invisible characters removed")
        case "date": Phrase("日期统一格式", "dates put into one format")
        case "flag": Phrase("是/否 换成 1/2", "yes/no put as 1/2")
        case "case": Phrase("字母统一大小写", "letter case made uniform")
        default: Phrase(kind, kind)
        }
    }

    static func name(ofDelimiter delimiter: String?) -> Phrase {
        switch delimiter {
        case nil: Phrase("XML", "XML")
        case ",": Phrase("逗号 ,", "comma ,")
        case ";": Phrase("分号 ;", "semicolon ;")
        case "\t": Phrase("制表符 Tab", "tab")
        case "|": Phrase("竖线 |", "bar |")
        case let other?: Phrase(other, other)
        }
    }

    /// `2025 年第 3 季度`, `2025 Q3`
    static func name(of period: Period) -> Phrase {
        switch period.length {
        case .year: Phrase("\(period.year) 年", "year \(period.year)")
        case .quarter(let quarter): Phrase("\(period.year) 年第 \(quarter) 季度", "\(period.year) Q\(quarter)")
        case .month(let month): Phrase("\(period.year) 年 \(month) 月", period.description)
        }
    }

    /// `2025-07-31 02:00:05`; all moments are Beijing time, which every page says once.
    static func time(_ time: Timestamp) -> String {
        String(time.description.prefix(19)).replacing("T", with: " ")
    }

    /// `12.3 秒`, `4 分 05 秒`, `1 小时 02 分`
    static func duration(_ seconds: Double, _ language: Language) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "—" }
        func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let whole = Int(seconds.rounded())
        if seconds < 60 {
            let text = NumberText.fixed(seconds, decimals: seconds < 10 ? 2 : 1)
            return language == .chinese ? "\(text) 秒" : "\(text) s"
        }
        if whole < 3600 {
            let (minutes, rest) = (whole / 60, twoDigits(whole % 60))
            return language == .chinese ? "\(minutes) 分 \(rest) 秒" : "\(minutes) min \(rest) s"
        }
        let (hours, rest) = (whole / 3600, twoDigits(whole / 60 % 60))
        return language == .chinese ? "\(hours) 小时 \(rest) 分" : "\(hours) h \(rest) min"
    }
}
