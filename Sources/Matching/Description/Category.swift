/// Chemical drug, Chinese medicine or biological product.
public enum Category: UInt8, Sendable {
    case chemical, tcm, biological

    init?(_ text: String) {
        switch text {
        case "chemical", "化学药品", "化学药", "西药": self = .chemical
        case "tcm", "中成药", "中药": self = .tcm
        case "biological", "生物制品": self = .biological
        default: return nil
        }
    }
}
