import Core

/// What the province's pages say.
extension Phrases {
    static let rulesLeftOut = Phrase(
        "有 ${n} 条规则因规则文件有错误而没有使用，没有发现不等于通过：",
        "${n} rules were left out because their files have mistakes; that nothing was found by them is no pass:")

    static let runKicker = Phrase("药品使用监测 · 夜间运行报告", "Drug-use monitoring · Nightly run")
    static let indexKicker = Phrase("药品使用监测 · 省平台", "Drug-use monitoring · Province")
    static let runTitle = Phrase("第 ${n} 次运行", "Run ${n}")
    static let indexTitle = Phrase("运行总览", "All runs")
    static let businessDate = Phrase("业务日期 ${date}", "business date ${date}")
    static let fromTo = Phrase("${from} 开始，${to} 结束", "${from} to ${to}")
    static let stillRunning = Phrase("${from} 开始，尚未结束", "begun ${from}, not finished")
    static let provinceFooter = Phrase(
        "时间都是北京时间。页面由药测（Yaoce）自动生成，不含任何单元格内容。",
        "All times are Beijing time. Made by Yaoce; no cell of any submission is shown here.")

    // MARK: Outcome

    static let runWell = Phrase("运行正常：处理了 ${n} 份上报", "All went well: ${n} submissions handled")
    static let runNothing = Phrase("运行正常：没有需要处理的上报", "All went well: nothing was waiting")
    static let runWithFailures = Phrase("有 ${n} 处技术故障需要处理", "${n} technical failures need attention")
    static let runNotFinished = Phrase("这次运行还没有结束", "This run has not finished")
    static let runExit = Phrase("这次运行没有完成全部工作（退出码 ${n}）", "This run could not do all of its work (exit code ${n})")
    static let runUnbalanced = Phrase("行数不平衡：读到的行没有全部落到去处", "The rows do not add up: some were lost or counted twice")
    static let runUnbalancedText = Phrase(
        "请立即停止使用这次运行的数据，并联系系统管理员。", "Do not use the data of this run and call the administrator at once.")
    static let runWellText = Phrase(
        "读到 ${read} 行，入库 ${loaded} 行；没有技术故障。",
        "${read} rows were read and ${loaded} loaded; there were no technical failures.")
    static let runFailureText = Phrase(
        "其余上报已照常处理。失败的会在下一次运行时重试，三次失败后搁置。",
        "All others were handled. What failed is tried again in the next run and set aside after three times.")
    static let runNotFinishedText = Phrase(
        "正在运行，或者中途停止。再次运行即可从断点继续，不会重复也不会遗漏。",
        "It is still running or was stopped. Running again continues where it ended.")

    // MARK: Sections

    static let submissions = Phrase("上报", "Submissions")
    static let rowsHeading = Phrase("行数核对", "Every row accounted for")
    static let findingsByRule = Phrase("按规则统计的问题", "Findings by rule")
    static let findingsByRuleCaption = Phrase("一共 ${n} 处问题，按轻重排列。", "${n} findings, heaviest first.")
    static let coverageHeading = Phrase("谁还没有报", "Who has not reported")
    static let coverageCaption = Phrase("每个报告期应报、已报、未报的机构数", "Institutions expected, reported and missing, by period")
    static let coverageUnknown = Phrase(
        "还没有发布机构库，所以不知道应该有哪些机构上报。", "No institution library is published, so nobody knows who is expected.")
    static let expectedInstitutions = Phrase("应报", "Expected")
    static let reported = Phrase("已报", "Reported")
    static let missing = Phrase("未报", "Missing")
    static let rate = Phrase("上报率", "Rate")
    static let band = Phrase("评价", "Band")
    static let bandGood = Phrase("好", "good")
    static let bandFair = Phrase("一般", "fair")
    static let bandPoor = Phrase("需改进", "to improve")
    static let bandsNote = Phrase(
        "上报率 80% 及以上为好，60% 到 80% 一般，60% 以下需改进。", "80 % and above is good, 60 to 80 % fair, below 60 % to improve.")
    static let everybodyReported = Phrase("应报的机构都报了。", "Everybody expected has reported.")
    static let missingCaption = Phrase("还没有有效上报的机构（${n} 个）", "Institutions without an accepted submission (${n})")
    static let missingSummary = Phrase("列出这 ${n} 个机构", "List these ${n} institutions")
    static let state = Phrase("情况", "State")
    static let neverCame = Phrase("没有收到", "nothing came")
    static let cameAndReturned = Phrase("报了，被退回", "came and was returned")
    static let cameHeading = Phrase("收到了什么", "What came")
    static let cameCaption = Phrase("这次运行处理的 ${n} 份上报", "The ${n} submissions this run handled")
    static let nothingCame = Phrase("这次运行没有处理任何上报。", "This run handled no submission.")
    static let verdictPlot = Phrase("上报的结论", "Submissions by verdict")
    static let rowsPlot = Phrase("所有上报的行的去向", "Where the rows of all submissions ended")
    static let errors = Phrase("错误", "Errors")
    static let warnings = Phrase("提醒", "Warnings")
    static let receiptColumn = Phrase("回执", "Receipt")
    static let open = Phrase("打开", "open")
    static let sightingsHeading = Phrase("看到但没有收下的", "Seen and not taken")
    static let sightingsCaption = Phrase(
        "收件目录里的 ${n} 项，及没有收下的原因", "${n} things in the inbox, with the reason why they were not taken")
    static let inboxPath = Phrase("收件目录中的位置", "Path in the inbox")
    static let outcome = Phrase("结果", "Outcome")
    static let reason = Phrase("原因", "Reason")
    static let failuresHeading = Phrase("技术故障", "Technical failures")
    static let failuresCaption = Phrase("处理失败的上报，需要管理员查看", "Submissions whose processing failed, for the administrator")
    static let submissionColumn = Phrase("上报编号", "Submission")
    static let stage = Phrase("阶段", "Stage")
    static let institutions = Phrase("涉及机构", "Institutions")
    static let stagesHeading = Phrase("各阶段用时", "Time by stage")
    static let stagesCaption = Phrase("每个阶段用了多久、处理了多少份", "How long each stage took and how many submissions it handled")
    static let startedAt = Phrase("开始", "Began")
    static let finishedAt = Phrase("结束", "Ended")
    static let items = Phrase("处理份数", "Handled")
    static let total = Phrase("合计", "Total")
    static let rowsTotal = Phrase("行数", "Rows")
    static let moreRows = Phrase("还有 ${n} 项没有列出。", "${n} more are not listed.")

    // MARK: Index

    static let runsCaption = Phrase("最近的 ${n} 次运行，新的在前", "The last ${n} runs, newest first")
    static let noRuns = Phrase(
        "还没有运行过。运行 yaoce run 之后，这里会列出每一次。", "Nothing has run yet. After yaoce run, each run stands here.")
    static let run = Phrase("运行", "Run")
    static let result = Phrase("结果", "Result")
    static let resultWell = Phrase("正常", "well")
    static let resultFailures = Phrase("有故障", "failures")
    static let resultOpen = Phrase("未结束", "not finished")
    static let newestRun = Phrase("最近一次运行", "The newest run")
    static let businessDay = Phrase("业务日期", "Business date")
    static let findingsCount = Phrase("问题", "Findings")
    static let runsHeading = Phrase("每一次运行", "Run by run")
}
