internal import Core
internal import Rules

/// Some of the tables, asked for with every row.
struct TableSet {
    private var bits: UInt8 = 0

    mutating func insert(_ table: DataTable) { bits |= 1 << UInt8(table.number) }

    func contains(_ table: DataTable) -> Bool { bits & 1 << UInt8(table.number) != 0 }

    func isSuperset(of tables: [DataTable]) -> Bool { tables.allSatisfy(contains) }
}

/// What rows of different tables say together, while they are read.
struct CrossState {
    /// Who the institution table says reports.
    var identification = Identification()
    /// What the identification of the last row that agrees with it hashes to: those of nearly all rows are the same.
    var agreed: UInt64 = 0
    /// What came, went and was used.
    var movements = MovementLedger()
    /// Tables of which every file was read to its end with the column that names its rows.
    var wholeTables = TableSet()
    /// Hashes of the national codes that movements give to drugs for which the catalogue gives none.
    var statedCodes: [Int: UInt64] = [:]
    /// Fen, where the institution table says it in a row that can be believed.
    var income: Int64?
    /// Fen of all usage rows that were accepted; `nil` beyond the limits.
    var usageTotal: Int64? = 0
    /// How many rows those are.
    var usageSummed = 0
    /// Rows that broke a rule that costs the row, and where the first of them stand.
    var badRows = 0
    var badSample: [Place] = []
    /// Data rows by the number of their table, total lines left out.
    private(set) var rows = [Int](repeating: 0, count: DataTable.allCases.count + 1)

    mutating func countRow(of table: DataTable) { rows[table.number] += 1 }
}

extension CheckPass {
    /// G04, G06, G07, G08: what a row contradicts in rows of other tables.
    mutating func addContradictions(
        _ row: Int, _ batch: borrowing RowBatch, _ staging: RowStaging, _ pass: borrowing FilePass,
        _ table: borrowing TablePass, _ all: inout [Observation]
    ) {
        let which = table.dataSet.table
        guard which != .institution else { return }
        func add(_ rule: RuleID, _ column: Int, value: String? = nil, expected: String? = nil) {
            let source = batch.rows[row]
            let place = Place(line: source.line, row: source.number, column: table.dataSet.columns[column].name)
            all.append(
                Observation(
                    rule, at: place, value: value ?? batch.string(row: row, column: column), expected: expected))
        }
        let identification = pass.keys.rows.identifications[row]
        if identification != cross.agreed {
            let differences = cross.identification.differences(row, batch)
            if differences.isEmpty { cross.agreed = identification }
            for (column, expected) in differences where !isOfMember(row, batch) {
                add("G04", column, expected: expected)
            }
        }
        guard which.isMovement, let drug = pass.keys[row] else { return }
        if which == .stockOut, cross.wholeTables.contains(.stockIn), let carried = input.history?.carriedDrugs,
            !cross.movements.hasRow(drug, in: .stockIn),
            !carried.contains(batch.string(row: row, column: DrugColumn.hospitalDrugCode))
        {
            add("G07", DrugColumn.hospitalDrugCode)
        }
        guard which == .usage, cross.wholeTables.contains(.stockOut) else { return }
        let (packs, doses) = (staging.packs(row) ?? 0, staging.doses(row) ?? 0)
        if packs > 0 || doses > 0, !cross.movements.hasRow(drug, in: .stockOut) {
            add("G06", DrugColumn.hospitalDrugCode)
        }
        if let issued = cross.movements.issued(drug), issued >= 0, doses > 0,
            (doses.multipliedFullWidth(by: 10_000)) > (issued.multipliedFullWidth(by: limits.usedTimes))
        {
            add(
                "G08", table.dataSet.columns.count - 1,
                expected: "≤ \(FixedPoint.shortText(issued, decimals: 4)) × "
                    + FixedPoint.shortText(limits.usedTimes, decimals: 4))
        }
    }

    /// Whether a row is of a member of the medical community that the sender leads.
    func isOfMember(_ row: Int, _ batch: borrowing RowBatch) -> Bool {
        guard let institutions = environment.institutions else { return false }
        let code = batch.string(row: row, column: SharedColumn.hospitalCode)
        return institutions[code]?.leadHospitalCode == input.hospitalCode
    }

    /// Takes down what rows of other tables and the whole submission are compared with.
    mutating func noteForOthers(
        _ row: Int, _ batch: borrowing RowBatch, _ staging: RowStaging, _ pass: borrowing FilePass,
        _ table: borrowing TablePass, isAccepted: Bool
    ) {
        let which = table.dataSet.table
        let source = batch.rows[row]
        cross.countRow(of: which)
        if !isAccepted {
            cross.badRows += 1
            if cross.badSample.count < CheckPass.sampleSize {
                cross.badSample.append(
                    Place(table: which, file: pass.index, line: source.line, row: source.number))
            }
        }
        guard !table.isRival, !source.isBroken else { return }
        switch which {
        case .institution:
            cross.income = isAccepted && table.dataRows == 1 ? staging.income(row) : nil
        case .catalogue: break
        case .stockIn, .stockOut, .usage:
            if let drug = pass.keys[row] {
                cross.movements.note(
                    drug, in: which, packs: staging.packs(row), doses: staging.doses(row), isAccepted: isAccepted)
            }
            if which == .usage, isAccepted, let amount = staging.amount(row), let total = cross.usageTotal {
                let (sum, overflow) = total.addingReportingOverflow(amount)
                cross.usageTotal = overflow ? nil : sum
                cross.usageSummed += 1
            }
        }
    }

    /// E03 between movements: where the catalogue gives a drug no national code, nobody can say which of two is right.
    /// (Where it gives one, another one is G02; where it gives two, E03 stands there.)
    mutating func noteStatedCode(
        _ row: Int, _ batch: borrowing RowBatch, _ pass: borrowing FilePass, _ table: borrowing TablePass
    ) {
        guard table.dataSet.table.isMovement, !table.isRival, let drug = pass.keys[row],
            drugs.ypid(of: drug) == nil, drugs.state(of: drug) == .absent || drugs.hasUnnamedRow(drug)
        else { return }
        let extent = batch.extent(row: row, column: DrugColumn.ypid)
        guard extent.count > 0 else { return }
        var hash = ByteHash()
        hash.add(batch.bytes.span.extracting(extent.range))
        let value = hash.value
        guard let first = cross.statedCodes[drug] else {
            cross.statedCodes[drug] = value
            return
        }
        guard first != value else { return }
        let key = pass.keys.hashes[row]
        for other in DataTable.allCases
        where other.isMovement && condemned.keys[other]?[key]?.contains(.codes) != true {
            newlyCondemned.add([key: .codes], in: other)
        }
    }

    /// The institution table's row, for G04. One that names another institution is nothing to compare with.
    mutating func noteIdentification(
        _ row: Int, _ batch: borrowing RowBatch, _ observations: [Observation], _ table: borrowing TablePass
    ) {
        guard table.dataSet.table == .institution, !table.isRival else { return }
        cross.agreed = 0
        let columns = [SharedColumn.provinceCode, SharedColumn.orgCode, SharedColumn.hospitalCode]
        let names = columns.map { table.dataSet.columns[$0].name }
        let isWrong = observations.contains { observation in
            let severity = log.severity(of: observation)
            return (severity == .error || severity == .interrupt)
                && (observation.place.column.map(names.contains) ?? true)
        }
        if table.dataRows > 1 || isWrong {
            cross.identification.forget()
        } else {
            cross.identification.note(row, batch)
        }
    }

    static var sampleSize: Int { 10 }
}
