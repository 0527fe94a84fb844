import Core
import Postgres
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `Reference libraries` {
    private static func institution(_ line: Int, _ number: Int, _ more: [String: String] = [:]) -> LibraryRow {
        LibraryRow(
            line: line,
            values: [
                "hospital_code": code(number), "org_code": "470012345", "name": "医院 \(number)", "level": "3",
                "division_code": "330102",
            ].merging(more) { $1 })
    }

    private func load(
        _ store: PostgresStore, _ version: String, _ rows: [LibraryRow], publishing: Bool = true,
        kind: LibraryKind = .institutions
    ) async throws -> LibraryVersion {
        try await store.importLibrary(
            kind, version: version, sha256: digest(1), at: timestamp(0), publishing: publishing
        ) {
            try rows.forEach($0)
        }
    }

    @Test func `a published library is what the run sees`() async throws {
        try await withStore { store, _ in
            #expect(try await store.institutions() == nil)
            let version = try await load(
                store, "v2025.1",
                [
                    Self.institution(
                        2, 1,
                        ["declared_income": "1,234.50", "must_report": "0", "valid_from": "2020-01-01", "phone": "1"]),
                    Self.institution(3, 2),
                ])
            #expect(version.rows == 2)
            #expect(version.isCurrent)
            let entries = try #require(try await store.institutions())
            #expect(entries.count == 2)
            #expect(
                entries[code(1)]
                    == InstitutionEntry(
                        hospitalCode: code(1), orgCode: "470012345", name: "医院 1", level: 3, divisionCode: "330102",
                        mustReport: false, declaredIncome: 123_450, validFrom: CalendarDay("2020-01-01")))
            #expect(entries[code(2)]?.mustReport == true)
        }
    }

    @Test func `all mistakes are told at once and nothing is imported`() async throws {
        try await withStore { store, _ in
            let error = await #expect(throws: LibraryError.self) {
                _ = try await load(
                    store, "v1",
                    [
                        Self.institution(2, 1, ["level": "7", "valid_from": "2025-02-30"]), Self.institution(3, 2),
                        Self.institution(4, 2, ["is_primary": "yes", "name": ""]),
                    ])
            }
            guard case .badRows(let problems, let total)? = error?.problem else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(total == 5)
            #expect(problems.map(\.line) == [2, 2, 4, 4, 4])
            #expect(Set(problems.map(\.column)) == ["level", "valid_from", "is_primary", "name", "hospital_code"])
            let versions = try await store.libraryVersions()
            #expect(versions.isEmpty)
        }
    }

    @Test func `a version is never changed`() async throws {
        try await withStore { store, _ in
            _ = try await load(store, "v1", [Self.institution(2, 1)])
            let error = await #expect(throws: LibraryError.self) {
                _ = try await load(store, "v1", [Self.institution(2, 2)])
            }
            #expect(error?.problem == .versionExists)
            let empty = await #expect(throws: LibraryError.self) { _ = try await load(store, "v2", []) }
            #expect(empty?.problem == .noRows)
            #expect(try await store.libraryVersions().map(\.version) == ["v1"])
        }
    }

    @Test func `publishing puts one version in force, an older one too`() async throws {
        try await withStore { store, _ in
            _ = try await load(store, "v1", [Self.institution(2, 1)])
            _ = try await load(store, "v2", [Self.institution(2, 2)], publishing: false)
            #expect(try await store.institutions()?.keys.sorted() == [code(1)])
            _ = try await store.publishLibrary(.institutions, version: "v2", at: timestamp(1))
            #expect(try await store.institutions()?.keys.sorted() == [code(2)])
            let back = try await store.publishLibrary(.institutions, version: "v1", at: timestamp(2))
            #expect(back.publishedAt == timestamp(0))
            #expect(try await store.libraryVersions().filter(\.isCurrent).map(\.version) == ["v1"])
            let error = await #expect(throws: LibraryError.self) {
                _ = try await store.publishLibrary(.drugs, version: "v1", at: timestamp(2))
            }
            #expect(error?.problem == .noSuchVersion)
        }
    }

    @Test(arguments: [
        (LibraryKind.drugs, ["ypid": "a", "product_name": "药"], "status", "retired"),
        (.drugs, ["ypid": "a", "product_name": "药"], "category", "herbal"),
        (.divisions, ["division_code": "610000", "name": "陕西省"], "division_code", "61"),
    ]) func `a word or code that the contract does not know is a bad row`(
        kind: LibraryKind, values: [String: String], column: String, wrong: String
    ) async throws {
        try await withStore { store, _ in
            let row = LibraryRow(line: 2, values: values.merging([column: wrong]) { $1 })
            let error = await #expect(throws: LibraryError.self) {
                _ = try await load(store, "v1", [row], kind: kind)
            }
            guard case .badRows(let problems, _)? = error?.problem else {
                Issue.record("not refused for its row")
                return
            }
            #expect(problems.map(\.column) == [column])
            let versions = try await store.libraryVersions()
            #expect(versions.isEmpty)
        }
    }

    @Test func `a difference names what was added, removed and changed`() async throws {
        try await withStore { store, _ in
            func drug(_ ypid: String, _ more: [String: String]) -> LibraryRow {
                LibraryRow(line: 2, values: ["ypid": ypid, "product_name": "药"].merging(more) { $1 })
            }
            _ = try await load(
                store, "v1", [drug("a", ["list_price": "1.5"]), drug("b", [:]), drug("c", ["note": "x"])], kind: .drugs)
            _ = try await load(
                store, "v2",
                [drug("a", ["list_price": "1.6", "status": "active"]), drug("c", ["note": "y"]), drug("d", [:])],
                kind: .drugs)
            let difference = try await store.libraryDifference(.drugs, from: "v1", to: "v2")
            #expect(difference.added == ["d"])
            #expect(difference.removed == ["b"])
            #expect(difference.changed == ["a": ["list_price", "status"], "c": ["note"]])
        }
    }

    @Test func `a run's report says who is missing`() async throws {
        try await withStore { store, _ in
            _ = try await load(
                store, "v1", [1, 2, 3, 4].map { Self.institution($0, $0, $0 == 4 ? ["must_report": "0"] : [:]) })
            let night = try await Night(store)
            let submissions = try await night.receive([plan(hospital: 1, bytes: 1), plan(hospital: 2, bytes: 2)])
            try await night.pass(submissions[0], rows())
            try await night.pass(submissions[1], rows(), .returned)
            try await store.recordStage(
                .init(stage: .load, startedAt: timestamp(3), seconds: 1.5, items: 2), run: night.run)
            try await store.finishRun(night.run, finishedAt: timestamp(9), exitCode: 0)
            let report = try #require(try await store.report(onRun: night.run))
            #expect(report.expectedInstitutions == 3)
            #expect(report.missing.map(\.hospitalCode) == [code(2), code(3)])
            #expect(report.missing.map(\.wasReturned) == [true, false])
            #expect(report.submissions.map(\.hospitalName) == ["医院 1", "医院 2"])
            #expect(report.stages.map(\.items) == [2])
            #expect(report.exitCode == 0)
            #expect(try await store.recentRuns(limit: 5).map(\.runID) == [night.run])
        }
    }
}
