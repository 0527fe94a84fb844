import Core

/// What comparison reports say.
enum ComparisonLabels {
    static let kicker = Phrase("药品使用监测 · 编码比对报告", "Drug-use monitoring · Drug-code comparison")
    static let title = Phrase("${period}编码比对", "Drug-code comparison ${period}")
    static let library = Phrase("药品库 ${version}", "drug library ${version}")
    static let noLibrary = Phrase("没有已发布的药品库", "no drug library is published")
    static let institutions = Phrase("机构", "institutions")
    static let institution = Phrase("机构", "institution")
    static let code = Phrase("机构代码", "code")
    static let drugs = Phrase("药品", "drugs")
    static let matched = Phrase("有编码", "with a code")
    static let open = Phrase("待人工处理", "wait for a person")
    static let settled = Phrase("不比对或库中没有", "exempt or not in the library")
    static let byPeople = Phrase("人工决定", "decided by people")
    static let meanScore = Phrase("平均分数", "mean score")
    static let rowsCovered = Phrase("使用记录覆盖", "rows covered")
    static let moneyCovered = Phrase("使用金额覆盖", "money covered")
    static let howFound = Phrase("有编码的药品：如何得到", "Drugs with a code: how it was found")
    static let whyNot = Phrase("没有编码的药品：原因", "Drugs without a code: why")
    static let method = Phrase("方法", "method")
    static let reason = Phrase("原因", "reason")
    static let share = Phrase("占比", "share")
    static let advice = Phrase("建议", "what to do")
    static let byInstitution = Phrase("各机构", "By institution")
    static let institutionsCaption = Phrase("${n} 家机构，按机构代码排列", "${n} institutions, by their code")
    static let drugsCaption = Phrase("${n} 种药品", "${n} drugs")
    static let since = Phrase("对比期", "against")
    static let changes = Phrase("目录变动", "Changes of catalogues")
    static let changesNote = Phrase(
        "与本机构上一同类期（年、季或月）的目录相比；没有上一期的机构不计。逐条见 CSV。",
        "Against the catalogue of the institution's last period of the same length; institutions without one do not count. Each drug stands in the CSV."
    )
    static let nothing = Phrase("本期没有已入库的数据。", "Nothing of this period is loaded.")

    static func name(ofMethod method: String) -> Phrase {
        switch method {
        case "supplied_code": Phrase("上报编码（L0）", "supplied code (L0)")
        case "approval_number": Phrase("批准文号（L1）", "approval number (L1)")
        case "other_code": Phrase("本位码或医保码（L2）", "standard or NHSA code (L2)")
        case "exact_description": Phrase("描述完全一致（L3）", "exact description (L3)")
        case "ranked": Phrase("候选排序（L4）", "ranked candidates (L4)")
        case "manual": Phrase("人工（L5）", "a person (L5)")
        default: Phrase(method, method)
        }
    }

    static func name(ofReason reason: String) -> Phrase {
        switch reason {
        case "no_match": Phrase("标准库中没有对应药品", "the library has no such drug")
        case "multiple_match": Phrase("多个标准药品同样符合", "several drugs of the library fit as well")
        case "low_confidence": Phrase("把握不足", "not certain enough")
        case "info_incomplete": Phrase("缺少规格或生产企业", "strength or manufacturer is missing")
        case "name_mismatch": Phrase("名称不一致", "the names differ")
        case "spec_mismatch": Phrase("规格、剂型或转换系数不一致", "strength, form or conversion factor differ")
        case "manufacturer_mismatch": Phrase("生产企业不一致", "the manufacturers differ")
        case "hospital_preparation": Phrase("医疗机构制剂", "a hospital preparation")
        case "herbal_slices": Phrase("中药饮片", "herbal slices")
        case "formula_granules": Phrase("中药配方颗粒", "formula granules")
        case "no_library": Phrase("比对时没有药品库", "there was no drug library")
        default: MatchState(rawValue: reason)?.phrase ?? Phrase(reason, reason)
        }
    }

    static func advice(forReason reason: String) -> Phrase {
        switch reason {
        case "no_match":
            Phrase("核对名称与批准文号；确无此药时申请编码", "check name and approval number; apply for a code where there is none")
        case "multiple_match": Phrase("补填批准文号", "fill in the approval number")
        case "info_incomplete": Phrase("补填规格和生产企业", "fill in strength and manufacturer")
        case "name_mismatch", "spec_mismatch", "manufacturer_mismatch":
            Phrase("按药品说明书核对该项，再由人工确认", "check it against the leaflet, then decide")
        case "low_confidence", "proposed": Phrase("由人工从候选中确认", "choose among the candidates")
        case "needs_second_reader": Phrase("由另一人复核", "somebody else reads it")
        case "invalid_target": Phrase("选择替代编码", "choose the successor")
        case "no_library", "unchecked": Phrase("发布药品库后重新比对", "publish a drug library")
        default: Phrase("无需处理", "nothing")
        }
    }

    static func name(of kind: CatalogueChange.Kind) -> Phrase {
        switch kind {
        case .new: Phrase("新增", "new")
        case .gone: Phrase("消失", "gone")
        case .renamed: Phrase("改名", "renamed")
        case .changed: Phrase("描述变更", "changed")
        }
    }
}
