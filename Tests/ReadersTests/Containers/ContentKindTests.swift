import Compression
import Readers
import Testing

struct ContentKindTests {
    private func kind(_ bytes: [UInt8]) -> ContentKind { ContentKind.sniff(bytes.span) }

    private func zip(_ name: String) throws -> [UInt8] {
        let writer = try ZipWriter()
        try writer.add(name, [1, 2, 3])
        return try writer.finishInMemory()
    }

    @Test func `archives and documents are told apart by their content`() throws {
        #expect(kind([]) == .empty)
        #expect(kind(GzipWriter.gzip([1])) == .gzip)
        #expect(try kind(zip("usage.csv")) == .zip)
        #expect(try kind(ZipWriter().finishInMemory()) == .zip)
        #expect(try kind(zip("[Content_Types].xml")) == .xlsx)
        #expect(try kind(zip("mimetype")) == .openDocument)
        #expect(kind([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0]) == .xls)
        #expect(kind(Array("Rar!\u{1A}\u{7}\0".utf8)) == .rar)
        #expect(kind([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) == .sevenZip)
        #expect(kind(Array("%PDF-1.7".utf8)) == .pdf)
        #expect(kind([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) == .png)
        #expect(kind([0x7F, 0x45, 0x4C, 0x46, 2]) == .elf)
        #expect(kind(Array("MZ".utf8) + [UInt8](repeating: 0, count: 60)) == .windowsProgram)
        #expect(kind([UInt8](repeating: 0, count: 100)) == .binary)
        #expect(kind([UInt8](repeating: 0, count: 257) + Array("ustar".utf8)) == .tar)
    }

    @Test(arguments: [
        ("a,b\n1,2", ContentKind.text), ("<?xml version='1.0'?>", .xml), (" \n<dataset>", .xml), ("<药品>", .xml),
        ("<!DOCTYPE a [", .xml), ("<!doctype HTML>", .html), ("<HTML>", .html), ("<5,>6", .text), ("MZ,PK\n", .text),
        ("PK,usage", .text), ("a\0b,cdefghijkl\n", .text), (#"{"hospital_code": 1}"#, .text), ("\u{FEFF}<a/>", .xml),
    ])
    func `text and XML are told apart`(text: String, expected: ContentKind) {
        #expect(kind(Array(text.utf8)) == expected)
    }

    @Test func `UTF-16 and GB18030 are text`() {
        func wide(_ text: String) -> [UInt8] {
            [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
        #expect(kind(wide("药品,b\n")) == .text)
        #expect(kind(wide(" <a/>")) == .xml)
        #expect(kind(Array(wide("<a/>").dropFirst(2))) == .xml)
        #expect(kind([0xFE, 0xFF, 0, 0x3C]) == .xml)
        #expect(kind([0xD2, 0xA9, 0xC6, 0xB7, 0x2C, 0xC8, 0xEB, 0x0A]) == .text)
    }
}
