import Core

/// What the receipt says.
extension Phrases {
    static let receipt = Phrase("上报回执", "Receipt")
    static let receiptKicker = Phrase("药品使用监测 · 上报回执", "Drug-use monitoring · Receipt")
    static let versionNumber = Phrase("第 ${n} 版", "version ${n}")
    static let submissionNumber = Phrase("上报编号 ${n}", "submission ${n}")
    static let whatNow = Phrase("现在要做什么", "What to do now")
    static let gradeLabel = Phrase("入库后检查：", "Check after load:")
    static let gradeNote = Phrase("（由省平台管理人员最后决定）", "(the province's officer decides)")

    // MARK: Verdicts

    static let passedHeadline = Phrase("全部通过", "Everything passed")
    static let passedText = Phrase(
        "${read} 行数据全部检查完毕，没有发现问题。", "All ${read} rows were checked and nothing was found wrong.")
    static let warningsHeadline = Phrase("通过，有几点提醒", "Passed, with some warnings")
    static let warningsText = Phrase(
        "数据已经入库（${loaded} 行）。有些内容值得留意，但不影响这次上报。",
        "The data has been loaded (${loaded} rows). Some of it deserves attention; this submission stands.")
    static let partlyHeadline = Phrase("部分入库：有 ${quarantined} 行要改正", "Partly loaded: ${quarantined} rows to correct")
    static let partlyText = Phrase(
        "读到 ${read} 行，其中 ${loaded} 行已经入库；${quarantined} 行有错误，原样保存在一边，没有入库。",
        "Of ${read} rows, ${loaded} were loaded; ${quarantined} have errors and were kept aside as they came.")
    static let returnedHeadline = Phrase("已退回：这份数据没有入库", "Returned: nothing of it was loaded")
    static let returnedText = Phrase(
        "这份数据有必须先解决的问题，所以一行也没有入库。收到的文件原样保存，没有改动。",
        "The submission has a problem that must be solved first, so no row was loaded. The files are kept as they came."
    )
    static let waitingHeadline = Phrase("已收到，等待检查", "Received, waiting to be checked")
    static let waitingText = Phrase(
        "文件已经完整收下，将在下一次夜间运行时检查。", "The files were taken whole; the next nightly run checks them.")
    static let setAsideHeadline = Phrase("系统没能处理这份数据", "The system could not process this submission")
    static let setAsideText = Phrase(
        "三次处理都因技术原因失败，这不是贵单位的过错。文件完好地保存着。",
        "Processing failed three times for technical reasons. This is not your fault; the files are kept safely.")
    static let withdrawnHeadline = Phrase("这份数据已撤出", "This submission was withdrawn")
    static let withdrawnText = Phrase("已于 ${date} 撤出，不再计入统计。", "It was withdrawn on ${date} and no longer counts.")

    // MARK: Steps

    static let stepNothing = Phrase("不需要做任何事。请保存好这份回执。", "Nothing. Please keep this receipt.")
    static let stepNoResend = Phrase("不需要重新上报。", "There is no need to send it again.")
    static let stepReadWarnings = Phrase(
        "请看下面的提醒，在下一期上报前改进。", "Please read the warnings below and improve the next period's data.")
    static let stepFixFiles = Phrase(
        "打开修正文件：里面只有出错的行，最后一列“错误说明”写明了错在哪里。",
        "Open the fix files: they hold only the wrong rows; the last column, 错误说明, says what is wrong.")
    static let stepFindings = Phrase("按下面的清单找到出错的行。", "Find the wrong rows with the list below.")
    static let stepCauses = Phrase("先看下面排在前面的几条，那就是退回的原因。", "See the first causes below: they are why it was returned.")
    static let stepAsk = Phrase("请与省平台联系，了解退回的原因。", "Please ask the province why it was returned.")
    static let stepCorrect = Phrase(
        "在本院系统里改正后重新导出（也可以在修正文件里改好，再并回原来的文件）。",
        "Correct them in your own system and export again (or correct the fix file and put the rows back into your file)."
    )
    static let stepCorrectInSystem = Phrase("在本院系统里改正后重新导出。", "Correct them in your own system and export again.")
    static let stepResend = Phrase(
        "把五张表作为完整的一份重新上报，不能只报改正的行；新的一份会整个取代这一份。",
        "Send all five tables again as one whole, never the corrected rows alone; the new submission replaces this one."
    )
    static let stepWait = Phrase("不需要做任何事，检查完后会有新的回执。", "Nothing. A new receipt follows after the check.")
    static let stepSetAside = Phrase(
        "不需要重新上报。省平台的管理人员会处理；如有疑问请提供上报编号。",
        "There is no need to send it again. The province's administrator takes care of it; please quote the submission number."
    )
    static let stepWithdrawn = Phrase("如果还要上报这一期，请重新报送完整的五张表。", "To report this period, send all five tables again.")
    static let notCurrent = Phrase(
        "说明：这一份不是这个报告期当前有效的数据（另有更新的一份）。",
        "Note: this submission is not the one in force for its period; another has taken its place.")
    static let technicalReason = Phrase("技术原因（供管理人员参考）：", "Technical reason, for the administrator:")

    // MARK: Numbers

    static let rowsRead = Phrase("读到的行", "Rows read")
    static let rowsLoaded = Phrase("已入库", "Loaded")
    static let rowsToCorrect = Phrase("待改正", "To correct")
    static let rowsSkipped = Phrase("跳过", "Skipped")

