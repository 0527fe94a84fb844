import Core
import Postgres
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `The comparison's memory` {
    @Test func `what was decided is on every row of every table`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            for view in ["catalogue", "stock_in", "stock_out", "usage"] {
                #expect(try await matched(view, database) == "H0=Y1 H1=")
            }
            #expect(
                try await one(
                    "SELECT match_method || ' ' || match_score FROM yaoce_api.usage WHERE matched_ypid = 'Y1'",
                    database,
                    as: String.self) == "approval_number 0.9980")
        }
    }

    @Test func `a resubmission with the same descriptions is not compared again`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            let again = try #require(try await comparison.night.receive([plan(bytes: 2)]).first)
            let compared = try await comparison.compare(again, [drug("H0", 0), drug("H1", 1)], [:])
            #expect(compared == [false, false])
            try await comparison.load(again, plainRows(2))
            #expect(try await matched("usage", database) == "H0=Y1 H1=")
        }
    }

    @Test func `a changed description is asked again and the decision on the old one stays`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": approved("Y2")])
            let again = try #require(try await comparison.night.receive([plan(bytes: 2)]).first)
            let compared = try await comparison.compare(
                again, [drug("H0", 0), drug("H1", 99)], ["H1": proposed(["Y3"])])
            #expect(compared == [false, true])
            try await comparison.load(again, plainRows(2))
            #expect(try await matched("usage", database) == "H0=Y1 H1=")
            let open = try await store.matchItems(in: nil, hospitalCode: nil, limit: 10)
            #expect(open.map(\.drug.hospitalDrugCode) == ["H1"])
            #expect(
                try await one(
                    "SELECT count(*) FROM yaoce_api.drug_code_map WHERE valid_to IS NOT NULL", database, as: Int.self)
                    == 1)
        }
    }

    @Test func `a description that comes back is the one that counts, with its decision`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1")], drugs: 1)
            for (bytes, description, isNew) in [(2, 99, true), (3, 0, false)] {
                let again = try #require(try await comparison.night.receive([plan(bytes: bytes)]).first)
                let compared = try await comparison.compare(
                    again, [drug("H0", description)], ["H0": approved("Y2")])
                #expect(compared == [isNew])
                #expect(
                    try await one(
                        "SELECT string_agg(matched_ypid, ' ') FROM yaoce_api.drug_code_map WHERE valid_to IS NULL",
                        database, as: String.self) == (isNew ? "Y2" : "Y1"))
            }
        }
    }

    @Test func `what the comparison says of a submission's drugs is one question`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            let first = try await comparison.submission(
                1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            let second = try await comparison.submission(2, bytes: 2, ["H0": approved("Y3")], drugs: 1)
            let drugs = try await store.matchedDrugs(of: [first.id, second.id])
            #expect(drugs.count == 3)
            #expect(
                drugs.match(of: first.id, hospitalDrugCode: "H0")
                    == .init(state: .approved, ypid: "Y1", method: "approval_number", score: 9_980, equivalence: .equal)
            )
            #expect(drugs.match(of: first.id, hospitalDrugCode: "H1")?.isSettled == false)
            #expect(drugs.match(of: second.id, hospitalDrugCode: "H0")?.ypid == "Y3")
            #expect(drugs.match(of: second.id, hospitalDrugCode: "H1") == nil)
        }
    }

    @Test func `without a library nothing is matched, and the next one compares what is open`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            let first = try #require(try await comparison.night.receive([plan()]).first)
            let drugs = [drug("H0", 0), drug("H1", 1)]
            try await comparison.compare(first, drugs, [:], library: nil)
            try await comparison.load(first, plainRows(2))
            #expect(try await matched("usage", database) == "H0= H1=")
            #expect(
                try await store.standings(
                    of: drugs.map { SubmissionDrug(submission: first.id, drug: $0) }, libraryVersion: nil
                ).map(\.isDecided) == [true, true])
            let again = try #require(try await comparison.night.receive([plan(bytes: 2)]).first)
            #expect(try await comparison.compare(again, drugs, ["H0": approved("Y1")]) == [true, true])
            // The rows that were there already learn it too.
            #expect(try await matched("usage", database) == "H0=Y1 H1=")
        }
    }

    @Test func `work lists begin where most rows and money are in doubt`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            let answers = ["H0": proposed(["Y1"]), "H1": proposed(["Y1"])]
            let small = try #require(try await comparison.night.receive([plan(hospital: 1)]).first)
            try await comparison.compare(small, [drug("H0", 0)], answers)
            try await comparison.load(small, plainRows(1))
            let large = try #require(try await comparison.night.receive([plan(hospital: 2, bytes: 2)]).first)
            try await comparison.compare(large, [drug("H1", 1)], answers)
            var rows = plainRows(2)
            rows.movements[.usage] = rows.movements[.usage]?.map { row in
                var row = row
                row.amount = 9_000
                return row
            }
            try await comparison.load(large, rows)
            let items = try await store.matchItems(in: .proposed, hospitalCode: nil, limit: 10)
            #expect(items.map(\.drug.hospitalDrugCode) == ["H1", "H0"])
            #expect(items.map(\.amount) == [9_000, 1_250])
        }
    }
}
