import Core
import Postgres
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `Decisions on drugs` {
    private func open(_ store: PostgresStore) async throws -> MatchItem {
        try #require(try await store.matchItems(in: nil, hospitalCode: nil, limit: 1).first)
    }

    private func approve(_ ypid: String, second: Bool = false) -> MatchDecision {
        .approve(ypid: ypid, needsSecondReader: second)
    }

    @Test func `a decision is on the rows at once, can be traced and taken back`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            let item = try await open(store)
            let decided = try await store.decide(
                item: item.item, approve("Y2"), seen: item.version, by: "李四", at: timestamp(20))
            #expect(decided.state == .approved)
            #expect(decided.method == "manual")
            #expect(try await matched("usage", database) == "H0=Y1 H1=Y2")

            let revoked = try await store.revoke(
                item: item.item, reason: "选错规格", seen: decided.version, by: "王五", at: timestamp(30))
            #expect(revoked.state == .proposed)
            #expect(try await matched("usage", database) == "H0=Y1 H1=")

            let history = try await store.matchHistory(item: item.item)
            #expect(history.map(\.action) == ["decide", "revoke"])
            #expect(history.map(\.by) == ["李四", "王五"])
            #expect(history.map(\.ypidAfter) == ["Y2", nil])
            #expect(history.map(\.ypidBefore) == [nil, "Y2"])
            #expect(history.map(\.resolved) == [1, 1])
            #expect(history[1].reason == "选错规格")
        }
    }

    @Test func `the second of two officers is told who decided what`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            let item = try await open(store)
            let other = try await database.store()
            async let first = Result {
                try await store.decide(
                    item: item.item, approve("Y2"), seen: item.version, by: "李四", at: timestamp(20))
            }
            async let second = Result {
                try await other.decide(
                    item: item.item, approve("Y3"), seen: item.version, by: "王五", at: timestamp(21))
            }
            let outcomes = await [first, second]
            await other.close()
            let errors = outcomes.compactMap { outcome -> MatchError? in
                if case .failure(let error) = outcome { return error as? MatchError }
                return nil
            }
            #expect(errors.count == 1)
            guard case .decidedMeanwhile(_, let by, let at, let state, let ypid)? = errors.first?.problem else {
                Issue.record("\(errors)")
                return
            }
            #expect(state == .approved)
            #expect(
                (by == "李四" && ypid == "Y2" && at == timestamp(20))
                    || (by == "王五" && ypid == "Y3" && at == timestamp(21)))
            #expect(try await store.matchHistory(item: item.item).count == 1)
        }
    }

    @Test func `a second reader must be somebody else`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            let item = try await open(store)
            let waiting = try await store.decide(
                item: item.item, approve("Y2", second: true), seen: item.version, by: "李四", at: timestamp(20))
            #expect(waiting.state == .needsSecondReader)
            #expect(try await matched("usage", database) == "H0=Y1 H1=")
            let error = await #expect(throws: MatchError.self) {
                try await store.decide(
                    item: item.item, approve("Y2"), seen: waiting.version, by: "李四", at: timestamp(21))
            }
            #expect(error?.problem == .sameReader("李四"))
            let agreed = try await store.decide(
                item: item.item, approve("Y2"), seen: waiting.version, by: "王五", at: timestamp(22))
            #expect(agreed.state == .approved)
            #expect(try await matched("usage", database) == "H0=Y1 H1=Y2")
        }
    }

    @Test func `a code the library does not have, and a reason that is missing, are refused`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            let item = try await open(store)
            let unknown = await #expect(throws: MatchError.self) {
                try await store.decide(
                    item: item.item, approve("Y9"), seen: item.version, by: "李四", at: timestamp(20))
            }
            #expect(unknown?.problem == .unknownCode("Y9", libraryVersion: "v1"))
            await #expect(throws: MatchError.self) {
                try await store.decide(
                    item: item.item, .noMatch(reason: ""), seen: item.version, by: "李四", at: timestamp(20))
            }
            await #expect(throws: MatchError.self) {
                try await store.revoke(item: item.item, reason: "x", seen: item.version, by: "李四", at: timestamp(20))
            }
            #expect(try await store.matchHistory(item: item.item).isEmpty)
        }
    }

    @Test func `a person's decision is not compared again under another library`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            let submission = try await comparison.submission(
                1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            let item = try await open(store)
            let decided = try await store.decide(
                item: item.item, .noMatch(reason: "停产"), seen: item.version, by: "李四", at: timestamp(20))
            #expect(decided.state == .noMatch)
            let drugs = [drug("H0", 0), drug("H1", 1)].map { SubmissionDrug(submission: submission.id, drug: $0) }
            #expect(try await store.standings(of: drugs, libraryVersion: "v2").map(\.isDecided) == [true, true])
        }
    }

    @Test func `a second reader who decides otherwise has to be agreed with`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            _ = try await comparison.submission(1, bytes: 1, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            let item = try await open(store)
            let first = try await store.decide(
                item: item.item, approve("Y2", second: true), seen: item.version, by: "李四", at: timestamp(20))
            let second = try await store.decide(
                item: item.item, .approve(ypid: "Y2", equivalence: .narrower, needsSecondReader: false),
                seen: first.version, by: "王五", at: timestamp(21))
            #expect(second.state == .needsSecondReader)
            #expect(second.equivalence == .narrower)
            let third = try await store.decide(
                item: item.item, .approve(ypid: "Y2", equivalence: .narrower, needsSecondReader: false),
                seen: second.version, by: "李四", at: timestamp(22))
            #expect(third.state == .approved)
            #expect(
                try await one(
                    """
                    SELECT string_agg(hospital_drug_code || '=' || match_equivalence, ' ' ORDER BY 1)
                    FROM yaoce_api.matched_drug
                    """, database, as: String.self) == "H0=equal H1=narrower")
            #expect(
                try await store.matchHistory(item: item.item).map(\.equivalenceAfter) == [.equal, .narrower, .narrower])
        }
    }

    @Test func `proposals are accepted together, each as a decision of its own that can be taken back`() async throws {
        try await withStore { store, database in
            let comparison = try await ComparisonNight(store)
            func proposal(_ ypid: String, _ score: Int, vetoes: [String] = []) -> MatchProposal {
                MatchProposal(
                    state: .proposed, method: "exact_description", level: "L3", score: score, reason: "low_confidence",
                    candidates: [MatchCandidate(ypid: ypid, score: score, vetoes: vetoes)])
            }
            _ = try await comparison.submission(
                1, bytes: 1,
                [
                    "H0": proposal("Y1", 9_000), "H1": proposal("Y2", 8_999),
                    "H2": proposal("Y3", 9_500, vetoes: ["strength"]), "H3": proposal("Y9", 9_900),
                    "H4": proposal("Y2", 9_700),
                ], drugs: 5)
            let acceptance = MatchAcceptance(minimumScore: 9_000, methods: ["exact_description"])
            let looked = try await store.acceptMatches(acceptance, by: "李四", at: timestamp(20), dryRun: true)
            #expect(looked.map(\.drug.hospitalDrugCode) == ["H4", "H0"])
            #expect(looked.allSatisfy { $0.state == .proposed })
            #expect(try await matched("usage", database) == "H0= H1= H2= H3= H4=")
            let accepted = try await store.acceptMatches(acceptance, by: "李四", at: timestamp(20), dryRun: false)
            #expect(accepted.map(\.matchedYPID) == ["Y2", "Y1"])
            #expect(try await matched("usage", database) == "H0=Y1 H1= H2= H3= H4=Y2")
            for item in accepted {
                let history = try await store.matchHistory(item: item.item)
                #expect(history.map(\.action) == ["accept"])
                #expect(history.map(\.by) == ["李四"])
                #expect(history.map(\.resolved) == [1])
            }
            _ = try await store.revoke(
                item: accepted[0].item, reason: "看错", seen: accepted[0].version, by: "王五", at: timestamp(30))
            #expect(try await matched("usage", database) == "H0=Y1 H1= H2= H3= H4=")
            #expect(
                try await store.acceptMatches(
                    MatchAcceptance(minimumScore: 9_000, methods: ["ranked"]), by: "李四", at: timestamp(40), dryRun: true
                ).isEmpty)
        }
    }

    @Test func `history cannot be changed`() async throws {
        try await withDatabase { database in
            let connection = try await database.connect()
            for statement: SQL in [
                "UPDATE yaoce.drug_code_history SET actor = 'x'", "DELETE FROM yaoce.drug_code_history",
                "TRUNCATE yaoce.drug_code_history",
            ] {
                await #expect(throws: PostgresError.self) {
                    try await connection.perform { _ = try $0.query(statement) }
                }
            }
            await connection.close()
        }
    }

    @Test func `what other institutions decided is evidence, dissent included`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            for hospital in 1...4 {
                _ = try await comparison.submission(
                    hospital, bytes: hospital, ["H0": approved("Y1"), "H1": proposed(["Y2"])])
            }
            let items = try await store.matchItems(in: .proposed, hospitalCode: nil, limit: 10)
            for (item, ypid) in zip(items.dropFirst(), ["Y2", "Y2", "Y3"]) {
                _ = try await store.decide(
                    item: item.item, approve(ypid), seen: item.version, by: "李四", at: timestamp(20))
            }
            let others = try await store.otherDecisions(likeItem: items[0].item)
            #expect(others.map(\.ypid) == ["Y2", "Y3"])
            #expect(others.map(\.count) == [2, 1])
        }
    }
}

extension Result where Failure == any Error {
    /// The outcome of something that waits.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
