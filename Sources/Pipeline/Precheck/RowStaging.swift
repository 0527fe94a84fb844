internal import Core
internal import Rules

/// The rows of a batch that passed, as the values the load takes. Positions of columns are looked up once.
///
/// One is made for a batch and handed down for each row, so it is a reference: what it holds is half a kilobyte.
final class RowStaging {
    private let batch: RowBatch
    private let typed: TypedBatch

    init(_ batch: RowBatch, _ typed: TypedBatch) {
        self.batch = batch
        self.typed = typed
    }

    /// Where the catalogue's own columns stand.
    private enum Place {
        static let genericName = position(.catalogue, "generic_name")
        static let productName = position(.catalogue, "product_name")
        static let tradeName = position(.catalogue, "trade_name")
        static let tradeNameEnglish = position(.catalogue, "trade_name_en")
        static let approvalNumber = position(.catalogue, "approval_number")
        static let manufacturer = position(.catalogue, "manufacturer")
        static let dosageForm = position(.catalogue, "dosage_form")
        static let strength = position(.catalogue, "strength")
        static let dosageUnit = position(.catalogue, "dosage_unit")
        static let packUnit = position(.catalogue, "pack_unit")
        static let conversionFactor = position(.catalogue, "conversion_factor")
        static let isEssential = position(.catalogue, "is_essential")
        static let isCentralProcurement = position(.catalogue, "is_central_procurement")
        static let isConsistencyEvaluated = position(.catalogue, "is_consistency_evaluated")
        static let annualDrugIncome = position(.institution, "annual_drug_income")
        static let bedCount = position(.institution, "bed_count")
        static let unitHead = position(.institution, "unit_head")
        static let statsHead = position(.institution, "stats_head")
        static let movementProductName = position(.usage, "product_name")
        static let amount = position(.usage, "amount")

        private static func position(_ table: DataTable, _ name: String) -> Int {
            guard let position = DataSet.of(table).position(of: name) else {
                preconditionFailure("\(table.rawValue) has a column \(name)")
            }
            return position
        }
    }

    /// Where the product's name stands in the table of the batch.
    var productName: Int { batch.dataSet.table == .catalogue ? Place.productName : Place.movementProductName }

    func number(_ row: Int, _ column: Int) -> Int64 { typed.value(row: row, column: column) ?? 0 }

    /// Fen of a row of stock_in or usage, where there is a value.
    func amount(_ row: Int) -> Int64? {
        batch.dataSet.table == .stockOut ? nil : typed.value(row: row, column: Place.amount)
    }

    /// Packs of a movement row × 10⁴, where there is a value.
    func packs(_ row: Int) -> Int64? { typed.value(row: row, column: batch.columnCount - 2) }

    /// Dosage units of a movement row × 10⁴, where there is a value.
    func doses(_ row: Int) -> Int64? { typed.value(row: row, column: batch.columnCount - 1) }

    /// Fen of the institution table's row, where there is a value.
    func income(_ row: Int) -> Int64? { typed.value(row: row, column: Place.annualDrugIncome) }

    /// What the catalogue says of a drug, for the movements that follow.
    func catalogueCells(_ row: Int) -> DrugLedger.CatalogueCells {
        DrugLedger.CatalogueCells(
            hospitalDrugCode: batch.extent(row: row, column: DrugColumn.hospitalDrugCode),
            ypid: batch.extent(row: row, column: DrugColumn.ypid),
            productName: batch.extent(row: row, column: Place.productName),
            dosageUnit: batch.extent(row: row, column: Place.dosageUnit),
            packUnit: batch.extent(row: row, column: Place.packUnit),
            conversionFactor: typed.value(row: row, column: Place.conversionFactor))
    }

    private func text(_ row: Int, _ column: Int) -> String { batch.string(row: row, column: column) }

    private func optionalText(_ row: Int, _ column: Int) -> String? {
        batch.extent(row: row, column: column).count == 0 ? nil : batch.string(row: row, column: column)
    }

    private func flag(_ row: Int, _ column: Int) -> Int16? { typed.value(row: row, column: column).map { Int16($0) } }

    func institution(_ row: Int, _ origin: RowOrigin, _ header: Int32) -> InstitutionRow {
        InstitutionRow(
            origin: origin, header: header, annualDrugIncome: number(row, Place.annualDrugIncome),
            bedCount: Int32(clamping: number(row, Place.bedCount)), unitHead: optionalText(row, Place.unitHead),
            statsHead: optionalText(row, Place.statsHead))
    }

    func catalogue(_ row: Int, _ origin: RowOrigin, _ header: Int32, _ drug: Int32) -> CatalogueRow {
        CatalogueRow(
            origin: origin, header: header, drug: drug, genericName: text(row, Place.genericName),
            tradeName: optionalText(row, Place.tradeName),
            tradeNameEnglish: optionalText(row, Place.tradeNameEnglish),
            approvalNumber: text(row, Place.approvalNumber), manufacturer: text(row, Place.manufacturer),
            dosageForm: optionalText(row, Place.dosageForm), strength: optionalText(row, Place.strength),
            dosageUnit: text(row, Place.dosageUnit), packUnit: text(row, Place.packUnit),
            conversionFactor: number(row, Place.conversionFactor), isEssential: flag(row, Place.isEssential),
            isCentralProcurement: flag(row, Place.isCentralProcurement),
            isConsistencyEvaluated: flag(row, Place.isConsistencyEvaluated))
    }

    func movement(_ row: Int, _ origin: RowOrigin, _ header: Int32, _ drug: Int32) -> MovementRow {
        // Packs and doses are the last two columns of all three tables; stock_out has no amount before them.
        let packs = batch.columnCount - 2
        return MovementRow(
            origin: origin, header: header, drug: drug,
            amount: batch.dataSet.table == .stockOut ? 0 : number(row, Place.amount),
            packQuantity: number(row, packs), doseQuantity: number(row, packs + 1))
    }
}
