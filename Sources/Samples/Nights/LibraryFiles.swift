import Core

/// Writes reference libraries as the CSV files that `yaoce library import` takes.
struct LibraryFiles {
    private let file: any SampleFile
    private var buffer: [UInt8] = []

    /// A file with a header.
    private init(_ file: any SampleFile, _ header: String) {
        self.file = file
        buffer.append(header + "\n")
    }

    private mutating func line(_ cells: [String]) throws {
        for (index, cell) in cells.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(cell)
        }
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count > 128 << 10 { try flush() }
    }

    private mutating func flush() throws {
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes what is left and ends the file.
    mutating func close() throws {
        try flush()
        try file.close()
    }

    // MARK: Divisions

    /// Writes the divisions of the province.
    static func writeDivisions(into sink: any SampleSink) throws {
        var file = LibraryFiles(
            try sink.makeFile(at: "libraries/divisions.csv", age: .settled), "division_code,name,valid_from,valid_to")
        for division in Division.shaanxi { try file.line([division.code, division.name, "2000-01-01", ""]) }
        try file.close()
    }

    // MARK: Drugs

    private static let drugColumns = [
        "ypid", "nhsa_code", "standard_code", "approval_number", "generic_name", "product_name", "trade_name",
        "manufacturer", "holder", "category", "dosage_form", "strength", "dosage_unit", "pack_unit",
        "conversion_factor", "is_essential", "is_central_procurement", "list_price", "award_price", "status",
        "valid_from", "valid_to", "successor_ypid",
    ]

    /// Writes the drug library.
    static func write(_ library: DrugLibrary, into sink: any SampleSink) throws {
        var file = LibraryFiles(
            try sink.makeFile(at: "libraries/drugs.csv", age: .settled), drugColumns.joined(separator: ","))
        for drug in library.drugs { try file.line(cells(of: drug, successor: nil)) }
        for (index, drug) in library.retired.enumerated() {
            try file.line(cells(of: drug, successor: library.drugs[index % library.drugs.count]))
        }
        try file.close()
    }

    private static func cells(of drug: Drug, successor: Drug?) -> [String] {
        let presentation = Presentation.all[Int(drug.presentation)]
        let line = presentation.line
        let maker = MakerNames.name(Int(drug.maker))
        return [
            DrugLibrary.ypid(of: drug, presentation), DrugLibrary.insuranceCode(of: drug, presentation),
            DrugLibrary.standardCode(of: drug, presentation), DrugLibrary.approvalNumber(of: drug, presentation),
            line.genericName, presentation.productName, drug.maker % 3 == 0 ? "" : DrugLibrary.tradeName(of: drug),
            maker, maker, line.category.rawValue, line.form.name, presentation.strength, line.form.dosageUnit,
            presentation.packUnit, String(presentation.factor), line.isEssential ? "1" : "0",
            presentation.isCentral ? "1" : "0", FixedPoint.text(Int64(drug.listPrice), decimals: 2),
            DrugLibrary.awardPrice(of: drug, presentation).map { FixedPoint.text(Int64($0), decimals: 2) } ?? "",
            successor == nil ? "active" : "disabled", "2020-01-01", successor == nil ? "" : "2024-12-31",
            successor.map { DrugLibrary.ypid(of: $0, Presentation.all[Int($0.presentation)]) } ?? "",
        ]
    }

    // MARK: Institutions

    /// A file for institutions that are added one by one.
    static func institutions(into sink: any SampleSink) throws -> LibraryFiles {
        LibraryFiles(
            try sink.makeFile(at: "libraries/institutions.csv", age: .settled),
            "hospital_code,org_code,name,level,grade,division_code,city,county,is_primary,must_report,declared_income,"
                + "valid_from,valid_to,lead_hospital_code")
    }

    /// Adds an institution; its income from direct reporting is within 2 per cent of what it reports itself.
    mutating func add(_ institution: SampleInstitution, income: Int) throws {
        let declared = income / 1000 * (985 + institution.number % 30)
        try line([
            institution.hospitalCode, institution.orgCode, institution.name, String(institution.kind.level),
            institution.grade.map(String.init) ?? "", institution.division.code,
            Division.shaanxiCities[institution.division.cityCode]?.name ?? "", institution.division.name,
            institution.kind == .primary ? "1" : "0", institution.mustReport ? "1" : "0",
            FixedPoint.text(Int64(declared), decimals: 2), "2018-01-01", institution.isExpired ? "2024-12-31" : "", "",
        ])
    }
}
