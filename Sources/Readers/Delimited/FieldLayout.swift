import Core

/// Which field of a record is which column.
struct FieldLayout {
    /// The position of the field for each column of the table; -1 where the file has none.
    var fieldOfColumn: [Int] = []
    /// For each field: the English name of its column, or its header as it came.
    var names: [String] = []
    /// How many fields the header has.
    var width = 0
    /// How many of them there are up to the last that is not blank: a record may end here.
    var leastWidth = 0
    /// The fields that a row of data cannot leave blank: its own code. What names no drug may be a total.
    var keys: [Int] = []

    private var isColumnField: [Bool] = []

    init() {}

    /// Whether the field at a position was read as a column of the table.
    func isColumn(_ field: Int) -> Bool { field < isColumnField.count && isColumnField[field] }

    init(_ header: FoundHeader, _ dataSet: DataSet) {
        fieldOfColumn = [Int](repeating: -1, count: dataSet.columns.count)
        width = header.headers.count
        leastWidth = (header.headers.lastIndex { !HeaderIndex.key($0).isEmpty } ?? -1) + 1
        for (field, match) in header.matches.enumerated() {
            guard case .column(let column)? = match else {
                names.append(CellText.shown(header.headers[field]))
                continue
            }
            names.append(dataSet.columns[column].name)
            if fieldOfColumn[column] < 0 { fieldOfColumn[column] = field }
        }
        isColumnField = [Bool](repeating: false, count: width)
        for field in fieldOfColumn where field >= 0 { isColumnField[field] = true }
        keys = ["hospital_drug_code", "hospital_code"].compactMap { dataSet.position(of: $0) }
            .map { fieldOfColumn[$0] }.filter { $0 >= 0 }
    }
}
