internal import Core

/// Gives ordinals to identifications and named drugs of one submission, each staged when it first appears.
struct RowNames {
    private var headers = HashTable<Int32>(blank: 0)
    private var drugs = HashTable<Int32>(blank: 0)
    private var lastHeader: (key: UInt64, ordinal: Int32)?

    /// The ordinal of the row's identification.
    mutating func header(
        of row: Int, in batch: borrowing RowBatch, day: Int64, into writer: inout StagingWriter
    ) throws -> Int32 {
        let bytes = batch.bytes.span
        var hash = ByteHash()
        for column in 0..<SharedColumn.count {
            hash.add(bytes.extracting(batch.extent(row: row, column: column).range))
        }
        let key = hash.value
        if let lastHeader, lastHeader.key == key { return lastHeader.ordinal }
        if let ordinal = headers[key] {
            lastHeader = (key, ordinal)
            return ordinal
        }
        let ordinal = Int32(headers.count)
        headers[key] = ordinal
        lastHeader = (key, ordinal)
        let province = batch.string(row: row, column: SharedColumn.provinceCode)
        let name = batch.string(row: row, column: SharedColumn.hospitalName)
        try writer.append(
            RowHeader(
                reportDate: CalendarDay(daysSince2000: Int32(day)),
                provinceCode: province.utf8.count == 2 ? province + "0000" : province,
                orgCode: batch.string(row: row, column: SharedColumn.orgCode),
                hospitalCode: batch.string(row: row, column: SharedColumn.hospitalCode),
                hospitalName: name.isEmpty ? nil : name))
        return ordinal
    }

    /// The ordinal of the drug the row names.
    mutating func drug(
        of row: Int, in batch: borrowing RowBatch, productName: Int, into writer: inout StagingWriter
    ) throws -> Int32 {
        let bytes = batch.bytes.span
        var hash = ByteHash()
        for column in [DrugColumn.ypid, DrugColumn.hospitalDrugCode, DrugColumn.procurementCode, productName] {
            hash.add(bytes.extracting(batch.extent(row: row, column: column).range))
        }
        let key = hash.value
        if let ordinal = drugs[key] { return ordinal }
        let ordinal = Int32(drugs.count)
        drugs[key] = ordinal
        func text(_ column: Int) -> String? {
            let text = batch.string(row: row, column: column)
            return text.isEmpty ? nil : text
        }
        try writer.append(
            NamedDrug(
                ypid: text(DrugColumn.ypid), hospitalDrugCode: text(DrugColumn.hospitalDrugCode) ?? "",
                procurementCode: text(DrugColumn.procurementCode), productName: text(productName) ?? ""))
        return ordinal
    }
}
