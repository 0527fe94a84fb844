/// A row of the drug library with what comparing needs of it; blank values are absent.
public struct LibraryDrugRow: Sendable, Hashable {
    /// The columns a drug of a hospital has too; the local code is empty.
    public var description: DrugDescription
    /// 上市许可持有人
    public var holder: String?
    /// `chemical`, `tcm` or `biological`.
    public var category: String?
    /// `active`, `disabled` or `deleted`; missing means active.
    public var status: String?

    /// The national code.
    public var ypid: String { description.ypid ?? "" }

    /// A row.
    public init(description: DrugDescription, holder: String?, category: String?, status: String?) {
        self.description = description
        self.holder = holder
        self.category = category
        self.status = status
    }
}
