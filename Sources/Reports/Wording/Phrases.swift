import Core

/// Sentences that several pages share. Those of one page are in the other files of this folder.
enum Phrases {
    static let listSeparator = Phrase("、", ", ")
    static let inBrackets = Phrase("（${text}）", " (${text})")
    static let masked = Phrase("‹个人信息，已遮蔽›", "‹personal, masked›")
    static let blank = Phrase("（空）", "(blank)")
    static let beijingTime = Phrase("（北京时间）", "(Beijing time)")

    // Rows
    static let read = Phrase("读到", "read")
    static let loaded = Phrase("入库", "loaded")
    static let quarantined = Phrase("待改正", "to correct")
    static let skipped = Phrase("跳过", "skipped")
    static let balanced = Phrase("一行不少", "every row accounted for")
    static let notBalanced = Phrase("行数不平衡，请联系系统管理员", "the sum does not hold: tell the administrator")
    static let whereRowsEnded = Phrase("每一行的去向", "Where the rows ended")

    // Names of columns
    static let file = Phrase("文件", "File")
    static let fileSize = Phrase("大小", "Size")
    static let line = Phrase("行号", "Line")
    static let row = Phrase("第几条", "Row")
    static let column = Phrase("列", "Column")
    static let value = Phrase("填的值", "Value")
    static let expected = Phrase("应为", "Expected")
    static let message = Phrase("说明", "Message")
    static let rule = Phrase("规则", "Rule")
    static let weight = Phrase("轻重", "Weight")
    static let table = Phrase("表", "Table")
    static let count = Phrase("个数", "Count")
    static let period = Phrase("报告期", "Period")
    static let version = Phrase("版本", "Version")
    static let hospital = Phrase("医疗机构", "Institution")
    static let hospitalCode = Phrase("医疗机构代码", "Hospital code")
    static let hospitalName = Phrase("机构名称", "Name")
    static let verdict = Phrase("结论", "Verdict")
    static let seconds = Phrase("用时", "Time")
    static let share = Phrase("占比", "Share")
    static let remedy = Phrase("怎么改：", "What to do:")
    static let wholeSubmission = Phrase("整份数据", "whole submission")
}
