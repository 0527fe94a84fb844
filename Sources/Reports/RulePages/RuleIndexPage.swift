public import Core

/// The page that lists all rules.
public struct RuleIndexPage: Sendable {
    let rules: [RuleDescription]
    let hash: String
    let links: RulePageLinks

    /// A page of rules in their order; `hash` names the set.
    public init(_ rules: [RuleDescription], hash: String, links: RulePageLinks) {
        self.rules = rules
        self.hash = hash
        self.links = links
    }

    /// The page, UTF-8.
    public func html(_ language: Language) -> [UInt8] {
        let parts = PageParts(language: language)
        var groups: [(title: Phrase, rules: [RuleDescription])] = []
        for rule in rules {
            if groups.last?.title == rule.group {
                groups[groups.count - 1].rules.append(rule)
            } else {
                groups.append((rule.group, [rule]))
            }
        }
        let sections = groups.map { group in
            let rows = group.rules.map { description in
                [
                    "<a href=\"\(links.page(of: description.rule.id))\">\(description.rule.id.rawValue)</a>",
                    parts.native(description.rule.title[language]), parts.badge(description.rule.severity),
                    "\(description.dimension[language])",
                ] as [HTML]
            }
            return "<h2>\(group.title[language])</h2>\n"
                + parts.table(
                    parts(RulePhrases.count, ["count": "\(group.rules.count)"]),
                    [
                        .short(parts(Phrases.rule)), .wide(parts(RulePhrases.name)), .short(parts(Phrases.weight)),
                        .short(parts(RulePhrases.dimension)),
                    ], rows)
        }
        return Page(
            language: language, title: parts(RulePhrases.allRules), kicker: "Yaoce 药测",
            heading: "\(parts(RulePhrases.allRules))",
            subtitle: "\(parts(RulePhrases.count, ["count": "\(rules.count)"])) · <code>\(hash)</code>",
            content: HTML(lines: sections),
            footer: "<p><a href=\"\(links.otherIndex)\">\(language == .chinese ? "English" : "中文")</a></p>"
        ).bytes
    }
}

/// Sentences of the pages of rules.
enum RulePhrases {
    static let allRules = Phrase("全部规则", "All rules")
    static let count = Phrase("${count} 条规则", "${count} rules")
    static let allTables = Phrase("所有表", "all tables")
    static let message = Phrase("问题", "What is said")
    static let remedy = Phrase("怎么改", "What to do")
    static let reason = Phrase("理由", "Why")
    static let judge = Phrase("在哪里判定", "Where it is judged")
    static let scope = Phrase("适用范围", "For whom")
    static let needs = Phrase("需要", "Needs")
    static let author = Phrase("作者", "Author")
    static let since = Phrase("起始日期", "Since")
    static let code = Phrase("外部编号", "External code")
    static let hash = Phrase("内容哈希", "Content hash")
    static let condition = Phrase("条件", "Condition")
    static let conditionNote = Phrase(
        "满足条件的行违反本规则；条件为空值时不判定。", "A row for which this is true breaks the rule; unknown is not true.")
    static let inWords = Phrase("用文字说", "In words")
    static let asWritten = Phrase("规则文件中的写法", "As it is written")
    static let pointsAt = Phrase("指向的列", "Points at")
    static let thresholds = Phrase("阈值", "Thresholds")
    static let thresholdNote = Phrase("阈值有生效日期，修改阈值不改规则。", "Thresholds are dated; changing one changes no rule.")
    static let name = Phrase("名称", "Name")
    static let dimension = Phrase("范围", "Looks at")
    static let roots = Phrase("原因与结果", "Causes and consequences")
    static let explains = Phrase("本规则可能是这些规则的原因：", "Findings of these may be consequences of this one:")
    static let explainedBy = Phrase("可能由这些规则引起：", "May be a consequence of:")
    static let examples = Phrase("示例", "Examples")
    static let exampleNote = Phrase("在一份合格的小型报送中改动：", "Changed in a small valid submission:")
    static let more = Phrase("另有 ${count} 个单元格同样改动。", "${count} more cells are changed alike.")
    static let unchanged = Phrase("（不改动）", "(nothing is changed)")
    static let fails = Phrase("不通过", "fails")
    static let passes = Phrase("通过", "passes")
    static let before = Phrase("原值", "Before")
    static let after = Phrase("改为", "After")
}

extension Labels {
    static func name(of stage: Finding.Stage) -> Phrase {
        switch stage {
        case .pre: name(of: Stage.precheck)
        case .post: name(of: Stage.postcheck)
        }
    }
}