    // MARK: Causes and findings

    static let correctFirst = Phrase("先改这些", "Correct these first")
    static let improveNext = Phrase("下一期可以改进的", "What could be better next time")
    static let timesFound = Phrase("发现 ${n} 处", "found ${n} times")
    static let seePlaces = Phrase("看具体位置", "see where")
    static let findingsHeading = Phrase("发现的问题", "What was found")
    static let findingsCaption = Phrase("一共 ${n} 处，按轻重和个数排列。", "${n} findings, heaviest and most frequent first.")
    static let noFindings = Phrase("没有发现任何问题。", "Nothing was found wrong.")
    static let completeList = Phrase("全部问题的完整清单（可用表格软件打开）：", "The complete list, for a spreadsheet:")
    static let kindsCaption = Phrase(
        "相同的说明合在一起，“行号”是文件里的行（列出 ${n} 处，共 ${total} 处）",
        "What is the same is said once, with its lines (${n} of ${total})")
    static let goesAwayToo = Phrase(
        "另有 ${n} 处由此引起，改正后会一并消失：${list}。", "${n} more findings follow from this and go away with it: ${list}.")
    static let followingNote = Phrase(
        "其中 ${n} 处由别的问题引起，不必单独改。", "${n} of these follow from other findings and need no mending of their own.")
    static let rowsStandIn = Phrase("出错的行在", "the rows are in")
    static let andMoreRows = Phrase("等，还有 ${n} 行", "and ${n} more")
    static let morePlaces = Phrase("还有 ${n} 处，见完整清单 ${file}。", "${n} more: see the complete list, ${file}.")

    // MARK: Files

    static let filesHeading = Phrase("每个文件", "File by file")
    static let moreFiles = Phrase("还有 ${n} 个文件没有列出。", "${n} more files are not listed.")
    static let tableUnknown = Phrase("认不出是哪张表", "Table not recognised")
    static let fromPackage = Phrase("都来自压缩包", "All from the package")
    static let package = Phrase("压缩包", "Package")
    static let form = Phrase("格式", "Format")
    static let encodingUnknown = Phrase("没有能读的内容", "nothing readable")
    static let fixFile = Phrase("修正文件", "Fix file")
    static let fixFileNote = Phrase("（${n} 行，与原文件编码、列序相同）", "(${n} rows, in your own encoding and column order)")
    static let normalised = Phrase("自动规范化（原始值仍保留）：", "Put right automatically (the original is kept):")
    static let headerMapping = Phrase(
        "表头对应关系：${n} 列中用到 ${used} 列", "How the header was read: ${used} of ${n} columns used")
    static let headerCaption = Phrase("文件里的每个表头被当作哪一列", "Which column each header was taken for")
    static let yourHeader = Phrase("文件里的表头", "Header in the file")
    static let readAs = Phrase("作为", "Read as")
    static let ignored = Phrase("忽略", "ignored")
    static let ignoredColumns = Phrase("没有用到的列：", "Columns that were not used:")
    static let moreColumns = Phrase("还有 ${n} 列没有列出。", "${n} more columns are not listed.")

    // MARK: Difference

    static let differenceHeading = Phrase("与第 ${n} 版相比", "Changed since version ${n}")
    static let differenceText = Phrase("这一份取代上报编号 ${id}；两份都保存着。", "It supersedes submission ${id}; both are kept.")
    static let differenceCaption = Phrase("每张表变化的行数", "Rows changed, by table")
    static let added = Phrase("新增", "added")
    static let removed = Phrase("减少", "removed")
    static let changed = Phrase("修改", "changed")
    static let unchanged = Phrase("不变", "the same")
    static let sampleCaption = Phrase("其中前 ${n} 处变化", "The first ${n} of these changes")
    static let rowKey = Phrase("哪一行", "Row")
    static let whatHappened = Phrase("变化", "Change")
    static let before = Phrase("原来", "Before")
    static let after = Phrase("现在", "Now")

    // MARK: About

    static let repeatsHeading = Phrase("同样的文件又收到过", "The same files came again")
    static let repeatsText = Phrase(
        "内容完全相同的文件后来又收到 ${n} 次。没有重复处理，结果以这份回执（上报编号 ${id}）为准。",
        "The same bytes came again (${n} times). Nothing was processed again; this receipt (submission ${id}) holds.")
    static let aboutHeading = Phrase("关于这份上报", "About this submission")
    static let notInLibrary = Phrase("（机构库里没有）", "(not in the institution library)")
    static let submissionID = Phrase("上报编号", "Submission")
    static let receivedAt = Phrase("收到时间", "Received")
    static let source = Phrase("来源", "Source")
    static let supersedes = Phrase("取代", "Supersedes")
    static let forMachines = Phrase("供程序读取", "For programs")
    static let receivedFiles = Phrase(
        "收到的文件和它们的指纹（SHA-256），可用来核对", "The files received, with their SHA-256 for comparison")
    static let receiptFooter = Phrase(
        "“行号”是文件里的物理行，从 1 数起；“第几条”是第几条数据，不含表头。时间都是北京时间。这份回执由药测（Yaoce）自动生成。",
        "“Line” is the physical line of the file, from 1; “row” counts data rows without the header. All times are Beijing time. Made by Yaoce."
    )
}
