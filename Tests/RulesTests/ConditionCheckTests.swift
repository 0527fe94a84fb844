import Core
import Expressions
import Rules
import TestNight
import Testing

/// Rows that break one condition of the rule files, and rows at the edge of it that do not.
@Suite struct `A row judged by the conditions of the rule files` {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: String
        var table: DataTable
        var cells: [String: String]
        var joined: [String: String]
        var testDescription: String { "\(rule.isEmpty ? "nothing" : rule) \(table.rawValue) \(cells) \(joined)" }

        init(_ rule: String, _ table: DataTable, _ cells: [String: String], _ joined: [String: String] = [:]) {
            self.rule = rule
            self.table = table
            self.cells = cells
            self.joined = joined
        }
    }

    static let movements: [Case] = [
        // 100 packs of 24 are 2400 doses; half a per cent of them is 12, and a dose is always allowed.
        Case("", .usage, ["dose_quantity": "2412"]), Case("F01", .usage, ["dose_quantity": "2412.0604"]),
        Case("F01", .stockOut, ["dose_quantity": "2388"]), Case("", .stockOut, ["dose_quantity": "2388.0598"]),
        Case("", .stockIn, ["pack_quantity": "1", "dose_quantity": "25"]),
        Case("F01", .stockIn, ["pack_quantity": "1", "dose_quantity": "25.0001"]),
        Case("F01", .usage, [:], ["catalogue.conversion_factor": "12"]),
        Case("", .usage, [:], ["catalogue.conversion_factor": ""]),
        Case("F02", .usage, ["amount": "0"]),
        Case("F02", .stockIn, ["amount": "0", "pack_quantity": "0.0001", "dose_quantity": "0.5"]),
        Case("", .usage, ["amount": "0", "pack_quantity": "0", "dose_quantity": "0"]),
        Case("F03", .usage, ["pack_quantity": "0", "dose_quantity": "0"]),
        Case("F01 F04", .usage, ["pack_quantity": "0"]), Case("F01 F04 F05", .usage, ["dose_quantity": "0"]),
        Case("F01 F05", .usage, ["dose_quantity": "99.9999"]), Case("F01", .usage, ["dose_quantity": "100"]),
        Case("", .usage, ["dose_quantity": "50"], ["catalogue.conversion_factor": "0.5"]),
        Case("", .usage, ["amount": "1.00"]), Case("F08", .usage, ["amount": "0.99"]),
        Case("", .usage, ["amount": "100000000"]), Case("F08", .usage, ["amount": "100000000.01"]),
        Case("D01", .usage, [:], ["library.ypid": ""]),
        Case("D02", .usage, [:], ["library.status": "disabled"]),
        Case("D02", .usage, [:], ["library.status": "deleted"]),
        Case("D02", .usage, [:], ["library.valid_to": "2024-12-31"]),
        Case("", .usage, [:], ["library.valid_to": "2025-01-01"]),
        Case("D02", .usage, [:], ["library.valid_from": "2026-01-01"]),
        Case("", .usage, [:], ["library.valid_from": "2025-12-31"]),
        Case("G01", .usage, [:], ["catalogue.hospital_drug_code": ""]),
        Case("G01", .stockOut, [:], ["catalogue.is_accepted": "0"]),
        Case("G02", .stockIn, [:], ["catalogue.ypid": "XA01ABF391S0060102"]),
        Case("", .stockIn, [:], ["catalogue.ypid": ""]), Case("", .stockIn, ["ypid": ""]),
        Case("G03", .usage, [:], ["catalogue.product_name": "头孢克肟胶囊"]),
        Case("", .usage, [:], ["catalogue.product_name": "阿莫西林 胶囊"]),
    ]

    static let catalogues: [Case] = [
        Case("D01", .catalogue, [:], ["library.ypid": ""]), Case("", .catalogue, ["ypid": ""], ["library.ypid": ""]),
        Case("D06", .catalogue, ["approval_number": "国药准字H20053711"]),
        Case("", .catalogue, ["approval_number": "国药准字 Ｈ20053710"]),
        Case("D07", .catalogue, [:], ["comparison.manufacturer": "contradicts"]),
        Case("", .catalogue, [:], ["comparison.manufacturer": "unknown"]),
        Case("D08", .catalogue, ["generic_name": "阿莫克林"]), Case("", .catalogue, ["generic_name": "阿莫西林 "]),
        Case("D09", .catalogue, [:], ["comparison.form_class": "injection"]),
        Case("", .catalogue, [:], ["comparison.form_class": ""]),
        Case("D10", .catalogue, [:], ["comparison.strength": "differs"]),
        Case("", .catalogue, [:], ["comparison.strength": "partly"]),
        Case("D11", .catalogue, ["conversion_factor": "24.0001"]),
        Case("", .catalogue, ["conversion_factor": "24.0000"]),
        Case("D12", .catalogue, ["dosage_unit": "片"]), Case("D12", .catalogue, ["pack_unit": "瓶"]),
        Case("D12 D12", .catalogue, ["dosage_unit": "支", "pack_unit": "瓶"]),
        Case("D13", .catalogue, ["is_essential": "2"]), Case("", .catalogue, ["is_essential": ""]),
        Case("D13", .catalogue, [:], ["library.is_essential": "0"]),
        Case("", .catalogue, [:], ["library.is_essential": ""]),
        Case("D14", .catalogue, ["is_central_procurement": "1"]),
        Case("D14", .catalogue, ["is_consistency_evaluated": "1"], ["library.is_consistency_evaluated": "0"]),
        Case("D15", .catalogue, ["approval_number": "陕药制字Z20050001"], ["library.approval_number": ""]),
        Case("D15", .catalogue, [:], ["match.state": "ignored"]),
        Case("F06", .catalogue, ["pack_unit": "粒"], ["library.pack_unit": ""]),
        Case(
            "", .catalogue, ["pack_unit": "粒", "conversion_factor": "1"],
            ["library.pack_unit": "", "library.conversion_factor": "1"]),
        Case("D11 F07", .catalogue, ["conversion_factor": "1"]),
        Case("F10", .catalogue, ["product_name": "头孢克肟颗粒"]), Case("", .catalogue, ["product_name": "注射用阿莫西林钠"]),
        Case("F11", .catalogue, [:], ["library.category": "tcm"]),
        Case("F11", .catalogue, [:], ["library.category": "biological"]),
        Case("D06", .catalogue, ["approval_number": "S20053710"], ["library.category": "biological"]),
        Case("", .institution, [:]), Case("D05", .institution, ["hospital_name": "望月中医院"]),
    ]

    @Test(arguments: movements + catalogues) func `gets the findings it deserves and no others`(entry: Case) throws {
        let found = try judged(entry)
        #expect(found.observations.map(\.rule.rawValue).sorted().joined(separator: " ") == entry.rule)
        for observation in found.observations { #expect(observation.place.row == 1) }
    }

    @Test func `shows the calculation`() throws {
        let found = try judged(Case("F01", .usage, ["dose_quantity": "２０００"], ["catalogue.conversion_factor": "12"]))
        let finding = try #require(found.observations.first)
        #expect(finding.rule == "F01" && finding.place.column == "dose_quantity" && finding.place.line == 7)
        #expect(finding.value == "2000" && finding.expected == "1200")
        #expect(finding.details == ["packs": "100", "factor": "12"])
    }

    @Test func `points at the quantity that is zero`() throws {
        #expect(try judged(Case("", .stockOut, ["pack_quantity": "0"])).columns("F04") == ["pack_quantity"])
        #expect(try judged(Case("", .stockOut, ["dose_quantity": "0"])).columns("F04") == ["dose_quantity"])
    }

    @Test func `weighs less where the comparison is certain`() throws {
        let unknown = try judged(Case("", .catalogue, [:], ["library.ypid": "", "match.ypid": ""]))
        #expect(unknown.observations.map(\.severity) == [nil])
        let certain = try judged(Case("", .catalogue, [:], ["library.ypid": ""]))
        #expect(certain.observations.map(\.severity) == [.warning])
        #expect(certain.observations.first?.expected == "XA01ABF391S0060101")
    }

    @Test func `passes, fails or is not applicable with the reason, and each row is counted once`() throws {
        func count(_ entry: Case, _ rule: RuleID, without relations: Set<Relation> = []) throws -> RuleTally.Count? {
            try judged(entry, without: relations).tally.counts[rule]
        }
        let good = Case("", .usage, [:])
        #expect(try count(good, "F01")?.evaluated == 1)
        #expect(try count(Case("", .usage, ["dose_quantity": "1"]), "F01")?.evaluated == 1)
        #expect(try count(Case("", .usage, ["dose_quantity": "x"]), "F01")?.notApplicable == [.missingValue: 1])
        #expect(try count(good, "F01", without: [.catalogue])?.notApplicable == [.without(.catalogue): 1])
        #expect(try count(good, "D01", without: [.library])?.notApplicable == [.without(.library): 1])
        #expect(try count(good, "D01", without: [.match])?.evaluated == 1)
        #expect(
            try count(Case("", .usage, [:], ["catalogue": ""]), "F01")?.notApplicable
                == [.unjoined(.catalogue): 1])
        #expect(try count(Case("", .usage, [:], ["catalogue": ""]), "G01")?.evaluated == 1)
        #expect(
            try count(Case("", .usage, [:], ["library": "unknown"]), "D01")?.notApplicable == [.unjoined(.library): 1])
    }

    @Test func `of a file without a column is not applicable where that column is needed`() throws {
        let dataSet = DataSet.of(.usage)
        let amount = try #require(dataSet.position(of: "amount"))
        let found = try judged(
            Case("", .usage, ["amount": "", "pack_quantity": "0"]),
            present: Set(dataSet.columns.indices).subtracting([amount]))
        #expect(found.tally.counts["F02"]?.notApplicable == [.missingColumn: 1])
        #expect(found.tally.counts["F04"]?.evaluated == 1)
    }

    @Test func `is left alone where it is broken or a total`() throws {
        for change in [{ $0.isTotal = true }, { (row: inout RowBatch.Row) in row.isBroken = true }]
            as [@Sendable (inout RowBatch.Row) -> Void]
        {
            let found = try judged(Case("", .usage, ["pack_quantity": "0"]), changing: change)
            #expect(found.observations == [] && found.tally.counts.isEmpty)
        }
    }

    // MARK: Judging

    struct Judged {
        var observations: [Observation]
        var tally: RuleTally

        func columns(_ rule: RuleID) -> [String?] { observations.filter { $0.rule == rule }.map(\.place.column) }
    }

    private func judged(
        _ entry: Case, without absent: Set<Relation> = [], present: Set<Int>? = nil,
        changing change: (inout RowBatch.Row) -> Void = { _ in }
    ) throws -> Judged {
        var row = TestRow(entry.table)
        for (column, cell) in entry.cells { row = row.with(column, cell) }
        var batch = row.batch
        change(&batch.rows[0])
        var typed = TypedBatch()
        typed.read(&batch) { _ in }
        let joined = StandIn(entry.joined, absent: absent)
        var context = TestRow.context
        context.institutions = [TestRow.hospital: TestRow.entry(TestRow.hospital)]
        context.institutions?[TestRow.hospital]?.name = "望舒医院"
        let book = try TestRules.book.get()
        var check = ConditionCheck(
            ConditionPlan(book, businessDate: context.businessDate), batch.dataSet, context: context,
            scopes: book.scopes, joined: joined, present: present ?? Set(batch.dataSet.columns.indices))
        var tally = RuleTally()
        let observations = check.observations(in: batch, typed, joined: joined, tally: &tally)
        check.finish()
        return Judged(observations: observations, tally: tally)
    }
}

