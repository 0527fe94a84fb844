internal import Core

/// The small valid submission that examples change: an institution, its drugs, and its movements of a period.
struct BaseSubmission: Sendable, Hashable {
    /// Which institution: 0 is the sender, others are its peers. Makes its codes and its quantities.
    var institution = 0
    /// Which example: makes codes of institutions and drugs that no other example has.
    var example = 0
    /// How many drugs.
    var drugs = 60
    /// What is reported on.
    var period: Period
    /// 3, 2, 1, or 9.
    var level = 1
    /// The city and county of the institution, six digits.
    var division = "610102"
    /// How many periods ago: a little more of everything was used then.
    var season = 0

    /// The last day anything is reported on: a fortnight after the period.
    var reportDay: CalendarDay { period.end.adding(days: 14) }

    /// 组织机构代码
    var orgCode: String {
        let number = 10_000_000 + example * 400 + institution
        let digits = Array("\(number)".utf8)
        let check = OrganizationCode.checkCharacter(of: digits.span).map { String(UnicodeScalar($0)) } ?? ""
        return "\(number)\(check)"
    }
    /// 医疗机构代码
    var hospitalCode: String { orgCode + division + "11A1001" }
    /// Its name.
    var name: String { institution == 0 ? "示例县医院" : "示例县第\(institution + 1)医院" }
}

extension BaseSubmission {
    /// The submission with what the libraries know of it.
    func makeCase() -> ExampleCase {
        var tables: [DataTable: ExampleSheet] = [:]
        for table in DataTable.allCases {
            tables[table] = ExampleSheet(table.rawValue, columns: DataSet.of(table).columns.map(\.name))
        }
        var library = ExampleSheet("library", columns: BaseSubmission.libraryColumns)
        var matches = ExampleSheet("match", columns: ["hospital_drug_code", "state", "ypid", "method", "score"])
        var sold = 0
        for position in 0..<drugs {
            let line = line(position)
            sold += line.amount(line.used)
            tables[.catalogue]?.rows.append(head.merging(line.catalogue) { $1 })
            tables[.stockIn]?.rows.append(head.merging(line.movement(line.received, hasAmount: true)) { $1 })
            tables[.stockOut]?.rows.append(head.merging(line.movement(line.issued, hasAmount: false)) { $1 })
            tables[.usage]?.rows.append(head.merging(line.movement(line.used, hasAmount: true)) { $1 })
            library.rows.append(line.libraryEntry)
            matches.rows.append([
                "hospital_drug_code": line.code, "state": "approved", "ypid": line.ypid, "method": "ypid",
                "score": "10000",
            ])
        }
        tables[.institution]?.rows = [
            head.merging([
                "annual_drug_income": FixedPoint.text(Int64(sold), decimals: 2), "bed_count": "\(40 + institution % 7)",
                "unit_head": "王某", "stats_head": "李某",
            ]) { $1 }
        ]
        var neighbour = self
        neighbour.institution = institution + 1
        return ExampleCase(
            tables: tables, drugLibrary: library,
            institutionLibrary: ExampleSheet(
                "institution_library", columns: BaseSubmission.institutionColumns,
                rows: [libraryEntry(sold: sold), neighbour.libraryEntry(sold: nil)]),
            divisions: ExampleSheet(
                "divisions", columns: ["division_code", "name"],
                rows: [
                    ["division_code": "610000", "name": "陕西省"], ["division_code": "610100", "name": "西安市"],
                    ["division_code": division, "name": "新城区"],
                ]),
            matches: matches, period: period, businessDate: reportDay.adding(days: 5), senderCode: hospitalCode)
    }

    private var head: [String: String] {
        [
            "report_date": reportDay.description, "province_code": "610000", "org_code": orgCode,
            "hospital_code": hospitalCode, "hospital_name": name,
        ]
    }

    private func libraryEntry(sold: Int?) -> [String: String] {
        var entry = [
            "hospital_code": hospitalCode, "org_code": orgCode, "name": name, "level": "\(level)", "grade": "1",
            "division_code": division, "city": "西安市", "county": "新城区", "is_primary": level == 1 ? "1" : "0",
            "must_report": "1",
        ]
        if example > 0 {
            // Examples that share a database share a library: in another's period nobody waits for this institution.
            entry["valid_from"] = CalendarDay("\(period.year - 4)-01-01")?.description
            entry["valid_to"] = period.end.description
        }
        if let sold { entry["declared_income"] = FixedPoint.text(Int64(sold), decimals: 2) }
        return entry
    }

