import Core
import Postgres
import Store
import Synchronization
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `The comparison's report` {
    @Test func `counts methods, reasons, rows, money and what changed since the last period`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            func send(_ period: String, _ bytes: Int, _ drugs: [KeyedDrug], _ answers: [String: MatchProposal])
                async throws
            {
                let submission = try #require(
                    try await comparison.night.receive([plan(period: period, bytes: bytes)]).first)
                try await comparison.compare(submission, drugs, answers)
                try await comparison.load(submission, plainRows(drugs.count))
            }
            try await send(
                "2024", 1, [drug("H0", 0), drug("H1", 1), drug("H2", 2)],
                ["H0": approved("Y1"), "H1": approved("Y2"), "H2": approved("Y3")])
            try await send(
                "2025", 2, [drug("H0", 0), drug("H1", 91), drug("H3", 3), drug("H4", 4)],
                ["H1": proposed(["Y2"]), "H3": approved("Y1"), "H4": proposed(["Y3"])])
            // A quarter is not the year before.
            try await send("2024Q4", 3, [drug("H9", 9)], ["H9": approved("Y1")])

            let period = try #require(Period("2025"))
            let report = try await store.comparisonReport(of: period, hospitalCode: nil)
            let entry = try #require(report.institutions.first)
            #expect(report.institutions.count == 1)
            #expect(report.libraryVersion == "v1")
            #expect(entry.drugs.states == [.approved: 2, .proposed: 2])
            #expect(entry.drugs.methods == ["approval_number": 2])
            #expect(entry.drugs.reasons == ["low_confidence": 2])
            #expect(entry.drugs.meanScore == 9_980)
            #expect(entry.rows > 0 && entry.matchedRows > 0 && entry.matchedRows < entry.rows)
            #expect(entry.matchedAmount > 0 && entry.matchedAmount < entry.amount)
            #expect(entry.previous == Period("2024"))
            #expect(entry.changes == [.new: 2, .gone: 1, .changed: 1])
            let changes = Mutex<[String]>([])
            try await store.forEachCatalogueChange(of: period, hospitalCode: nil) { change in
                changes.withLock { $0.append("\(change.hospitalDrugCode) \(change.kind)") }
            }
            #expect(changes.withLock { $0 } == ["H1 changed", "H2 gone", "H3 new", "H4 new"])
            let first = try await store.comparisonReport(of: try #require(Period("2024")), hospitalCode: code(1))
            #expect(first.institutions.first?.previous == nil)
            #expect(try await store.comparisonReport(of: period, hospitalCode: code(2)).institutions.isEmpty)
        }
    }
}
