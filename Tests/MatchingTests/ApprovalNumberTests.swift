import Testing

@testable import Matching

struct ApprovalNumberTests {
    @Test(arguments: [
        ("国药准字H20053710", "H20053710"), ("国药准字 Ｈ２００５３７１０", "H20053710"), ("H20181187", "HJ20181187"),
        ("国药准字H20181187", "H20181187"), ("进口药品注册证H20120461", "HJ20120461"), ("进口药品注册证号：S20120052", "SJ20120052"),
        ("进口药品注册标准H20130425", "HJ20130425"), ("国药准字HJ20171158", "HJ20171158"), ("HC20120038", "HC20120038"),
        ("国药准字J20150102(H20150197)", "J20150102"), ("国药准字(试)Z1O96OO01", "Z10960001"), ("国药准字z44o2l143", "Z44021143"),
        ("H44023986", "H44023986"), ("BH20140001", "HJ20140001"), ("国药准字号H20066651", "H20066651"),
        ("国藥準字B20050015", "B20050015"),
    ])
    func `every spelling of a number is one number`(text: String, canonical: String) {
        #expect(ApprovalNumber(text).canonical == canonical)
    }

    @Test(arguments: [
        ("", ApprovalNumber.Kind.missing), ("国药准字", .malformed), ("国药准字H2005371", .malformed), ("无", .malformed),
        ("京药制字H20200012", .hospitalPreparation), ("粤药制备字Z20210003", .hospitalPreparation), ("国食健字G20050001", .notADrug),
        ("国械注准20203140001", .notADrug), ("国药准字H200537101", .malformed),
    ])
    func `what is no number says so`(text: String, kind: ApprovalNumber.Kind) {
        #expect(ApprovalNumber(text).kind == kind)
    }

    @Test func `a domestic number and an import licence with the same digits are two`() {
        let imported = Set(ApprovalNumber("国药准字HJ20181187").keys)
        #expect(imported.isDisjoint(with: ApprovalNumber("国药准字H20181187").keys))
        #expect(ApprovalNumber("H20181187").keys.count == 2)
    }
}
