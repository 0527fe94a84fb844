@testable import Matching

/// A small library of invented entries in the manner of the real one.
enum SampleLibrary {
    static let drugs: [LibraryDrug] = [
        drug("100001", "国药准字H10000001", "布洛芬缓释胶囊", "0.3g", "胶囊剂", "长江药业有限公司", 20),
        drug("100002", "国药准字H10000001", "布洛芬缓释胶囊", "0.3g", "胶囊剂", "长江药业有限公司", 10),
        drug("100003", "国药准字H10000003", "布洛芬片", "0.2g", "片剂", "长江药业有限公司", 24),
        drug("100004", "国药准字H10000004", "布洛芬片", "0.2g", "片剂", "黄河制药股份有限公司", 24),
        drug("100005", "国药准字H10000005", "布洛芬片", "0.1g", "片剂", "黄河制药股份有限公司", 24),
        drug("100006", "国药准字H10000006", "硝苯地平控释片", "30mg", "片剂", "泰山医药集团有限公司", 7),
        drug("100007", "国药准字HJ20150001", "Example注射液", "5ml:50mg", "注射剂", "Example Pharma AG", 1),
        drug("100008", "国药准字J20150002", "碘某醇注射液", "100ml:30g(I)", "注射剂", "Example Pharma AG", 1),
        drug("100009", "国药准字HJ20150003", "碘某醇注射液", "100ml:30g(I)", "注射剂", "Successor Ltd.", 1),
        drug("100010", "国药准字Z20000010", "复方丹参滴丸", "27mg", "丸剂", "昆仑药业有限公司", 180),
        drug("100011", "国药准字H10000011", "氨溴索注射液", "2ml:15mg", "注射剂", "黄河制药股份有限公司", 5),
        drug("100012", "国药准字H10000012", "氨溴索口服溶液", "100ml:0.6g", "口服溶液剂", "黄河制药股份有限公司", 1),
        drug("100013", "国药准字H10000013", "格列某特片(Ⅱ)", "80mg", "片剂", "长江药业有限公司", 60),
        drug("100014", "国药准字H10000014", "格列某特片(Ⅲ)", "80mg", "片剂", "长江药业有限公司", 60),
        drug("100015", "国药准字H10000015", "阿司匹林肠溶片", "100mg", "片剂", "泰山医药集团有限公司", 30, "disabled"),
    ]

    static func drug(
        _ ypid: String, _ approval: String, _ name: String, _ strength: String, _ form: String, _ maker: String,
        _ factor: Int, _ status: String? = nil
    ) -> LibraryDrug {
        LibraryDrug(
            ypid: ypid, standardCode: "869" + String(repeating: "0", count: 5) + ypid, approvalNumber: approval,
            productName: name, manufacturer: maker, dosageForm: form, strength: strength,
            conversionFactor: String(factor), status: status)
    }

    static func matcher(_ drugs: [LibraryDrug] = drugs) -> Matcher {
        var builder = LibraryIndexBuilder()
        for drug in drugs { builder.add(drug) }
        return Matcher(index: builder.build())
    }
}
