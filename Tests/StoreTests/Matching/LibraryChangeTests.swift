import Core
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `A new version of the drug library` {
    @Test func `requeues exactly what was retired, split or merged, and follows what was renamed`() async throws {
        try await withStore { store, database in
            let codes = ["STAY", "REN", "RET", "SPLIT", "M1", "M2", "INTO", "OLD", "GONE"]
            let comparison = try await ComparisonNight(store, codes: codes)
            let answers = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ("H\($0)", approved($1)) })
            _ = try await comparison.submission(1, bytes: 1, answers, drugs: codes.count)
            _ = try await comparison.submission(2, bytes: 2, ["H0": approved("STAY"), "H1": approved("REN")])
            _ = try await comparison.submission(3, bytes: 3, ["H0": approved("STAY"), "H1": approved("STAY")])

            let off = ["status": "disabled"]
            func moved(_ successor: String) -> [String: String] { off.merging(["successor_ypid": successor]) { $1 } }
            try await comparison.publish(
                "v2",
                [
                    ("STAY", [:]), ("REN", moved("REN2")), ("REN2", moved("REN3")), ("REN3", [:]), ("RET", off),
                    ("SPLIT", moved("S1;S2")), ("S1", [:]), ("S2", [:]), ("M1", moved("MM")), ("M2", moved("MM")),
                    ("MM", [:]), ("INTO", [:]), ("OLD", moved("INTO")),
                ], at: 100)
            #expect(
                try await matched("usage", database)
                    == "H0=STAY H1=REN3 H2= H3= H4= H5= H6=INTO H7= H8= H0=STAY H1=REN3 H0=STAY H1=STAY")
            let queued = try await store.matchItems(in: .invalidTarget, hospitalCode: nil, limit: 99)
            #expect(Set(queued.compactMap(\.matchedYPID)) == ["RET", "SPLIT", "M1", "M2", "OLD", "GONE"])
            #expect(
                try await store.libraryImpact(ofVersion: "v2", publishedAt: timestamp(100)) == [
                    LibraryImpact(hospitalCode: code(1), followed: 1, requeued: 6, restored: 0),
                    LibraryImpact(hospitalCode: code(2), followed: 1, requeued: 0, restored: 0),
                ])
            let history = try await store.matchHistory(item: queued[0].item)
            #expect(history.map(\.action) == ["requeue"])
            #expect(history.map(\.decidedByBefore) == ["auto"])
            #expect(history.map(\.resolved) == [1])
        }
    }

    @Test func `codes that are in use again need nobody`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": approved("Y2")])
            try await comparison.publish("v2", [("Y1", [:]), ("Y3", [:])], at: 100)
            #expect(try await matched("usage", database) == "H0=Y1 H1=")
            _ = try await store.publishLibrary(.drugs, version: "v1", at: timestamp(200))
            #expect(try await matched("usage", database) == "H0=Y1 H1=Y2")
            #expect(
                try await store.libraryImpact(ofVersion: "v1", publishedAt: timestamp(200)).map(\.restored) == [1])
        }
    }
}
