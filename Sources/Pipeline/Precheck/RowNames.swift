internal import Core
internal import Rules

/// Gives ordinals to identifications and named drugs of one submission, each staged when it first appears.
struct RowNames {
    /// How the first row of a drug names it.
    private struct FirstName: BitwiseCopyable {
        var hash: UInt64 = 0
        var ordinal: Int32 = 0
    }

    private var headers = HashIndex()
    private var lastHeader: (key: UInt64, ordinal: Int32)?
    private var drugCount: Int32 = 0
    /// By the ordinal of the drug. Nearly all its rows name it in the same way.
    private var firstNames: [FirstName] = []
    /// The others, and those of rows without a key.
    private var otherNames = HashIndex()
    private var otherOrdinals: [Int32] = []

    /// The ordinal of the row's identification, the cells of which hash to `key`.
    mutating func header(
        _ key: UInt64, of row: Int, in batch: borrowing RowBatch, day: Int64, into writer: inout StagingWriter
    ) throws -> Int32 {
        if let lastHeader, lastHeader.key == key { return lastHeader.ordinal }
        let (position, isNew) = headers.insert(key)
        let ordinal = Int32(position)
        lastHeader = (key, ordinal)
        guard isNew else { return ordinal }
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

    /// The ordinal of the drug as the row names it.
    ///
    /// - Parameter drug: its ordinal in the ledger of drugs; `nil` where the row has no key.
    mutating func drug(
        _ drug: Int?, of row: Int, in batch: borrowing RowBatch, productName: Int, into writer: inout StagingWriter
    ) throws -> Int32 {
        let bytes = batch.bytes.span
        var hash = ByteHash()
        for column in [DrugColumn.ypid, DrugColumn.hospitalDrugCode, DrugColumn.procurementCode, productName] {
            hash.add(bytes.extracting(batch.extent(row: row, column: column).range))
        }
        let key = hash.value
        if let drug {
            while firstNames.count <= drug { firstNames.append(FirstName()) }
            if firstNames[drug].hash == key { return firstNames[drug].ordinal }
            if firstNames[drug].hash == 0 {
                firstNames[drug] = FirstName(hash: key, ordinal: drugCount)
                return try append(row, batch, productName, &writer)
            }
        }
        let (position, isNew) = otherNames.insert(key)
        guard isNew else { return otherOrdinals[position] }
        otherOrdinals.append(drugCount)
        return try append(row, batch, productName, &writer)
    }

    private mutating func append(
        _ row: Int, _ batch: borrowing RowBatch, _ productName: Int, _ writer: inout StagingWriter
    ) throws -> Int32 {
        func text(_ column: Int) -> String? {
            let text = batch.string(row: row, column: column)
            return text.isEmpty ? nil : text
        }
        try writer.append(
            NamedDrug(
                ypid: text(DrugColumn.ypid), hospitalDrugCode: text(DrugColumn.hospitalDrugCode) ?? "",
                procurementCode: text(DrugColumn.procurementCode), productName: text(productName) ?? ""))
        drugCount += 1
        return drugCount - 1
    }
}
