import Core

/// What the officers' report on a period says.
extension Phrases {
    static let violationsKicker = Phrase("药品使用监测 · 质控违规报告", "Drug-use monitoring · Rule violations")
    static let violationsTitle = Phrase("${period}质控违规报告", "Rule violations, ${period}")
    static let violationsSubtitle = Phrase(
        "${n} 家机构当前有效的上报，入库前与入库后的全部规则",
        "The submissions in force of ${n} institutions, all rules before and after the load")
    static let violationsLink = Phrase("质控违规报告：", "Rule violations:")
    static let violationsFooter = Phrase(
        "每个数都是全部数据的准确计数；页面只列出抽样，完整清单在旁边的 CSV 文件里。抽样由上报编号决定，重新生成不会改变。个人信息已遮蔽。由药测（Yaoce）自动生成。",
        "Every number counts all there is; pages list samples, the CSV files beside them are complete. A sample follows from the submission's number and is the same each time. Personal cells are masked. Made by Yaoce."
    )
    static let nothingInForce = Phrase("这一期还没有有效的上报。", "Nothing is in force for this period.")

    // MARK: Numbers

    static let institutionsChecked = Phrase("机构", "Institutions")
    static let institutionsWithFindings = Phrase("有问题的机构", "With findings")
    static let findingsTotal = Phrase("问题总数", "Findings")
    static let anomalies = Phrase("异常", "Anomalies")
    static let anomalousRows = Phrase("异常行", "Anomalous rows")
    static let judgedRows = Phrase("检查行", "Rows judged")
    static let anomalyRate = Phrase("异常率", "Anomaly rate")
    static let suggestedReturns = Phrase("建议退回", "Suggested returns")
    static let forcedReturns = Phrase("强制退回", "Forced returns")
    static let returnedBefore = Phrase("入库前退回", "Returned before load")
    static let periodBefore = Phrase("上期", "Before")
    static let changeColumn = Phrase("变化", "Change")
    static let score = Phrase("质量得分", "Quality")
    static let completeness = Phrase("完整性（记录通过率）", "Completeness (records that pass)")
    static let accuracy = Phrase("准确性（规则通过率）", "Accuracy (rules that pass)")
    static let consistency = Phrase("一致性（跨列跨表检查通过率）", "Consistency (cross-checks that pass)")
    static let scoreNote = Phrase(
        "质量得分 = 0.7 × 记录通过率 + 0.3 × 规则通过率。", "Quality = 0.7 × records that pass + 0.3 × rules that pass.")

    // MARK: Causes

    static let causes = Phrase("独立问题", "Causes")
    static let causesOf = Phrase("其中独立问题 ${n}", "${n} causes among them")
    static let followsFrom = Phrase(
        "其中 ${n} 处由别的问题引起，不必单独改：${list}。",
        "${n} of these follow from other findings and need no mending of their own: ${list}.")
    static let leadsTo = Phrase("另有 ${n} 处由此引起：${list}。", "${n} more findings follow from these: ${list}.")

    // MARK: The period as a whole

    static let periodHeading = Phrase("全期检查", "The period as a whole")
    static let periodCaption = Phrase(
        "${n} 条，不属于任何一份上报；最重的在前", "${n} findings of no submission in particular, heaviest first")
    static let periodMore = Phrase("还有 ${n} 条，见 period.csv。", "${n} more: see period.csv.")
    static let periodSubject = Phrase("对象", "About")
    static let periodMessage = Phrase("说明", "What was found")
    static let downloadPeriod = Phrase("全期检查的问题", "findings of the period as a whole")

    // MARK: Sections of the first page

    static let cityTable = Phrase("按城市和级别", "By city and level")
    static let cityTableCaption = Phrase(
        "每个城市各级别的机构、异常、提醒、异常率和建议退回数",
        "Institutions, anomalies, warnings, rate and suggested returns of each city and level")
    static let city = Phrase("城市", "City")
    static let county = Phrase("区县", "County")
    static let level = Phrase("级别", "Level")
    static let notListed = Phrase("机构库外", "not listed")
    static let allCities = Phrase("全部", "All")
    static let rateByCity = Phrase("各城市异常率", "Anomaly rate by city")
    static let rateByCityText = Phrase(
        "横条是本期的异常率（异常行占检查行），竖线是上期。",
        "The bar is this period's rate (anomalous of judged rows), the mark the period before.")
    static let byRule = Phrase("按规则", "By rule")
    static let byRuleCaption = Phrase(
        "${n} 条规则有发现，按轻重和涉及机构数排列；点规则看机构和行",
        "${n} rules found something, heaviest and most widespread first; each leads to institutions and rows")
    static let byInstitution = Phrase("按机构", "By institution")
    static let byInstitutionLink = Phrase("全部机构（按级别）", "All institutions, by level")
    static let returnsHeading = Phrase("建议退回和强制退回", "Suggested and forced returns")
    static let returnsTitle = Phrase("${period}：建议退回和强制退回", "${period}: suggested and forced returns")
    static let allWithRule = Phrase("全部机构", "all institutions")
    static let returnsLink = Phrase("退回名单和理由（${n} 家）", "Returns and their reasons (${n})")
    static let noReturns = Phrase("没有建议退回的机构。", "No return is suggested.")
    static let returnsCaption = Phrase("${n} 家机构，强制退回在前，再按异常率", "${n} institutions: forced returns first, then by rate")
    static let returnsNote = Phrase(
        "是否退回由管理人员决定。退回时可附：请按回执改正，3 个工作日内重新上报完整的五张表。",
        "An officer decides. A note to go with a return: correct what the receipt says and send all five tables again within three working days."
    )
    static let reasons = Phrase("理由", "Reasons")
    static let reachesLimit = Phrase(
        "异常率 ${rate}（${part} / ${whole} 行），达到 ${limit}", "rate ${rate} (${part} of ${whole} rows) reaches ${limit}")
    static let mostly = Phrase("主要是：", "mostly:")
    static let trendHeading = Phrase("与上期比较", "Against the period before")
    static let trendCaption = Phrase("${now}与${before}", "${now} and ${before}")
    static let noTrend = Phrase("没有上一期的数据，无法比较。", "Nothing is known of the period before.")
    static let evaluationHeading = Phrase("四维评价", "Evaluation in four dimensions")
    static let evaluationCaption = Phrase(
        "上报覆盖、编码匹配、数据准确、进度；得分为加权平均", "Coverage, match, accuracy and progress; the score is their weighted mean")
    static let region = Phrase("地区", "Region")
    static let coverageRate = Phrase("机构覆盖率", "Coverage")
    static let matchRate = Phrase("编码匹配率", "YPID match")
    static let accuracyRate = Phrase("数据准确率", "Accuracy")
    static let progressRate = Phrase("进度", "Progress")
    static let totalScore = Phrase("得分", "Score")
    static let progressParts = Phrase(
        "进度 = 首轮上报率 ${first}、重报率 ${again}、首轮准确率 ${accurate} 的平均（全省）。",
        "Progress is the mean of first-round submit rate ${first}, re-submit rate ${again} and first-round accuracy ${accurate} (province)."
    )
    static let downloads = Phrase("完整清单（CSV，可用表格软件打开）", "Complete lists (CSV, for a spreadsheet)")
    static let downloadViolations = Phrase("全部问题", "all findings")
    static let downloadInstitutions = Phrase("有问题的全部机构（含市、县）", "all institutions with findings, with city and county")
    static let downloadReturns = Phrase("建议退回名单", "suggested returns")
    static let downloadEvaluation = Phrase("四维评价", "evaluation of regions")
    static let ruleTime = Phrase("耗时", "Time")

