import Core

/// The rows of the five tables of one submission, made one by one and never kept.
struct SubmissionRows {
    /// Who reports.
    let institution: SampleInstitution
    /// On what.
    let period: Period
    /// 数据上报日期 of all rows.
    let reportDate: CalendarDay
    /// What the institution holds.
    let stock: HospitalStock

    private let library: DrugLibrary
    private let shared: [[UInt8]]
    private let income: Int
    private let changes: Set<WholeChange>

    init(
        _ institution: SampleInstitution, library: DrugLibrary, seed: UInt64, period: Period, version: Int = 1,
        changes: Set<WholeChange> = []
    ) {
        self.changes = changes
        self.institution = institution
        self.period = period
        self.library = library
        stock = HospitalStock(
            institution, library: library, seed: seed, periodKey: period.key, version: version, changes: changes)
        var random = SeededGenerator(seed: seed, path: 0x53, UInt64(institution.number), UInt64(period.key))
        reportDate = period.end.adding(days: 5 + random.below(40) + version)
        income = stock.usageTotal + stock.usageTotal / 1000 * random.below(60)
        let year = reportDate.civil.year
        let day = year.digits(4) + reportDate.civil.month.digits(2) + reportDate.civil.day.digits(2)
        shared = [day, "610000", institution.orgCode, institution.hospitalCode, institution.name].map { Array($0.utf8) }
    }

    /// Fen; what is sold as slices is in it, so it is up to 6 per cent more than the usage table adds up to.
    var annualDrugIncome: Int { income }

    /// 实有床位数
    var bedCount: Int {
        max(8, min(6_000, income / institution.kind.incomePerBed * (85 + institution.number % 31) / 100))
    }

    /// The drugs that a table has rows for, as positions in the stock; for the institution table one row.
    func positions(in table: DataTable) -> [Int] {
        switch table {
        case .institution: [0]
        case .catalogue: Array(stock.drugs.indices)
        case .stockIn: stock.drugs.indices.filter { stock.drugs[$0].movement != .idle }
        case .stockOut:
            stock.drugs.indices.filter { stock.drugs[$0].movement == .used || stock.drugs[$0].movement == .issued }
        case .usage: stock.drugs.indices.filter { stock.drugs[$0].movement == .used }
        }
    }

    /// The code of an entry of the library that was disabled before the period.
    var retiredYPID: String {
        guard let drug = library.retired.first else { return "100000000000" }
        return DrugLibrary.ypid(of: drug, library.presentation(of: drug))
    }

    /// 院内药品唯一码 of a drug.
    func hospitalDrugCode(_ position: Int) -> String {
        "Y" + (1_000_000 + institution.number % 1_000 + position * 3).digits(7)
    }

    /// Fills a row of a table, with one cell for each column of the data set in its order.
    func fill(_ row: inout CellRow, _ table: DataTable, _ position: Int) {
        row.clear()
        let isSparse = changes.contains(.sparse) && table != .institution
        for cell in isSparse ? shared.dropLast() + [[]] : shared { row.add(cell) }
        guard table != .institution else {
            row.add(income, decimals: 2)
            row.add(String(bedCount))
            row.add(institution.unitHead)
            row.add(institution.statsHead)
            return
        }
        let held = stock.drugs[position]
        let drug = library.drugs[Int(held.libraryPosition)]
        let presentation = library.presentation(of: drug)
        row.add(DrugLibrary.ypid(of: drug, presentation))
        row.add(hospitalDrugCode(position))
        if isSparse { row.addBlank() } else { row.add("6100" + Int(held.libraryPosition).digits(8)) }
        switch table {
        case .institution: break
        case .catalogue: fillCatalogue(&row, drug, presentation)
        case .stockIn:
            row.add(presentation.productName)
            row.add(held.receivedAmount, decimals: 2)
            row.add(halves: Int(held.receivedPacks) * 2)
            row.add(String(Int(held.receivedPacks) * presentation.factor))
        case .stockOut:
            row.add(presentation.productName)
            row.add(halves: Int(held.issuedHalves))
            row.add(String(Int(held.issuedHalves) * presentation.factor / 2))
        case .usage:
            row.add(presentation.productName)
            row.add(held.usedAmount, decimals: 2)
            row.add(halves: Int(held.usedHalves))
            row.add(String(Int(held.usedHalves) * presentation.factor / 2))
        }
    }

    private func fillCatalogue(_ row: inout CellRow, _ drug: Drug, _ presentation: Presentation) {
        let line = presentation.line
        row.add(line.genericName)
        row.add(presentation.productName)
        if drug.maker % 3 == 0 { row.addBlank() } else { row.add(DrugLibrary.tradeName(of: drug)) }
        if drug.maker % 3 == 1 { row.add(DrugLibrary.englishTradeName(of: drug)) } else { row.addBlank() }
        row.add(DrugLibrary.approvalNumber(of: drug, presentation))
        row.add(MakerNames.name(Int(drug.maker)))
        row.add(line.form.name)
        row.add(presentation.strength)
        row.add(line.form.dosageUnit)
        row.add(presentation.packUnit)
        row.add(String(presentation.factor))
        row.add(line.isEssential ? "1" : "2")
        row.add(presentation.isCentral ? "1" : "2")
        row.add(presentation.isConsistent ? "1" : "2")
    }
}