/// Joined rows that say what the row itself says, unless they are told otherwise.
private struct StandIn: JoinedRows {
    private let values: [String: String]
    private let absent: Set<Relation>

    init(_ values: [String: String], absent: Set<Relation>) {
        let usual: [String: String] = [
            "library.category": "chemical", "library.status": "active", "library.valid_from": "2020-01-01",
            "library.is_essential": "1", "library.is_central_procurement": "0", "library.holder": "晴川制药有限公司",
            "comparison.strength": "equal", "comparison.manufacturer": "equal", "comparison.form_class": "oral",
            "comparison.library_form_class": "oral", "match.state": "approved", "match.method": "supplied_code",
            "match.ypid": "XA01ABF391S0060101", "match.score": "0.9900", "catalogue.is_accepted": "1",
        ]
        self.values = usual.merging(values) { $1 }
        self.absent = absent
    }

    func absence(of relation: Relation) -> NotApplicable? { absent.contains(relation) ? .without(relation) : nil }

    func find(_ relation: Relation, for batch: borrowing RowBatch, into numbers: inout [Int32]) {
        switch values[relation.rawValue] {
        case "": numbers = [JoinedRow.none]
        case "unknown": numbers = [JoinedRow.unknown]
        default: numbers = [0]
        }
    }

    func append(
        _ column: Relation.Column, of numbers: [Int32], for batch: borrowing RowBatch, to position: Int,
        of target: inout ColumnBatch
    ) {
        let catalogue = TestRow(.catalogue)
        let own = catalogue.dataSet.position(of: column.name).map { catalogue.cells[$0] }
        var text = values["\(column.relation.rawValue).\(column.name)"] ?? own
        if numbers[0] < 0 { text = nil }
        if text == "" { text = nil }
        switch column.type {
        case .text: target.append(repeating: text, count: 1, to: position)
        case .date:
            target.append(
                repeating: text.flatMap { CalendarDay($0) }.map { Int64($0.daysSince2000) }, count: 1, to: position)
        case .boolean: target.append(repeating: text.map { $0 == "1" ? 1 : 0 }, count: 1, to: position)
        case .number(let type):
            target.append(
                repeating: text.flatMap { ExactNumber($0) }.map { number in
                    var units = Int64(number.units)
                    for _ in number.scale..<type.scale { units *= 10 }
                    return units
                }, count: 1, to: position)
        }
    }
}
