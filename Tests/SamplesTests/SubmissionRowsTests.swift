import Core
import Testing

@testable import Samples

struct SubmissionRowsTests {
    private static let library = DrugLibrary(seed: 3, count: 5_000)

    /// A cell as whole units of its last decimal.
    private func number(_ row: CellRow, _ table: DataTable, _ column: String) throws -> Int64 {
        let dataSet = DataSet.of(table)
        let position = try #require(dataSet.position(of: column))
        let bytes = Array(row.string(position).utf8)
        let decimals = try #require(dataSet.columns[position].kind.decimals)
        guard
            case .value(let value, let normalisation) = NumberReading(
                bytes.span, decimals: decimals, limit: FixedPoint.limit(of: dataSet.columns[position].kind)),
            normalisation.isEmpty
        else {
            Issue.record("\(column): \(row.string(position))")
            return 0
        }
        return value
    }

    @Test(arguments: InstitutionKind.allCases, 0..<4)
    func `rows of a clean submission agree with each other`(kind: InstitutionKind, number: Int) throws {
        let institution = SampleInstitution(
            seed: 3, number: number, ordinal: number, kind: kind, drugCount: 320, idleEvery: number % 2 == 0 ? 40 : 5)
        let rows = SubmissionRows(institution, library: Self.library, seed: 3, period: .sample)
        var factors: [Int: Int64] = [:]
        var prices: [Int: Int64] = [:]
        var issued: [Int: Int64] = [:]
        var row = CellRow()
        var codes: Set<String> = []
        var essential = 0
        for position in rows.positions(in: .catalogue) {
            rows.fill(&row, .catalogue, position)
            #expect(row.count == DataSet.of(.catalogue).columns.count)
            factors[position] = try self.number(row, .catalogue, "conversion_factor") / 10_000
            codes.insert(row.string(DrugColumn.hospitalDrugCode))
            if try self.number(row, .catalogue, "is_essential") == 1 { essential += 1 }
        }
        #expect(codes.count == 320)
        #expect(essential * 100 >= 320 * [3: 60, 2: 80, 9: 80, 1: 90][kind.level, default: 0])
        for position in rows.positions(in: .stockIn) {
            rows.fill(&row, .stockIn, position)
            let packs = try self.number(row, .stockIn, "pack_quantity")
            let amount = try self.number(row, .stockIn, "amount")
            #expect(packs > 0 && amount > 0 && amount * 10_000 % packs == 0)
            #expect(try self.number(row, .stockIn, "dose_quantity") == packs * (factors[position] ?? 0))
            prices[position] = amount * 10_000 / packs
            issued[position] = packs
        }
        for position in rows.positions(in: .stockOut) {
            rows.fill(&row, .stockOut, position)
            let packs = try self.number(row, .stockOut, "pack_quantity")
            #expect(packs > 0 && packs <= issued[position] ?? 0)
            #expect(try self.number(row, .stockOut, "dose_quantity") == packs * (factors[position] ?? 0))
            issued[position] = packs
        }
        var total: Int64 = 0
        for position in rows.positions(in: .usage) {
            rows.fill(&row, .usage, position)
            let packs = try self.number(row, .usage, "pack_quantity")
            let amount = try self.number(row, .usage, "amount")
            #expect(packs > 0 && packs <= issued[position] ?? 0)
            #expect(try self.number(row, .usage, "dose_quantity") == packs * (factors[position] ?? 0))
            // What is sold costs what it cost to buy, to the fen.
            #expect(amount * 10_000 == packs * (prices[position] ?? 0))
            #expect(amount < 20_000_000_000)
            total += amount
        }
        rows.fill(&row, .institution, 0)
        let income = try self.number(row, .institution, "annual_drug_income")
        #expect(income >= total && income <= total * 110 / 100)
        #expect((1...99_999).contains(try self.number(row, .institution, "bed_count")))
        let end = Period.sample.end
        #expect(rows.reportDate > end && rows.reportDate <= end.adding(days: 180))
    }

    @Test func `a resubmission differs in some quantities and in nothing else`() {
        let institution = SampleInstitution(seed: 3, number: 1, ordinal: 0, kind: .primary, drugCount: 60)
        let first = SubmissionRows(institution, library: Self.library, seed: 3, period: .sample).stock.drugs
        let second = SubmissionRows(institution, library: Self.library, seed: 3, period: .sample, version: 2).stock
            .drugs
        #expect(first.map(\.libraryPosition) == second.map(\.libraryPosition))
        #expect(first.map(\.price) == second.map(\.price))
        let changed = zip(first, second).count { $0 != $1 }
        #expect(changed > 0 && changed < 60)
    }

    @Test func `hospitals differ in their prices by no more than their bargain`() {
        var prices: [Int32: [Int32]] = [:]
        for number in 0..<60 {
            let institution = SampleInstitution(
                seed: 3, number: number, ordinal: number, kind: .primary, drugCount: 250)
            for drug in SubmissionRows(institution, library: Self.library, seed: 3, period: .sample).stock.drugs {
                prices[drug.libraryPosition, default: []].append(drug.price)
            }
        }
        for prices in prices.values {
            let (low, high) = (prices.min() ?? 0, prices.max() ?? 0)
            // 3 per cent apart, and a fen of rounding on each side.
            #expect(Int(high - low) * 100 <= Int(high) * 3 + 200)
        }
    }
}
