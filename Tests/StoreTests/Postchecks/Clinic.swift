import Core
import Foundation
import Postgres
import Rules
import TestDatabase
import Testing

@testable import Store

/// An institution's report, small and right until a test makes something wrong with it.
struct Clinic: Sendable {
    struct Line: Sendable {
        var ypid: String?
        var code: String
        var factor: Int64 = 10
        var isEssential = true
        var packs: [DataTable: Int64]
        var doses: [DataTable: Int64]
        /// Fen.
        var amounts: [DataTable: Int64]

        /// A drug bought and sold at one price for a pack.
        init(_ drug: Int, price: Int64, used: Int64, code: String? = nil) {
            ypid = "D\(drug)"
            self.code = code ?? "H\(drug)"
            packs = [.usage: used, .stockOut: used + 7, .stockIn: used + 18]
            doses = packs.mapValues { $0 * 10 }
            amounts = [.usage: used * price, .stockIn: (used + 18) * price]
        }

        /// Multiplies the amounts of tables.
        mutating func multiply(_ tables: [DataTable] = [.usage, .stockIn], by factor: Double) {
            for table in tables { amounts[table] = Int64((Double(amounts[table] ?? 0) * factor).rounded()) }
        }
    }

    var number: Int
    var lines: [Line]
    var beds: Int32 = 100
    /// Fen; what was used where it is not set.
    var income: Int64?
    var findings: [Finding] = []
    /// Months of 2025 that its rows are dated in besides.
    var months: [Int] = []

    /// Twelve drugs at prices within one per cent of everybody's, in quantities of its own.
    init(_ number: Int, year: Int = 2025) {
        self.number = number
        lines = (0..<12).map { drug in
            let jitter = drug == 11 ? 0 : Int64((number * 7 + drug) % 11 - 5)
            let price = Clinic.price(drug) * (1_000 + jitter * 2) / 1_000
            let used = Int64(201 + (number * 37 + drug * 53 + year * 13) % 173 + number)
            return Line(drug, price: price, used: used)
        }
    }

    /// Fen for a pack.
    static func price(_ drug: Int) -> Int64 { 2_000 + Int64(drug) * 1_000 }

    /// Fen for everything used.
    var sold: Int64 { lines.reduce(0) { $0 + ($1.amounts[.usage] ?? 0) } }

    var rows: FixtureRows {
        var rows = FixtureRows()
        rows.findings = findings
        rows.headers += months.compactMap { month in
            var header = RowHeader.fixture
            guard let day = CalendarDay("2025-\(month < 10 ? "0" : "")\(month)-15") else { return nil }
            header.reportDate = day
            return header
        }
        rows.drugs = lines.map {
            NamedDrug(ypid: $0.ypid, hospitalDrugCode: $0.code, procurementCode: nil, productName: "药 \($0.code)")
        }
        rows.institutions = [
            InstitutionRow(
                origin: RowOrigin(file: 0, line: 2, row: 1), header: 0,
                annualDrugIncome: income ?? sold, bedCount: beds,
                unitHead: nil, statsHead: nil)
        ]
        rows.catalogue = lines.enumerated().map { index, line in
            CatalogueRow(
                origin: RowOrigin(file: 1, line: Int32(index + 2), row: Int32(index + 1)), header: 0,
                drug: Int32(index),
                genericName: "药", tradeName: nil, tradeNameEnglish: nil,
                approvalNumber: "国药准字H2000000\(line.ypid ?? "")", manufacturer: "某制药", dosageForm: "片剂",
                strength: "1g", dosageUnit: "片", packUnit: "盒", conversionFactor: line.factor * 10_000,
                isEssential: line.isEssential ? 1 : 2, isCentralProcurement: nil, isConsistencyEvaluated: nil)
        }
        for (file, table) in DataTable.allCases.filter(\.isMovement).enumerated() {
            rows.movements[table] = lines.enumerated().compactMap { index, line in
                guard let packs = line.packs[table], let doses = line.doses[table] else { return nil }
                return MovementRow(
                    origin: RowOrigin(file: Int32(file + 2), line: Int32(index + 2), row: Int32(index + 1)), header: 0,
                    drug: Int32(index), amount: table == .stockOut ? 0 : line.amounts[table] ?? 0,
                    packQuantity: packs * 10_000, doseQuantity: doses * 10_000)
            }
        }
        return rows
    }
}

