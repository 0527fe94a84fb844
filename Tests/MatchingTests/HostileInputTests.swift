import Testing

@testable import Matching

struct HostileInputTests {
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            String(repeating: "(", count: 100_000), String(repeating: "9", count: 100_000),
            String(repeating: "1mg/1ml:", count: 50_000),
            String(repeating: "10^9×", count: 20_000), String(repeating: "片", count: 100_000),
            "\u{0}\u{FFFF}\u{1F600}\u{20000}",
            String(repeating: "盐酸", count: 50_000) + "片", "99999999999999999999kg×99999999999999999亿万千片",
            "%0.%.5%-1mg/0ml:0g", "每", "每每每5每ml每g含",
            String(repeating: "A", count: 3_000) + ".B.C,Ltd.", "/ml", "0.", "*", "1*", "（）()[]【】", "0ml:0mg/0",
        ])
    func `no text stops the comparison`(text: String) {
        let matcher = SampleLibrary.matcher(
            SampleLibrary.drugs + [LibraryDrug(ypid: text, productName: text, manufacturer: text, strength: text)])
        let drug = LocalDrug(
            ypid: text, approvalNumber: text, standardCode: text, nhsaCode: text, genericName: text, productName: text,
            tradeName: text, manufacturer: text, dosageForm: text, strength: text, conversionFactor: text)
        #expect(matcher.compare(drug) == matcher.compare(drug))
    }

    /// Random mixtures of everything the readers look for.
    @Test(.timeLimit(.minutes(1)))
    func `no mixture of pieces stops the comparison`() {
        let pieces = [
            "10", "0.5", "mg", "g", "ml", "%", "万", "单位", "×", "*", "/", ":", "(", ")", "片", "'s", "每", "含", "重", "盒",
            "注射用", "钠", "盐酸",
            "胶囊", "缓释", "国药准字H", "20053710", "公司", "委托", "Co.,Ltd", "Ⅱ", "、", " ", "x", "e", "-", "~", "^", ",", "甲",
            "基", "片剂",
        ]
        let matcher = SampleLibrary.matcher()
        var workspace = MatchWorkspace(for: matcher.index)
        var state: UInt64 = 7
        func text() -> String {
            (0..<12).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                return pieces[Int(state >> 33) % pieces.count]
            }.joined()
        }
        for _ in 0..<3_000 {
            let drug = LocalDrug(
                approvalNumber: text(), productName: text(), manufacturer: text(), dosageForm: text(), strength: text(),
                conversionFactor: text())
            let result = matcher.compare(drug, using: &workspace)
            #expect(result.score >= 0 && result.score <= 10_000)
        }
    }
}
