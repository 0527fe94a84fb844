import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `Roots after the load` {
    @Test func `a wrong factor in the catalogue is named by what follows from it in the movements`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish([Province.institution(1)])
            var clinic = Clinic(1)
            for line in [2, 3] { clinic.lines[line].doses = clinic.lines[line].packs.mapValues { $0 * 70 } }
            // Of the two drugs with wrong doses one has its catalogue row kept aside for its factor.
            let factor = Finding(
                Observation("D11", at: Place(table: .catalogue, file: 1, line: 4, row: 3)), severity: .error,
                fingerprint: Fingerprint(high: 7, low: 7))
            let follows = Finding(
                Observation("G01", at: Place(table: .usage, file: 4, line: 4, row: 3)), severity: .warning,
                fingerprint: Fingerprint(high: 8, low: 8), root: factor.fingerprint)
            clinic.findings = [factor, follows]
            try await province.load([clinic])
            try await province.judge()
            let told = try await province.strings(
                """
                SELECT concat_ws(' ', rule_id, table_name, row_number, root) FROM yaoce_api.finding
                WHERE rule_id = 'P18' AND table_name = 'usage' ORDER BY row_number
                """)
            #expect(told == ["P18 usage 3 \(factor.fingerprint)", "P18 usage 4"])
        }
    }
}
