import Core
import Readers
import Testing

struct HeaderIndexTests {
    @Test(arguments: [
        ("国家药品编码（YPID）", "ypid"), ("国家药品编码(ypid)", "ypid"), ("ＹＰＩＤ", "ypid"), ("国家药管平台药品编码", "ypid"),
        ("入库总金额（元）", "amount"), ("入库总金额(元)", "amount"), ("入库总金额", "amount"), (" 入库 总金额 （ 元 ）", "amount"),
        ("AMOUNT", "amount"), ("Hospital Drug Code", "hospital_drug_code"), ("*医疗机构代码", "hospital_code"),
        ("入库数量\n（最小制剂单位）", "dose_quantity"), ("入库数量【最小制剂单位】", "dose_quantity"),
        ("\u{FEFF}数据上报日期", "report_date"), ("pack_quantity", "pack_quantity"),
    ])
    func `a header is known however it is written`(header: String, column: String) throws {
        let set = DataSet.of(.stockIn)
        let position = try #require(HeaderIndex(set).position(of: header))
        #expect(set.columns[position].name == column)
    }

    @Test func `every header, name and alias of every table names its own column`() {
        for set in DataSet.all {
            let index = HeaderIndex(set)
            for (position, column) in set.columns.enumerated() {
                for header in [column.name, column.header] + column.aliases {
                    #expect(index.position(of: header) == position, "\(set.table) \(header)")
                }
            }
        }
    }

    @Test func `a running number is ignored and a foreign unit is unknown`() {
        let index = HeaderIndex(DataSet.of(.stockIn))
        #expect(index["序 号"] == .ignored)
        #expect(index["入库总金额（万元）"] == nil)
        #expect(index["备注"] == nil)
        #expect(index[""] == nil)
        #expect(index["元"] == nil)
    }
}
