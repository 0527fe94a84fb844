import Core
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `What precheck asks of library and comparison` {
    /// A library of 3 000 drugs with something in every column now and then.
    private func publish(_ comparison: ComparisonNight) async throws {
        let factors = ["1", "24", "0.5", "2.25", "1000000", "0.0001"]
        try await comparison.publish(
            "v2",
            (0..<3_000).map { number in
                var more = ["strength": "\(number)mg", "conversion_factor": factors[number % factors.count]]
                if number % 3 == 0 { more["manufacturer"] = "黄河制药“\(number)”" }
                if number % 5 == 0 { more["conversion_factor"] = nil }
                if number % 4 == 0 { more["is_essential"] = "1" }
                if number % 6 == 0 { more["valid_from"] = "2020-01-31" }
                if number % 7 == 0 { more["status"] = "disabled" }
                return ("Y\(number)", more)
            })
    }

    private func described(_ number: Int) -> KeyedDrug {
        var description = DrugDescription(hospitalDrugCode: "H\(number)", productName: "药")
        description.ypid = "Y\(number)"
        return KeyedDrug(description: description, hash: Fingerprint(high: 3, low: UInt64(number)))
    }

    private func answers(_ numbers: Range<Int>) -> [String: MatchProposal] {
        Dictionary(
            uniqueKeysWithValues: numbers.map { ("H\($0)", $0 % 5 == 0 ? proposed(["Y1"]) : approved("Y\($0)")) })
    }

    private func shown(_ rows: TextRows?) -> Set<String> {
        guard let rows else { return [] }
        return Set(
            (0..<rows.count).map { row in
                (0..<rows.columnCount).map { rows.string(row: row, column: $0) ?? "" }.joined(separator: "|")
            })
    }

    @Test func `is the same for few drugs and for most of the library, whichever way it is read`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            try await publish(comparison)
            let large = try #require(try await comparison.night.receive([plan(hospital: 1, bytes: 1)]).first)
            try await comparison.compare(
                large, (0..<2_400).map(described), answers(0..<2_400), library: "v2")
            var asked: Set<String> = []
            var decided: Set<String> = []
            for (place, numbers) in [0..<1_000, 1_000..<1_900, 1_900..<2_400].enumerated() {
                let part = try #require(
                    try await comparison.night.receive([plan(hospital: 2 + place, bytes: 2 + place)]).first)
                try await comparison.compare(part, numbers.map(described), answers(numbers), library: "v2")
                let few = try await store.drugReferences(for: [part.id], knowing: KnownDrugEntries(limit: 10))
                #expect(few.otherCodes == nil)
                asked.formUnion(shown(few.entries.rows))
                decided.formUnion(shown(few.matches[part.id]?.rows))
            }
            #expect(asked.count == 2_400)
            #expect(asked.contains { $0.contains("|2.25|") } && asked.contains { $0.contains("|2020-01-31|") })
            for limit in [10, 100_000] {
                let known = KnownDrugEntries(limit: limit)
                let all = try await store.drugReferences(for: [large.id], knowing: known)
                #expect(all.libraryVersion == "v2")
                #expect(shown(all.entries.rows) == asked)
                #expect(shown(all.matches[large.id]?.rows) == decided)
                // Those that are remembered are asked for no more, and then neither is the rest of the library.
                #expect(shown(all.otherCodes) == (limit == 10 ? Set((2_400..<3_000).map { "Y\($0)" }) : []))
                let again = try await store.drugReferences(for: [large.id], knowing: known)
                #expect(shown(again.entries.rows) == asked)
            }
            #expect(shown(try await store.drugCodes()) == Set((0..<3_000).map { "Y\($0)" }))
        }
    }

    @Test func `is the same where the items of a catalogue are scattered, or shared by two submissions`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            try await publish(comparison)
            func receive(_ hospital: Int, _ bytes: Int, _ numbers: [Int]) async throws -> Submission {
                let submission = try #require(
                    try await comparison.night.receive([plan(hospital: hospital, bytes: bytes)]).first)
                try await comparison.compare(submission, numbers.map(described), answers(0..<50), library: "v2")
                return submission
            }
            let first = try await receive(1, 1, [1, 5])
            let other = try await receive(2, 2, Array(10..<40))
            let second = try await receive(1, 3, [1, 7])
            func lines(_ submissions: [Submission]) async throws -> [[String]] {
                let found = try await store.drugReferences(for: submissions.map(\.id), knowing: KnownDrugEntries())
                let matched = try await store.matchedDrugs(of: submissions.map(\.id))
                return submissions.map { submission in
                    let rows = found.matches[submission.id]?.rows
                    for row in 0..<(rows?.count ?? 0) {
                        let code = rows?.string(row: row, column: 0) ?? ""
                        let match = matched.match(of: submission.id, hospitalDrugCode: code)
                        #expect(match?.state.rawValue == rows?.string(row: row, column: 1))
                        #expect(match?.ypid == rows?.string(row: row, column: 2))
                        #expect(match?.method == rows?.string(row: row, column: 3))
                    }
                    return shown(rows).sorted()
                }
            }
            let one = "H1|approved|Y1|approval_number|0.9980"
            let seven = "H7|approved|Y7|approval_number|0.9980"
            #expect(try await lines([first]) == [[one, "H5|proposed||ranked|0.7000"]])
            // What stands between its two items is another hospital's.
            #expect(try await lines([second]) == [[one, seven]])
            let all = try await lines([first, other, second])
            #expect(all[0] == [one, "H5|proposed||ranked|0.7000"] && all[2] == [one, seven])
            #expect(all[1].count == 30)
            #expect(try await lines([first, other]) == Array(all[..<2]))
        }
    }
}