    // MARK: Institutions

    static let institutionsTitle = Phrase("${period}：按机构", "${period}: by institution")
    static let institutionsCaption = Phrase(
        "${level} ${n} 家，建议退回在前，再按异常率", "${level}, ${n}: returns first, then by rate")
    static let jumpTo = Phrase("跳到：", "Go to:")
    static let report = Phrase("报告首页", "report")
    static let findName = Phrase("按名称筛选", "Filter by name")
    static let lead = Phrase("主要问题", "Main finding")

    // MARK: One rule, one institution

    static let rulePageCaption = Phrase("${n} 家机构有这个问题，多的在前", "${n} institutions, those with most first")
    static let rowsOfInstitution = Phrase("抽样的行（${n} / ${total}）", "Sampled rows (${n} of ${total})")
    static let rowsSampled = Phrase("前 ${n} 家机构的抽样行", "Sampled rows of the first ${n} institutions")
    static let listOfRule = Phrase("本规则的机构清单", "institutions of this rule")
    static let rowsOfRule = Phrase("本规则的全部问题", "all findings of this rule")
    static let moreInstitutions = Phrase(
        "还有 ${n} 家没有列出，见 ${file}。", "${n} more are not listed here: see ${file}.")
    static let rulesOfInstitution = Phrase("${n} 条规则有发现", "${n} rules found something")
    static let listOfInstitution = Phrase("本机构的全部问题", "all findings of this institution")
    static let receiptOfHospital = Phrase("给医院的回执", "the hospital's receipt")
    static let sampledRows = Phrase("抽样的行（列出 ${n}，共 ${total}）", "Sampled rows (${n} of ${total})")
    static let quarantinedHeading = Phrase("隔离的行", "Rows kept aside")
    static let quarantinedCaption = Phrase("列出前 ${n} 行，共 ${total} 行", "The first ${n} of ${total}")
    static let rowAsItCame = Phrase("原样", "As it came")
    static let rowOfPersons = Phrase(
        "‹含个人信息，不显示；原行在医院的修正文件里›", "‹names people: not shown; it stands in the hospital's fix file›")
    static let rulesBroken = Phrase("违反的规则", "Rules")
    static let gradeColumn = Phrase("评级", "Grade")

    // MARK: Plots

    static let priceHeading = Phrase("价格分布与标尺", "Prices and their benchmark")
    static let priceTitle = Phrase(
        "${name}（${ypid}，${table}）各机构单价的分布", "Unit prices of ${name} (${ypid}, ${table}) by institution")
    static let priceWords = Phrase(
        "${n} 家机构，${low} 至 ${high} 元；被质疑的价格 ${marks}",
        "${n} institutions from ${low} to ${high} yuan; questioned: ${marks}")
    static let priceBand = Phrase(
        "标尺（${n} 家）：中位数 ${median}，p5–p95 ${band}，均值 ± 3 倍标准差 ${range}",
        "Benchmark (${n} institutions): median ${median}, p5–p95 ${band}, mean ± 3 sd ${range}")
    static let noBenchmark = Phrase("没有标尺", "no benchmark")
    static let keyPrices = Phrase("机构数", "institutions")
    static let keyBand = Phrase("p5–p95", "p5–p95")
    static let keyMedian = Phrase("中位数", "median")
    static let keyDeviation = Phrase("均值 ± 3 倍标准差", "mean ± 3 sd")
    static let keyQuestioned = Phrase("被质疑的价格", "questioned price")
    static let priceAxis = Phrase("元 / 最小制剂单位（对数刻度）", "yuan for a dosage unit, logarithmic")
    static let pricesShown = Phrase(
        "列出质疑最多的 ${n} 种，共 ${total} 种。", "The ${n} drugs with the most questions, of ${total}.")
}
