import Testing

@testable import Matching

/// Hospital rows made from the sample library, some of them damaged; the same for the same seed.
private func drugs(count: Int) -> [LocalDrug] {
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
    return (0..<count).map { number in
        let entry = SampleLibrary.drugs[next(SampleLibrary.drugs.count)]
        var name = entry.productName
        if next(3) == 0 { name = String(name.dropFirst()) + "（基）" }
        return LocalDrug(
            hospitalDrugCode: "\(number)", ypid: next(5) == 0 ? "10000\(next(9))" : nil,
            approvalNumber: next(2) == 0 ? entry.approvalNumber : nil, productName: name,
            manufacturer: next(4) == 0 ? nil : entry.manufacturer, dosageForm: entry.dosageForm,
            strength: next(5) == 0 ? nil : entry.strength)
    }
}

struct DeterminismTests {
    @Test func `the order of the library's rows does not matter`() {
        let forward = SampleLibrary.matcher()
        let backward = SampleLibrary.matcher(SampleLibrary.drugs.reversed())
        for drug in drugs(count: 300) { #expect(forward.compare(drug) == backward.compare(drug)) }
    }

    @Test func `the order of the drugs and the number of threads do not matter`() async {
        let matcher = SampleLibrary.matcher()
        let drugs = drugs(count: 400)
        let alone = drugs.map { matcher.compare($0) }
        var workspace = MatchWorkspace(for: matcher.index)
        var backward: [Comparison] = []
        for drug in drugs.reversed() { backward.append(matcher.compare(drug, using: &workspace)) }
        #expect(alone == backward.reversed())
        let together = await withTaskGroup(of: (Int, [Comparison]).self) { group in
            for part in 0..<8 {
                group.addTask {
                    var workspace = MatchWorkspace(for: matcher.index)
                    var results: [Comparison] = []
                    for index in stride(from: part, to: drugs.count, by: 8) {
                        results.append(matcher.compare(drugs[index], using: &workspace))
                    }
                    return (part, results)
                }
            }
            var all = [Comparison?](repeating: nil, count: drugs.count)
            for await (part, results) in group {
                for (step, result) in results.enumerated() { all[part + step * 8] = result }
            }
            return all
        }
        #expect(together == alone)
    }

    @Test func `ties go to the smaller code`() {
        let twin = { (code: String) in
            SampleLibrary.drug(code, "国药准字H1000002\(code.suffix(1))", "某某片", "5mg", "片剂", "长江药业有限公司", 10)
        }
        let drug = LocalDrug(productName: "某某片", manufacturer: "长江药业有限公司", strength: "5mg*10片")
        for order in [["9", "2", "5"], ["5", "9", "2"]] {
            let result = SampleLibrary.matcher(order.map(twin)).compare(drug)
            #expect(result.candidates.map(\.ypid) == ["2", "5", "9"])
            #expect(result.candidates.map(\.isLikeFirst) == [true, true, true])
            #expect(result.state == .proposed)
            #expect(result.reasons == [.multipleMatch])
        }
    }
}
