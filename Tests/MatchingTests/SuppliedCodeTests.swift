import Testing

@testable import Matching

struct SuppliedCodeTests {
    private let matcher = SampleLibrary.matcher()

    private func compare(_ ypid: String, strength: String = "0.2g*24片", maker: String? = "黄河制药股份有限公司") -> Comparison {
        matcher.compare(LocalDrug(ypid: ypid, productName: "布洛芬片", manufacturer: maker, strength: strength))
    }

    @Test func `a code that agrees is taken`() {
        let result = compare("100004")
        #expect(result.suppliedCode == .agrees)
        #expect(result.method == .suppliedCode)
        #expect(result.ypid == "100004")
    }

    @Test func `a code of another strength or maker is found out and the right one proposed`() {
        let strength = compare("100005")
        #expect(strength.suppliedCode == .contradicted([.strength]))
        #expect(strength.state == .proposed)
        #expect(strength.candidates.first?.ypid == "100004")
        #expect(compare("100003").suppliedCode == .contradicted([.manufacturer]))
    }

    @Test func `a code of another drug contradicts the name`() {
        guard case .contradicted(let fields) = compare("100006").suppliedCode else {
            Issue.record("believed")
            return
        }
        #expect(fields.contains(.name))
    }

    @Test func `an unknown or retired code is told apart`() {
        #expect(compare("999999").suppliedCode == .unknown)
        #expect(compare("999999").ypid == "100004")
        #expect(compare("100015").suppliedCode == .retired)
    }
}
