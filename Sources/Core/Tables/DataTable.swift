/// One of the five tables of a submission, in the order in which they are processed.
///
/// The raw value is the English name of the contract, as it stands in file names, SQL and rules.
public enum DataTable: String, CaseIterable, Sendable, Codable, Hashable {
    case institution
    case catalogue
    case stockIn = "stock_in"
    case stockOut = "stock_out"
    case usage

    /// 1 … 5, the number of the table in the national template and in the database.
    public var number: Int {
        switch self {
        case .institution: 1
        case .catalogue: 2
        case .stockIn: 3
        case .stockOut: 4
        case .usage: 5
        }
    }

    /// The table with a number of the national template, if there is one.
    public init?(number: Int) {
        guard let table = DataTable.allCases.first(where: { $0.number == number }) else { return nil }
        self = table
    }

    /// What the table is called in Chinese, as in the national template.
    public var chineseName: String {
        switch self {
        case .institution: "医疗机构基本情况"
        case .catalogue: "医疗机构药品目录"
        case .stockIn: "医疗机构入库情况"
        case .stockOut: "医疗机构出库情况"
        case .usage: "医疗机构使用情况"
        }
    }

    /// Whether a row says how much of one drug came, went or was used.
    public var isMovement: Bool {
        switch self {
        case .institution, .catalogue: false
        case .stockIn, .stockOut, .usage: true
        }
    }
}

extension DataTable: Comparable {
    /// The order of processing: institution, catalogue, stock_in, stock_out, usage.
    public static func < (lhs: DataTable, rhs: DataTable) -> Bool { lhs.number < rhs.number }
}
