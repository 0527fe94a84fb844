import Core

extension Defect {
    /// Numbers.
    static let numberDefects: [Defect] = [
        cell("C16-amount", .usage, "amount", "壹仟贰佰元", .error, Phrase("金额写成汉字", "an amount in words")),
        cell("C16-quantity", .stockIn, "pack_quantity", "12.3.4", .error, Phrase("数量有两个小数点", "two decimal points")),
        cell("C16-factor", .catalogue, "conversion_factor", "十二片", .error, Phrase("转换系数写成汉字", "a factor in words")),
        cell("C17-currency", .usage, "amount", .warning, Phrase("金额带￥和千分位", "an amount with ￥ and thousands")) {
            "￥" + grouped($0["amount"])
        },
        cell("C17-full-width", .stockIn, "dose_quantity", .warning, Phrase("数量用全角数字", "full-width digits")) {
            String(String.UnicodeScalarView($0["dose_quantity"].unicodeScalars.map { fullWidth($0) }))
        },
        cell("C17-exponent", .stockOut, "pack_quantity", .warning, Phrase("数量用科学计数", "scientific notation")) {
            scientific($0["pack_quantity"])
        },
        cell(
            "C19-zero", .catalogue, "conversion_factor", "0", .error,
            also: [Expectation("C20", .warning, "conversion_factor"), Expectation("D11", .error, "conversion_factor")],
            Phrase("转换系数为 0", "a factor of 0")),
        cell(
            "C19-negative", .catalogue, "conversion_factor", "-10", .error,
            also: [Expectation("C20", .warning, "conversion_factor"), Expectation("D11", .error, "conversion_factor")],
            Phrase("转换系数为负", "a negative factor")),
        cell(
            "C20", .catalogue, "conversion_factor", "12.5", .warning,
            also: [Expectation("D11", .error, "conversion_factor")],
            Phrase("转换系数不是整数", "a factor that is no whole number")),
        cell(
            "C22-zero", .stockIn, "pack_quantity", "0", .error,
            also: [Expectation("F01", .error, "dose_quantity"), Expectation("F04", .error, "pack_quantity")],
            Phrase("入库数量为 0", "nothing came in")),
        cell(
            "C22-negative", .stockIn, "dose_quantity", "-120", .error,
            also: [Expectation("F01", .error, "dose_quantity"), Expectation("F05", .error, "dose_quantity")],
            Phrase("入库数量为负", "a negative quantity came in")),
        cell("C23", .stockIn, "amount", "-100.00", .error, Phrase("入库金额为负", "a negative amount came in")),
        cell(
            "C24", .stockOut, "dose_quantity", "0", .error,
            also: [
                Expectation("F01", .error, "dose_quantity"), Expectation("F04", .error, "dose_quantity"),
                Expectation("F05", .error, "dose_quantity"),
            ], Phrase("出库数量为 0", "nothing went out")),
        cell(
            "C25", .usage, "pack_quantity", "-3", .error, also: [Expectation("F01", .error, "dose_quantity")],
            Phrase("使用数量为负", "a negative quantity was used")),
        cell("C26", .usage, "amount", "-1.00", .error, Phrase("使用金额为负", "a negative amount was used")),
        cell("C27", .usage, "amount", "200000000.01", .error, Phrase("单条金额超过 2 亿", "more than 200 million in a row")),
        cell("C28-amount", .usage, "amount", .warning, Phrase("金额有三位小数", "an amount with three decimals")) {
            $0["amount"] + "4"
        },
        cell("C28-quantity", .stockIn, "pack_quantity", .warning, Phrase("数量有五位小数", "a quantity with five decimals")) {
            $0["pack_quantity"] + ($0["pack_quantity"].contains(".") ? "0001" : ".00001")
        },
        cell("C29", .institution, "bed_count", "100000", .error, Phrase("床位数超出范围", "too many beds")),
        cell(
            "C30", .institution, "annual_drug_income", "-1.00", .error, Phrase("年度药品总收入为负", "a negative income")),
    ]

    private static func fullWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        (0x21...0x7E).contains(scalar.value) ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
    }

    private static func grouped(_ number: String) -> String {
        let parts = number.split(separator: ".", maxSplits: 1)
        var text = ""
        for (index, digit) in (parts.first ?? "").enumerated() {
            if index > 0, ((parts.first?.count ?? 0) - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return parts.count > 1 ? text + "." + parts[1] : text
    }

    private static func scientific(_ number: String) -> String {
        let parts = number.split(separator: ".", maxSplits: 1)
        guard let whole = parts.first, let first = whole.first else { return number }
        let rest = whole.dropFirst() + (parts.count > 1 ? parts[1] : "")
        return "\(first).\(rest.isEmpty ? "0" : rest)E+\((whole.count - 1).digits(2))"
    }
}
