import Core
import Store
import TestDatabase
import Testing

@Suite(.tags(.database), .needsDatabase) struct `Comparison tasks` {
    @Test func `a file keeps its rows in their order, repeats too`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            let drugs = [drug("B", 2), drug("A", 1), drug("", 3), drug("B", 2), drug("A", 4)]
            let task = try await comparison.store.addMatchTask(
                source: "drugs.csv", hospitalCode: nil, libraryVersion: "v1", drugs: drugs,
                compared: drugs.indices.map { ($0, $0 == 2 ? proposed(["Y2"]) : approved("Y1")) }, by: "李四",
                at: timestamp(0))
            #expect(task.task == "YPID_20250731_000001")
            #expect(task.total == 5)
            #expect(task.states == ["approved": 4, "proposed": 1])
            #expect(!task.isDone)
            let items = try await store.matchItems(ofTask: task.task)
            #expect(items.map(\.drug.hospitalDrugCode) == ["B", "A", "", "B", "A"])
            #expect(items[0].item == items[3].item)
            #expect(items[1].item != items[4].item)
            #expect(try await store.matchTasks() == [task])
            #expect(try await store.matchTask("YPID_1_1") == nil)
        }
    }

    @Test func `an institution's file and its submissions share their decisions, others do not`() async throws {
        try await withStore { store, _ in
            let comparison = try await ComparisonNight(store)
            let drugs = [drug("H0", 0)]
            for hospital in [code(1), nil] {
                _ = try await store.addMatchTask(
                    source: "a.csv", hospitalCode: hospital, libraryVersion: "v1", drugs: drugs,
                    compared: [(0, approved("Y1"))], by: "李四", at: timestamp(0))
            }
            #expect(
                try await store.undecided(among: drugs, hospitalCode: code(1), libraryVersion: "v1") == [false])
            #expect(try await store.undecided(among: drugs, hospitalCode: code(2), libraryVersion: "v1") == [true])
            let submissions = try await comparison.night.receive([plan(hospital: 1), plan(hospital: 2, bytes: 2)])
            #expect(try await comparison.compare(submissions[0], drugs, [:]) == [false])
            #expect(try await comparison.compare(submissions[1], drugs, [:]) == [true])
        }
    }
}
