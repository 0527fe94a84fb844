import Core
import Testing

@Suite struct `Approval numbers` {
    @Test(arguments: [
        "国药准字H20053710", "国药准字Z20053710", "国药准字S20053710", "国药准字B20053710", "国药准字T20053710",
        "国药准字F20053710", "国药准字J20053710", "国药准字HJ20170001", "国药准字HC20170001", "国药准字ZC20170001",
        "国药准字SJ20170001", "H20130650", "Z20130650", "S20130650", "HC20130650", "BH20130650", "陕药制字H20200001",
        "沪药制字Z05050001", "陕药制备字Z20200001", "国药准字h20053710", "国药准字 H20053710", "国药准字Ｈ２００５３７１０",
        "国药准字H2005 3710", " 国药准字H20053710\u{3000}",
    ])
    func `in use are well formed`(text: String) { #expect(holds(text, ApprovalNumber.isWellFormed)) }

    @Test(arguments: [
        "", "国药准字", "国药准字H2005371", "国药准字H200537100", "国药准字X20053710", "国药准字HX20053710", "国药准字BJ20053710",
        "国药准字20053710", "准字H20053710", "国药准H20053710", "国药准字H2005371O", "H2013065", "H201306500", "X20130650",
        "20130650", "药制字H20200001", "陕药制字20200001", "陕药制字H2020000", "无", "国药准字H20053710/1", "国药准字H20053710;H20053711",
        "\u{FF}国药准字H20053710",
    ])
    func `of no known form are not`(text: String) { #expect(!holds(text, ApprovalNumber.isWellFormed)) }

    @Test func `with invalid bytes are not well formed`() {
        let bytes = Array("国药准字H2005371".utf8) + [0xC3]
        let isWellFormed = ApprovalNumber.isWellFormed(bytes.span)
        #expect(!isWellFormed)
    }
}