    private func line(_ position: Int) -> BaseLine {
        let drug = BaseDrug.at(position)
        // Quantities that no two institutions, drugs or periods share, and whose last digits look counted.
        let used = 101 + (institution * 379 + position * 563) % 797 + season * (1 + position % 4)
        return BaseLine(
            drug: drug, position: position, example: example,
            price: drug.price + position / 12 * 110 + (institution * 7 + position) % 5 - 2,
            used: used, issued: used + 2 + position % 3, received: used + 5 + position % 4)
    }

    static let libraryColumns = [
        "ypid", "nhsa_code", "standard_code", "approval_number", "generic_name", "product_name", "trade_name",
        "manufacturer", "holder", "category", "dosage_form", "strength", "dosage_unit", "pack_unit",
        "conversion_factor", "is_essential", "is_central_procurement", "is_consistency_evaluated", "list_price",
        "award_price", "status", "valid_from", "valid_to", "successor_ypid", "atc", "is_key_monitored", "is_antibiotic",
        "ddd_per_unit", "restricted_class",
    ]
    static let institutionColumns = [
        "hospital_code", "org_code", "name", "level", "grade", "division_code", "city", "county", "is_primary",
        "must_report", "declared_income", "valid_from", "valid_to", "lead_hospital_code", "bed_days", "licences",
    ]
}

/// One drug of the base submission, with its movements.
struct BaseLine: Sendable {
    let drug: BaseDrug
    let position: Int
    let example: Int
    /// Fen for a pack.
    let price: Int
    let used: Int
    let issued: Int
    let received: Int

    var code: String { "Y\(1_001 + position)" }
    var ypid: String { "YP\(1_000_000_000 + example * 1_000 + position)" }
    /// By maker, so that a drug of another maker is another product.
    var approval: String { "国药准字\(drug.letter)2\(3_000_000 + position)" }
    var maker: String { ["陕西示例制药", "渭水示例药业", "秦岭示例制药", "汉江示例药业", "延河示例制药"][position / 12 % 5] + "有限公司" }

    func amount(_ packs: Int) -> Int { packs * price }

    var catalogue: [String: String] {
        [
            "ypid": ypid, "hospital_drug_code": code, "procurement_code": "\(200_100 + position)",
            "generic_name": drug.generic, "product_name": drug.product, "trade_name": "示例",
            "trade_name_en": "Shili", "approval_number": approval, "manufacturer": maker,
            "dosage_form": drug.form, "strength": drug.strength, "dosage_unit": drug.unit, "pack_unit": drug.pack,
            "conversion_factor": "\(drug.factor)", "is_essential": "1", "is_central_procurement": "1",
            "is_consistency_evaluated": "1",
        ]
    }

    func movement(_ packs: Int, hasAmount: Bool) -> [String: String] {
        var values = [
            "ypid": ypid, "hospital_drug_code": code, "procurement_code": "\(200_100 + position)",
            "product_name": drug.product, "pack_quantity": "\(packs)", "dose_quantity": "\(packs * drug.factor)",
        ]
        if hasAmount { values["amount"] = FixedPoint.text(Int64(amount(packs)), decimals: 2) }
        return values
    }

    var libraryEntry: [String: String] {
        [
            "ypid": ypid, "approval_number": approval, "generic_name": drug.generic, "product_name": drug.product,
            "manufacturer": maker, "holder": maker, "category": drug.category, "dosage_form": drug.form,
            "strength": drug.strength, "dosage_unit": drug.unit, "pack_unit": drug.pack,
            "conversion_factor": "\(drug.factor)", "is_essential": "1", "is_central_procurement": "1",
            "is_consistency_evaluated": "1", "list_price": FixedPoint.text(Int64(drug.price * 2), decimals: 2),
            "status": "active", "valid_from": "2020-01-01",
        ]
    }
}
