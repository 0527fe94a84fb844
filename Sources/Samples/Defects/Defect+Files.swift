import Core

extension Defect {
    /// Packages and folders.
    static let packageDefects: [Defect] = [
        package(
            "A03", .manyEntries, [Expectation("A03", .interrupt, at: .submission)],
            Phrase("压缩包内文件超过 100 个", "more than 100 entries in the package")),
        package(
            "A04", .bomb, [Expectation("A04", .interrupt, at: .submission)],
            Phrase("解压后远大于压缩前（压缩炸弹）", "unpacks to far more than its size (zip bomb)")),
        package(
            "A05-truncated", .truncated, [Expectation("A05", .interrupt, at: .submission)],
            Phrase("压缩包传输中断，不完整", "the package ends early")),
        package(
            "A05-encrypted", .encrypted, [Expectation("A05", .interrupt, at: .submission)],
            Phrase("压缩包设了密码", "the package has a password")),
        package(
            "A05-nested", .nested, [Expectation("A05", .interrupt, at: .submission)],
            Phrase("压缩包里还有压缩包", "an archive within the archive")),
        package(
            "A06", .escapingEntry, [Expectation("A06", .interrupt, at: .submission)],
            Phrase("压缩包内文件名指向包外（../）", "an entry's name leads outside (../)")),
        package(
            "A09", .strangeFile(name: "联系人.txt", text: "如有问题请联系信息科\n"), [Expectation("A09", .warning, at: .file)],
            Phrase("多出一个认不出的文件", "a file that no table belongs to")),
        package(
            "A22", .manifestPeriod("2019"), [Expectation("A22", .interrupt, at: .submission)],
            Phrase("清单所写报告期与提交的报告期不同", "the manifest names another period")),
        package(
            "A25-rows", .manifestRows(.stockIn), [Expectation("A25", .interrupt, at: .file)],
            Phrase("清单所写行数与文件不符", "the manifest states another number of rows")),
        package(
            "A25-hash", .manifestHash(.usage), [Expectation("A25", .interrupt, at: .file)],
            Phrase("清单所写哈希与文件不符", "the manifest states another hash")),
    ]

    /// Files as a whole, and their headers.
    static let fileDefects: [Defect] = [
        file(
            "A01", .usage,
            .content([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]),
            .interrupt, Phrase("内容是图片，只有名字是 csv", "a picture that is only named csv")),
        file("A07", .stockOut, .missing, .interrupt, Phrase("缺少出库情况表", "the stock_out table is missing")),
        file(
            "A08-copy", .usage, .copy, .warning, Phrase("同一张表交了两份相同的文件", "the same file of a table twice")),
        file(
            "A08-differs", .usage, .otherVersion, .interrupt,
            Phrase("同一张表交了两份不同的文件", "two files of one table that differ")),
        header(
            "A10", .usage, .drop(column: "hospital_drug_code"), .interrupt, "hospital_drug_code",
            Phrase("缺少必填列：院内药品唯一码", "a required column is missing: hospital_drug_code")),
        header(
            "A11", .catalogue, .drop(column: "trade_name_en"), .warning, nil,
            Phrase("缺少选填列：商品名（英文）", "an optional column is missing: trade_name_en")),
        header(
            "A12", .catalogue, .append(header: "备注"), .warning, "备注",
            Phrase("多出一列：备注", "a column that the table does not have: 备注")),
        header(
            "A13", .stockIn, .double(column: "hospital_drug_code", header: "院内唯一码"), .interrupt, "hospital_drug_code",
            Phrase("同一列出现两次（名称不同）", "one column twice under two names")),
        file("A14", .stockOut, .withoutRows, .interrupt, Phrase("只有表头，没有数据", "a header and no rows")),
        Defect(
            name: "A16-doctype", about: Phrase("XML 带有 DTD", "XML with a document type declaration"),
            planting: .file(.usage, .documentType), expected: [Expectation("A16", .interrupt, at: .line)]),
        Defect(
            name: "A16-nesting", about: Phrase("XML 标签嵌套错误", "XML in which a row is closed by the wrong tag"),
            planting: .file(.usage, .wrongNesting), expected: [Expectation("A16", .interrupt, at: .line)]),
    ]

    /// Bytes and cells of one row.
    static let byteDefects: [Defect] = [
        Defect(
            name: "A15-invalid", about: Phrase("产品名称含非法字节", "a byte that the encoding does not know"),
            planting: .row(.usage) {
                RowChange(cells: ["product_name": $0["product_name"]], rawTails: ["product_name": [0xFF]])
            },
            expected: [Expectation("A15", .error, "product_name")]),
        cell(
            "A15-replaced", .stockIn, "product_name", .error,
            Phrase("产品名称含替换字符 U+FFFD", "a replacement character U+FFFD in the product name")
        ) { $0["product_name"] + "\u{FFFD}" },
        Defect(
            name: "A16-columns", about: Phrase("一行多出一列", "one cell too many"),
            planting: .row(.stockIn) { _ in RowChange(extraCells: ["多余"]) }, expected: [Expectation("A16", .error)]),
    ]

    private static func package(
        _ name: String, _ change: PackageChange, _ expected: [Expectation], _ about: Phrase
    ) -> Defect {
        Defect(name: name, about: about, planting: .package(change), expected: expected)
    }

    private static func file(
        _ name: String, _ table: DataTable, _ change: FileChange, _ severity: Severity, _ about: Phrase
    ) -> Defect {
        let rule = String(name.prefix { $0 != "-" })
        return Defect(
            name: name, about: about, planting: .file(table, change),
            expected: [
                Expectation(
                    rule, severity, at: change == .missing ? .submission : change == .withoutRows ? .header : .file)
            ])
    }

    private static func header(
        _ name: String, _ table: DataTable, _ change: HeaderChange, _ severity: Severity, _ column: String?,
        _ about: Phrase
    ) -> Defect {
        Defect(
            name: name, about: about, planting: .header(table, change),
            expected: [Expectation(name, severity, column, at: .header)])
    }
}
