import Core
import Store
import Synchronization
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `The texts of the drug library` {
    @Test func `are those of its rows in use, however many`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            let factors = ["1", "24", "0.5", "2.25", "1000000", "0.0001", "100.01"]
            try await comparison.publish(
                "v2",
                (0..<1_203).map { number in
                    var more = ["strength": "\(number)mg\t\\", "conversion_factor": factors[number % factors.count]]
                    if number % 3 == 0 { more["manufacturer"] = "黄河制药“\(number)”" }
                    if number % 4 == 0 { more["approval_number"] = "国药准字H1000\(1_000 + number)" }
                    if number % 5 == 0 { more["conversion_factor"] = nil }
                    if number % 7 == 0 { more["status"] = number % 2 == 0 ? "disabled" : "deleted" }
                    if number % 9 == 0 { more["status"] = "active" }
                    return ("Y\(number)", more)
                })
            for version in ["v1", "v2"] {
                let rows = try await store.libraryDrugs(version: version, after: nil, limit: 5_000)
                let expected = rows.filter { $0.status != "disabled" && $0.status != "deleted" }.map { row in
                    let drug = row.description
                    return [
                        row.ypid, drug.productName, drug.strength, drug.dosageForm, drug.manufacturer,
                        drug.approvalNumber, drug.conversionFactor,
                    ].map { $0 ?? "" }
                }
                let found = Mutex<[[String]]>([])
                try await store.forEachPrinted(version: version) { drugs in
                    let texts = (0..<drugs.count).map { drug in
                        PrintedDrugs.columns.indices.map {
                            String(decoding: drugs.bytes[drugs.text(drug, $0)], as: UTF8.self)
                        }
                    }
                    found.withLock { $0 += texts }
                }
                #expect(found.withLock { $0 }.sorted { $0[0] < $1[0] } == expected.sorted { $0[0] < $1[0] })
            }
            await #expect(throws: (any Error).self) { try await store.forEachPrinted(version: "v3") { _ in } }
        }
    }
}
