import Core
import Testing

@Suite struct `What the comparison holds of drugs` {
    @Test func `a proposal gives back what was put into it`() {
        let candidates = [
            MatchCandidate(ypid: "Y1", score: 10_000, vetoes: []),
            MatchCandidate(ypid: "", score: -1, vetoes: ["strength", "药\0"]),
        ]
        let evidence = ["name": "agrees", "": "", "supplied_code": "contradicted: strength"]
        let full = MatchProposal(
            state: .proposed, ypid: "Ω\0", method: "", level: "L4", score: .max, reason: "e\u{301}",
            candidates: candidates, evidence: evidence)
        #expect(full.state == .proposed && full.ypid == "Ω\0" && full.method == "" && full.level == "L4")
        #expect(full.score == .max && full.reason == "e\u{301}")
        #expect(full.candidates == candidates && full.evidence == evidence)
        let bare = MatchProposal(state: .noMatch)
        #expect(bare.ypid == nil && bare.method == nil && bare.level == nil && bare.score == nil && bare.reason == nil)
        #expect(bare.candidates.isEmpty && bare.evidence.isEmpty)
        for score in [0, 1, -1, 63, 64, 127, 128, 10_000, .min] {
            #expect(MatchProposal(state: .proposed, score: score).score == score)
        }
    }

    @Test func `proposals are the same where everything in them is`() {
        let one = MatchProposal(state: .approved, ypid: "Y1", score: 0, evidence: ["a": "1", "b": "2"])
        #expect(one == MatchProposal(state: .approved, ypid: "Y1", score: 0, evidence: ["b": "2", "a": "1"]))
        #expect(one != MatchProposal(state: .approved, ypid: "Y1", evidence: ["a": "1", "b": "2"]))
        #expect(one != MatchProposal(state: .proposed, ypid: "Y1", score: 0, evidence: ["a": "1", "b": "2"]))
        #expect(one != MatchProposal(state: .approved, method: "Y1", score: 0, evidence: ["a": "1", "b": "2"]))
    }

    @Test func `words are told apart by their bytes and by where they stand`() {
        func text(_ change: (inout DrugDescription) -> Void) -> Fingerprint {
            var drug = DrugDescription(hospitalDrugCode: "A", productName: "药")
            change(&drug)
            return DrugWording(drug, hash: Fingerprint(high: 0, low: 0)).text
        }
        let all = [
            text { _ in }, text { $0.productName = "e\u{301}" }, text { $0.productName = "\u{E9}" },
            text { $0.strength = "5mg" }, text { $0.dosageUnit = "5mg" }, text { $0.strength = "" },
        ]
        #expect(Set(all).count == all.count)
        #expect(text { $0.hospitalDrugCode = "B" } == text { _ in })
    }

    @Test func `no more is remembered than there is room for, and what is asked for stays`() {
        var memory = Remembered<Int, Int>(limit: 10)
        for number in 0..<1_000 {
            memory.insert(number * 2, for: number)
            #expect(memory.value(for: number) == number * 2)
            #expect(memory.value(for: 0) == 0)
            #expect(memory.count <= 10)
        }
        #expect(memory.value(for: 1) == nil)
        memory.removeAll()
        #expect(memory.value(for: 0) == nil)
    }
}
