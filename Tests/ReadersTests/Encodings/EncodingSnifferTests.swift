import Testing

@testable import Readers

struct EncodingSnifferTests {
    private func sniff(_ bytes: [UInt8], isCutOff: Bool = false) -> TextEncoding? {
        EncodingSniffer.encoding(of: bytes.span, isCutOff: isCutOff)
    }

    private func sniffWide(_ bytes: [UInt8]) -> TextEncoding? { EncodingSniffer.wideEncoding(of: bytes.span) }

    @Test(arguments: [TextEncoding.utf8, .gb18030])
    func `text in its encoding is recognised, cut off anywhere`(encoding: TextEncoding) {
        let text = "国家药品编码（YPID）,院内药品唯一码,阿莫西林胶囊\n注射用头孢曲松钠😀\n"
        let bytes = SampleText.bytes(of: text, in: encoding)
        for count in 12...bytes.count {
            #expect(sniff(Array(bytes[..<count]), isCutOff: true) == encoding)
        }
    }

    @Test func `a few invalid bytes do not change the encoding, and a tie is UTF-8`() {
        let chinese = "药品目录,阿莫西林\n"
        for encoding in [TextEncoding.utf8, .gb18030] {
            var bytes = Array(repeating: SampleText.bytes(of: chinese, in: encoding), count: 20).joined() + []
            bytes += [0xFF, 0x0A]
            #expect(sniff(bytes) == encoding)
        }
        #expect(sniff([0xFF, 0x2C]) == .utf8)
        #expect(sniff(Array("a,b".utf8)) == nil)
    }

    @Test func `UTF-16 is recognised without its mark`() {
        let text = "医疗机构代码,ypid,amount\nH1,Y1,12\n"
        for encoding in [TextEncoding.utf16LE, .utf16BE] {
            #expect(sniffWide(SampleText.bytes(of: text, in: encoding)) == encoding)
        }
        #expect(sniffWide(Array("a\u{0},b\u{0},c,d".utf8)) == nil)
        #expect(sniffWide([]) == nil)
    }

    @Test(arguments: [
        ("utf-8", TextEncoding.utf8), ("GBK", .gb18030), ("gb2312", .gb18030), ("GB18030", .gb18030),
        ("UTF-16LE", .utf16LE), ("utf_16be", .utf16BE),
    ])
    func `a declared encoding is known by its names`(name: String, encoding: TextEncoding) {
        #expect(TextEncoding(declared: name) == encoding)
        #expect(TextEncoding(declared: "latin1") == nil)
    }
}
