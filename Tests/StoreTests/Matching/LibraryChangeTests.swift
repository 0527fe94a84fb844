import Core
import Postgres
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

    @Test func `what an entry says of another drug queues its decisions, a new price or holder does not`() async throws
    {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store, codes: ["STRONG", "PRICE", "WIDE"])
            _ = try await comparison.submission(
                1, bytes: 1, ["H0": approved("STRONG"), "H1": approved("PRICE"), "H2": approved("WIDE")], drugs: 3)
            let changes: [(ypid: String, more: [String: String])] = [
                ("STRONG", ["strength": "0.5g"]), ("PRICE", ["list_price": "12.5", "holder": "新持有人"]),
                ("WIDE", ["product_name": "药　ＷＩＤＥ"]),
            ]
            _ = try await store.importLibrary(
                .drugs, version: "v2", sha256: digest(2), at: timestamp(100), publishing: false
            ) { each in
                for (line, entry) in changes.enumerated() {
                    let values = ["ypid": entry.ypid, "product_name": "药 \(entry.ypid)"].merging(entry.more) { $1 }
                    try each(LibraryRow(line: line + 2, values: values))
                }
            }
            let expected = LibraryImpact(hospitalCode: code(1), followed: 0, requeued: 0, changed: 1, restored: 0)
            #expect(try await store.libraryImpact(ofPublishing: "v2") == [expected])
            // Looking changes nothing.
            #expect(try await matched("usage", database) == "H0=STRONG H1=PRICE H2=WIDE")
            _ = try await store.publishLibrary(.drugs, version: "v2", at: timestamp(100))
            #expect(try await store.libraryImpact(ofVersion: "v2", publishedAt: timestamp(100)) == [expected])
            #expect(try await matched("usage", database) == "H0= H1=PRICE H2=WIDE")
            let item = try #require(try await store.matchItems(in: .proposed, hospitalCode: nil, limit: 9).first)
            #expect(item.reason == "library v2: STRONG strength")
            #expect(item.candidates.first?.ypid == "STRONG")
            #expect(try await store.matchHistory(item: item.item).map(\.action) == ["change"])
        }
    }

    @Test func `an incremental import takes all other rows over and counts what is new, changed and retired`()
        async throws
    {
        try await withStore { store, database in
            func load(_ version: String, _ rows: [[String: String]], _ kind: LibraryImportKind) async throws
                -> LibraryVersion
            {
                try await store.importLibrary(
                    .drugs, version: version, sha256: digest(1), at: timestamp(0), publishing: true, importKind: kind
                ) { each in
                    for (line, values) in rows.enumerated() { try each(LibraryRow(line: line + 2, values: values)) }
                }
            }
            let error = await #expect(throws: LibraryError.self) {
                try await load("v0", [["ypid": "A", "product_name": "甲"]], .incremental)
            }
            #expect(error?.problem == .noBase)
            let first = try await load("v1", ["A", "B", "C"].map { ["ypid": $0, "product_name": "药 \($0)"] }, .full)
            #expect(first.added == nil && first.base == nil)
            let second = try await load(
                "v2",
                [
                    ["ypid": "B", "product_name": "药 B", "strength": "5mg"], ["ypid": "D", "product_name": "药 D"],
                    ["ypid": "C", "product_name": "药 C", "status": "disabled"],
                ], .incremental)
            #expect(second.rows == 4)
            #expect(second.base == "v1" && second.importKind == .incremental)
            #expect([second.added, second.changed, second.retired] == [1, 1, 1])
            let codes: String = try await one(
                """
                SELECT string_agg(ypid || coalesce(strength, '') || coalesce(status, ''), ' ' ORDER BY ypid)
                FROM yaoce.library_drug d JOIN yaoce.library_version v ON v.id = d.version_id WHERE v.version = 'v2'
                """, database)
            #expect(codes == "A B5mg Cdisabled D")
            let third = try await load("v3", [["ypid": "A", "product_name": "药 A"]], .full)
            #expect([third.added, third.changed, third.retired] == [0, 0, 2])
        }
    }
}
