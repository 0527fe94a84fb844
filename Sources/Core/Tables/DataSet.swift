/// A table described as data: its columns in the order of the national template.
///
/// This is the one place that says which columns there are; readers, rules, store, reports and samples all ask here.
/// Source: contract section 1, domain section 1 (WS/T 841-2024 templates in use).
public struct DataSet: Sendable {
    /// The table described.
    public let table: DataTable
    /// All columns; the shared ones come first, at the positions that `SharedColumn` names.
    public let columns: [Column]

    private let positions: [String: Int]

    init(_ table: DataTable, own: [Column]) {
        self.table = table
        columns = DataSet.sharedColumns(of: table) + own
        positions = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1.name, $0) })
    }

    /// The position of the column with an English name.
    public func position(of name: String) -> Int? { positions[name] }

    /// The data set of a table.
    public static func of(_ table: DataTable) -> DataSet {
        switch table {
        case .institution: institution
        case .catalogue: catalogue
        case .stockIn: stockIn
        case .stockOut: stockOut
        case .usage: usage
        }
    }

    /// All five, in the order of processing.
    public static let all: [DataSet] = DataTable.allCases.map(DataSet.of)
}

/// Where the columns that all five tables share stand in `DataSet.columns`.
public enum SharedColumn {
    /// 数据上报日期
    public static let reportDate = 0
    /// 省级行政区划代码
    public static let provinceCode = 1
    /// 组织机构代码
    public static let orgCode = 2
    /// 医疗机构代码
    public static let hospitalCode = 3
    /// 组织机构名称
    public static let hospitalName = 4
    /// How many there are.
    public static let count = 5
}

/// Where the columns that catalogue and movements share stand in `DataSet.columns`.
public enum DrugColumn {
    /// 国家药品编码（YPID）
    public static let ypid = 5
    /// 院内药品唯一码
    public static let hospitalDrugCode = 6
    /// 省级药品集中采购平台药品编码
    public static let procurementCode = 7
}
