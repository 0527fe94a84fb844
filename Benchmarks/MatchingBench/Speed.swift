import Foundation
import Matching

/// How fast the comparison is and how much memory it takes: a library as large as the national one, made of the real
/// entries with other strengths, packs and makers, and as many different local drugs as a province has.
enum Speed {
    /// One name in so many is cut and given another form, so that no name of the library equals it.
    private static let damagedEvery = CommandLine.arguments.contains("--damaged") ? 3 : 50

    static func measure(_ folder: String, entries: Int = 160_000, drugs: Int = 100_000) async throws {
        let (seed, _) = try Pair.read(folder)
        let makers = Array(Set(seed.compactMap(\.manufacturer))).sorted()
        func entry(_ number: Int) -> LibraryDrug { widened(seed[number % seed.count], number, seed.count, makers) }
        func drug(_ number: Int) -> LocalDrug { local(entry(number * 7_919 % entries), number) }
        let before = memory()
        let made = timed { for number in 0..<entries { if entry(number).ypid.isEmpty { return } } }
        let madeDrugs = timed { for number in 0..<drugs { if drug(number).productName.isEmpty { return } } }
        let busyBefore = clock()
        let start = ContinuousClock.now
        var builder = LibraryIndexBuilder()
        for number in 0..<entries { builder.add(entry(number)) }
        let matcher = Matcher(index: builder.build())
        let built = start.duration(to: .now)
        let counts = await withTaskGroup(of: [ComparisonState: Int].self) { group in
            let chunk = (drugs + 63) / 64
            var next = 0
            var sum: [ComparisonState: Int] = [:]
            func add() {
                guard next < drugs else { return }
                let range = next..<min(next + chunk, drugs)
                next = range.upperBound
                group.addTask { compare(matcher, range, drug) }
            }
            for _ in 0..<2 { add() }
            for await part in group {
                sum.merge(part, uniquingKeysWith: +)
                add()
            }
            return sum
        }
        let all = start.duration(to: .now)
        let busy = Double(clock() - busyBefore) / Double(CLOCKS_PER_SEC)
        print(
            "library \(matcher.index.count) entries (made in \(seconds(made))), \(drugs) drugs (made in \(seconds(madeDrugs)))"
        )
        print(
            "index built in \(seconds(built)); index and all drugs on 2 threads in \(seconds(all)), making them included; "
                + String(format: "%.2f s of processor time", busy)
        )
        print(
            counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" }.joined(
                separator: ", "))
        let hospital = (0..<1_600).map { drug($0 * 61) }
        let one = timed { compare(matcher, hospital) }
        print("1600 drugs of one hospital in \(seconds(one)) on one thread")
        print("peak memory \(memory() / 1_024) MiB (\(before / 1_024) MiB before)")
    }

    private static func compare(
        _ matcher: Matcher, _ range: Range<Int>, _ drug: (Int) -> LocalDrug
    ) -> [ComparisonState: Int] {
        var workspace = MatchWorkspace(for: matcher.index)
        var counts: [ComparisonState: Int] = [:]
        for number in range { counts[matcher.compare(drug(number), using: &workspace).state, default: 0] += 1 }
        return counts
    }

    private static func compare(_ matcher: Matcher, _ drugs: [LocalDrug]) {
        var workspace = MatchWorkspace(for: matcher.index)
        for drug in drugs where matcher.compare(drug, using: &workspace).candidates.count > 99 { return }
    }

    /// A real entry with another strength, pack and maker.
    private static func widened(_ drug: LibraryDrug, _ number: Int, _ seeds: Int, _ makers: [String]) -> LibraryDrug {
        var entry = drug
        let round = number / seeds
        entry.ypid = "YP" + String(10_000_000 + number)
        entry.conversionFactor = String([1, 6, 10, 12, 14, 20, 24, 28, 30, 36, 48, 100][(number &* 31) % 12])
        guard round > 0 else { return entry }
        entry.strength =
            "\([1, 2, 5, 10, 20, 25, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500][(round &* 5 + number) % 16])mg"
        entry.manufacturer = makers[(number &* 7_919) % makers.count]
        entry.approvalNumber = "国药准字H" + String(20_000_000 + number)
        return entry
    }

    /// An entry as a hospital writes it.
    private static func local(_ entry: LibraryDrug, _ number: Int) -> LocalDrug {
        var drug = LocalDrug(
            hospitalDrugCode: String(number), approvalNumber: number % 3 == 0 ? nil : entry.approvalNumber,
            productName: ["(甲)", "※(乙10%)", "", ""][number % 4] + entry.productName + ["", "[国基]", "（基）"][number % 3],
            manufacturer: number % 5 == 0 ? nil : entry.manufacturer, dosageForm: entry.dosageForm,
            strength: (entry.strength ?? "") + "*" + (entry.conversionFactor ?? "1") + "片/盒")
        if number % damagedEvery == 0 { drug.productName = String(drug.productName.dropLast(2)) + "胶囊" }
        if number % 10 == 1 { drug.strength = "\(number % 997)mg" }
        return drug
    }

    private static func timed(_ work: () -> Void) -> Duration {
        let start = ContinuousClock.now
        work()
        return start.duration(to: .now)
    }

    private static func seconds(_ duration: Duration) -> String {
        let parts = duration.components
        return String(format: "%.2f s", Double(parts.seconds) + Double(parts.attoseconds) / 1e18)
    }

    /// The most memory held so far, in KiB.
    private static func memory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }
}
