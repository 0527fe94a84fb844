import Testing

@testable import Matching

/// Libraries and drugs in which much is alike, so that a ranking has many ties and near ones.
private struct Crowd {
    private var state: UInt64

    init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func one(of texts: [String]) -> String { texts[next(texts.count)] }

    private static let names = [
        "布洛芬片", "布洛芬缓释胶囊", "布洛芬", "洛布芬片", "阿莫西林胶囊", "阿莫西林克拉维酸钾片", "硝苯地平控释片(Ⅱ)", "注射用头孢某钠",
    ]
    private static let makers = [
        "长江药业有限公司", "长江医药集团有限公司", "黄河制药股份有限公司", "黄河长江制药厂", "昆仑药业", "昆明药业股份有限公司", "Example Pharma AG", "Pfizer Limited",
        "辉瑞制药有限公司", "Example Pharma AG(分包装：长江药业有限公司)", "Successor Ltd.", "泰山医药集团有限公司", "甲", "",
    ]
    private static let strengths = ["0.1g", "100mg", "0.2g", "5ml:50mg", "0.1g*10片", "10%", "1片", "0.25g:0.1g", ""]
    private static let forms = ["片剂", "胶囊剂", "注射剂", "颗粒剂", "缓释胶囊", ""]

    mutating func library(_ count: Int) -> [LibraryDrug] {
        // Few different texts, many entries: groups of all sizes.
        let (names, makers) = (1 + next(Crowd.names.count), 2 + next(Crowd.makers.count - 2))
        return (0..<count).map { number in
            let letters = one(of: ["H", "H", "H", "Z", "HJ", "J"])
            return LibraryDrug(
                ypid: "Y\((number * 7_919) % 1_000_003)",
                standardCode: next(3) == 0 ? nil : "869\(1 + next(6) * 11_111)".prefix(8) + "\(100_000 + next(40))",
                approvalNumber: next(9) == 0 ? nil : "国药准字\(letters)2\(1_000_000 + next(60))",
                genericName: next(2) == 0 ? nil : Crowd.names[next(names)], productName: Crowd.names[next(names)],
                tradeName: next(2) == 0 ? nil : one(of: ["益尔泰", "舒洛通"]), manufacturer: Crowd.makers[next(makers)],
                holder: next(4) == 0 ? Crowd.makers[next(makers)] : nil,
                category: next(3) == 0 ? one(of: ["chemical", "tcm"]) : nil, dosageForm: one(of: Crowd.forms),
                strength: one(of: Crowd.strengths), conversionFactor: one(of: ["1", "10", "12", "x", ""]),
                status: next(9) == 0 ? "deleted" : nil)
        }
    }

    mutating func drug(like entry: LibraryDrug) -> LocalDrug {
        var drug = LocalDrug(
            ypid: next(6) == 0 ? "Y\(next(1_000_003))" : nil, approvalNumber: next(2) == 0 ? entry.approvalNumber : nil,
            standardCode: next(5) == 0 ? entry.standardCode : nil, genericName: entry.genericName,
            productName: entry.productName, tradeName: next(2) == 0 ? entry.tradeName : nil,
            manufacturer: entry.manufacturer, dosageForm: entry.dosageForm, strength: entry.strength,
            conversionFactor: entry.conversionFactor)
        switch next(10) {
        case 0: drug.productName = String(drug.productName.dropLast(2)) + "胶囊"
        case 1: drug.productName = "某" + drug.productName
        case 2: drug.strength = one(of: Crowd.strengths)
        case 3: drug.manufacturer = one(of: Crowd.makers)
        case 4: drug.manufacturer = nil
        case 5: drug.dosageForm = one(of: Crowd.forms)
        case 6: drug.ypid = entry.ypid
        case 7: drug.approvalNumber = "国药准字H20000001"
        default: break
        }
        return drug
    }
}

/// The best entries by weighing all that have a name or a code in question, each for itself.
private func ranked(
    _ matcher: Matcher, _ scoring: Scoring, _ names: [[NameTable.Row]], supplied: UInt32?, capacity: Int,
    _ workspace: inout MatchWorkspace
) -> [Ranking.Place] {
    let index = matcher.index
    matcher.collect(scoring.description, supplied, &workspace)
    var found: [Int: Int] = [:]
    for (name, similarity) in workspace.found {
        let row = index.names.rows[Int(name)]
        for (entry, own) in names.enumerated()
        where own.contains(where: { $0.full == row.full && $0.base == row.base }) {
            found[entry] = max(found[entry] ?? 0, similarity)
        }
    }
    for (entry, similarity) in workspace.coded { found[Int(entry)] = max(found[Int(entry)] ?? 0, similarity) }
    var places: [Ranking.Place] = []
    for (entry, similarity) in found {
        let stored = index.entries[entry]
        let evidence = matcher.evaluate(stored, name: similarity, scoring, &workspace)
        places.append(Ranking.Place(entry: UInt32(entry), evidence: evidence, order: stored.order))
    }
    return Array(places.sorted { $0.precedes($1) }.prefix(capacity))
}

struct RankingTests {
    @Test(arguments: 1...12) func `what is left out of a search would not have been among the best`(seed: Int) {
        var crowd = Crowd(seed: seed)
        let library = crowd.library([40, 300, 900][seed % 3])
        let matcher = SampleLibrary.matcher(library)
        let index = matcher.index
        var names: [[NameTable.Row]] = Array(repeating: [], count: index.count)
        var known: Set<String> = []
        for drug in library where known.insert(drug.ypid).inserted {
            guard let entry = index.entry(ypid: drug.ypid) else { continue }
            names[Int(entry)] = Description(drug).names.map(NameTable.Row.init)
        }
        var workspace = MatchWorkspace(for: index)
        var withFull = 0
        for number in 0..<150 {
            let drug = crowd.drug(like: library[crowd.next(library.count)])
            let description = Description(drug)
            let scoring = Scoring(description: description, makerParts: index.makers.parts(of: description.maker))
            let supplied = drug.ypid.flatMap(index.entry(ypid:))
            let capacity = [16, 16, 1, 5][number % 4]
            let expected = ranked(matcher, scoring, names, supplied: supplied, capacity: capacity, &workspace)
            matcher.collect(description, supplied, &workspace)
            let ranking = matcher.rank(scoring, supplied, capacity: capacity, &workspace)
            #expect(ranking.best.map(\.entry) == expected.map(\.entry), "\(number): \(drug)")
            #expect(ranking.best.map(\.evidence) == expected.map(\.evidence), "\(number): \(drug)")
            #expect((ranking.supplied != nil) == (supplied != nil))
            withFull += expected.count == capacity ? 1 : 0
        }
        #expect(withFull > 75)
    }
}