/// The rules and thresholds of the project's own folder.
func postcheckRules() throws -> PostcheckRules {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Rules").standardized
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    let book = try RuleBook(
        files: names.map {
            RuleBook.File(name: $0, text: try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
        })
    return PostcheckRules(
        rules: book.sorted.map(\.stored), ruleSetHash: book.hash,
        organizationRules: book.sorted.filter { $0.stage == .pre && $0.dimension == .organization }.map(\.id),
        thresholds: book.parameters.thresholds.keys.reduce(into: [:]) {
            $0[$1] = book.parameters.threshold($1, on: "2026-01-01", decimals: 4, default: 0)
        }, explained: book.explained)
}

/// A province whose institutions report and are judged.
struct Province {
    let store: PostgresStore
    let database: TestDatabase
    let run: Int
    let rules: PostcheckRules

    /// - Parameter day: the business date of its run.
    init(_ store: PostgresStore, _ database: TestDatabase, day: Int32 = 9_344) async throws {
        self.store = store
        self.database = database
        rules = try postcheckRules()
        run = try await Night(store, day: day).run
        try await store.register(rules.rules, ruleSetHash: rules.ruleSetHash)
    }

    /// Publishes twelve drugs and the institutions with their levels.
    func publish(
        _ institutions: [LibraryRow], drugs more: @Sendable (Int) -> [String: String] = { _ in [:] }
    ) async throws {
        let drugs = (0..<12).map { drug in
            var values = ["ypid": "D\(drug)", "product_name": "药", "conversion_factor": "10"]
            if drug == 11 {
                values["award_price"] = FixedPoint.text(Clinic.price(11), decimals: 2)
                values["is_central_procurement"] = "1"
            }
            return LibraryRow(line: drug + 2, values: values.merging(more(drug)) { $1 })
        }
        for (kind, rows) in [(LibraryKind.drugs, drugs), (.institutions, institutions)] {
            _ = try await store.importLibrary(
                kind, version: "v1", sha256: digest(1), at: timestamp(0), publishing: true
            ) { try rows.forEach($0) }
        }
    }

    static func institution(_ number: Int, level: String = "3", _ more: [String: String] = [:]) -> LibraryRow {
        LibraryRow(
            line: number + 1,
            values: [
                "hospital_code": code(number), "org_code": "470012345", "name": "医院 \(number)", "level": level,
                "division_code": "330102",
            ].merging(more) { $1 })
    }

    /// Takes reports through the load; they wait for postcheck then.
    @discardableResult
    func load(_ clinics: [Clinic], period: String = "2025", version: Int = 1) async throws -> [SubmissionID] {
        let night = Night(store: store, run: run)
        let submissions = try await night.receive(
            clinics.map {
                try plan(
                    hospital: $0.number, period: period, bytes: $0.number * 10 + period.count + version * 1_000_000)
            })
        let loaded = zip(submissions, clinics).map { ($0, $1.rows) }
        try await store.completePrecheck(
            loaded.map { submission, rows in
                var result = judged(submission, rows)
                result.ruleSetHash = rules.ruleSetHash
                return result
            }, run: run)
        try await store.completeLoad(loaded.map { ($0, $1) }, run: run)
        return submissions.map(\.id)
    }

    /// - Parameter fewest: from how many submissions on two sessions judge them.
    @discardableResult
    func judge(checks: [PostCheck] = PostCheck.all, fewest: Int = 64) async throws -> [PostcheckOutcome] {
        var outcomes: [PostcheckOutcome] = []
        while let outcome = try await store.postcheck(rules, run: run, checks: checks, fewest: fewest) {
            outcomes.append(outcome)
        }
        return outcomes
    }

    /// The post findings of a submission as `P01 anomaly usage H1`, sorted.
    func found(_ submission: SubmissionID) async throws -> [String] {
        try await strings(
            """
            SELECT DISTINCT concat_ws(' ', rule_id, severity, table_name, yaoce.detail(details, 'drug'))
            FROM yaoce_api.finding WHERE stage = 'post' AND submission_id = \(submission) ORDER BY 1
            """)
    }

    func strings(_ sql: SQL) async throws -> [String] {
        let connection = try await database.connect()
        let texts = try await connection.perform { try $0.query(sql).column(0, as: String.self) }
        await connection.close()
        return texts
    }

    func grade(_ submission: SubmissionID) async throws -> Grade? {
        try await store.report(on: submission)?.grade
    }
}
