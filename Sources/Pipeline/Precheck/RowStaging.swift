internal import Core
internal import Rules

/// A row that passed, as the values the load takes.
struct RowStaging {
    let batch: RowBatch
    let typed: TypedBatch
    let row: Int

    func position(_ name: String) -> Int { batch.dataSet.position(of: name) ?? 0 }

    func number(_ column: Int) -> Int64 { typed.value(row: row, column: column) ?? 0 }

    private func text(_ name: String) -> String { batch.string(row: row, column: position(name)) }

    private func optionalText(_ name: String) -> String? {
        let text = text(name)
        return text.isEmpty ? nil : text
    }

    private func flag(_ name: String) -> Int16? {
        typed.value(row: row, column: position(name)).map { Int16($0) }
    }

    func institution(_ origin: RowOrigin, _ header: Int32) -> InstitutionRow {
        InstitutionRow(
            origin: origin, header: header, annualDrugIncome: number(position("annual_drug_income")),
            bedCount: Int32(clamping: number(position("bed_count"))), unitHead: optionalText("unit_head"),
            statsHead: optionalText("stats_head"))
    }

    func catalogue(_ origin: RowOrigin, _ header: Int32, _ drug: Int32) -> CatalogueRow {
        CatalogueRow(
            origin: origin, header: header, drug: drug, genericName: text("generic_name"),
            tradeName: optionalText("trade_name"), tradeNameEnglish: optionalText("trade_name_en"),
            approvalNumber: text("approval_number"), manufacturer: text("manufacturer"),
            dosageForm: optionalText("dosage_form"), strength: optionalText("strength"),
            dosageUnit: text("dosage_unit"), packUnit: text("pack_unit"),
            conversionFactor: number(position("conversion_factor")), isEssential: flag("is_essential"),
            isCentralProcurement: flag("is_central_procurement"),
            isConsistencyEvaluated: flag("is_consistency_evaluated"))
    }

    func movement(_ origin: RowOrigin, _ header: Int32, _ drug: Int32) -> MovementRow {
        let amount = batch.dataSet.table == .stockOut ? 0 : number(DrugColumn.procurementCode + 2)
        let packs = batch.columnCount - 2
        return MovementRow(
            origin: origin, header: header, drug: drug, amount: amount, packQuantity: number(packs),
            doseQuantity: number(packs + 1))
    }
}
