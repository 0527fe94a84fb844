import Core
import Readers
import Testing

struct NamesTests {
    @Test(arguments: [
        ("usage.csv", TableName.table(.usage, part: nil)), ("USAGE.CSV.GZ", .table(.usage, part: nil)),
        ("stock_in.part2.xml", .table(.stockIn, part: 2)), ("a/b/stock_out.tsv", .table(.stockOut, part: nil)),
        (#"a\institution.txt"#, .table(.institution, part: nil)), ("ｕｓａｇｅ．ｃｓｖ", .table(.usage, part: nil)),
        ("catalogue.part12.csv.gz", .table(.catalogue, part: 12)), ("usage", .unknown), ("usage.partx.csv", .unknown),
        ("my_usage.csv", .unknown), ("usage.part.csv", .unknown), ("usage.part99999999999999999999.csv", .unknown),
        ("医疗机构基本情况.csv", .table(.institution, part: nil)), ("2025药品目录（终稿）.xml", .table(.catalogue, part: nil)),
        ("某院入库.part3.csv", .table(.stockIn, part: 3)), ("出库情况", .table(.stockOut, part: nil)),
        ("药品使用情况.csv.gz", .table(.usage, part: nil)), ("出入库.csv", .table(.stockIn, part: nil)),
        ("入库出库.csv", .ambiguous([.stockIn, .stockOut])), ("药品使用目录.csv", .ambiguous([.catalogue, .usage])),
        ("情况基本.csv", .unknown), ("目录药品.csv", .unknown), ("入库/readme.csv", .unknown), ("", .unknown),
        (".gz", .unknown), (".part1.csv", .unknown),
    ])
    func `tables are recognised by file name`(name: String, expected: TableName) {
        #expect(TableName(fileName: name) == expected)
    }

    @Test(
        arguments: [
            ("usage.csv", nil), ("a/b.csv", nil), ("药品..csv", nil), ("..a", nil), ("/etc/passwd", .absolute),
            ("../a", .parent), ("a/../../b", .parent), (#"a\..\b"#, .parent), ("a/..", .parent), ("C:a.csv", .drive),
            (#"c:\a.csv"#, .drive), (#"\\server\a"#, .absolute), (#"a\b.csv"#, .backslash), ("a\u{7}.csv", .control),
            ("a\0.csv", .control), ("\u{202E}vsc.exe", .control), ("", .empty),
            (String(repeating: "a", count: 1_025), .length),
            ("：a", nil), ("1:a", nil),
        ] as [(String, PackageEntryName.Problem?)])
    func `names that could do harm are told`(name: String, problem: PackageEntryName.Problem?) {
        let entry = PackageEntryName(Array(name.utf8))
        #expect(entry.problem == problem)
        #expect(entry.text.utf8.count <= 2 * 1_025)
        #expect(!entry.text.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test func `bytes that are no UTF-8 are read as GB18030`() {
        let gbk: [UInt8] = [0xD2, 0xA9, 0xC6, 0xB7, 0xC8, 0xEB, 0xBF, 0xE2] + Array(".csv".utf8)
        #expect(PackageEntryName(gbk).text == "药品入库.csv")
        #expect(PackageEntryName(Array("药品入库.csv".utf8)).text == "药品入库.csv")
        // The second byte of 乗 is a backslash, but the character is none.
        #expect(PackageEntryName([0x81, 0x5C]).problem == nil)
        #expect(PackageEntryName([0xFF, 0xFF]).text == "\u{FFFD}\u{FFFD}")
    }

    @Test(arguments: [
        ("__MACOSX/a.csv", true), ("x/__MACOSX/._a.csv", true), ("a/.DS_Store", true), ("Thumbs.db", true),
        ("._usage.csv", true), ("usage.csv", false), ("MACOSX/a.csv", false),
    ])
    func `what systems leave behind is litter`(name: String, isLitter: Bool) {
        #expect(PackageEntryName(Array(name.utf8)).isLitter == isLitter)
    }
}
