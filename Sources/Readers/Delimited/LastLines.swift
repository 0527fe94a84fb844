import Core

/// Tells lines that people write under a table, totals and signatures, from data.
///
/// Such a line is still a row of the file: it is numbered, counted and handed on with `isTotal`, and then skipped by
/// name. It is one only where the row names no drug (in the institution table: no institution), so that nothing with a
/// code of its own can be taken for a total.
enum LastLines {
    private static let totals: Set<String> = [
        "合计", "总计", "小计", "共计", "总合计", "本页合计", "本页小计", "累计", "total", "totals", "grandtotal", "subtotal", "sum",
    ]
    private static let totalBeginnings = ["合计", "总计", "小计", "共计"]
    private static let labels = [
        "填表", "填报", "制表", "制单", "审核", "复核", "负责人", "单位负责人", "统计负责人", "经办", "联系人", "联系电话", "电话", "打印",
        "导出", "报送", "注", "备注", "说明", "单位盖章", "盖章", "note", "notes", "remark", "preparedby", "checkedby",
    ]

    /// Whether the first cell of a row with no code of its own says that it is no data.
    static func isLabel(_ cell: String) -> Bool {
        guard cell.utf8.count <= 600 else { return false }
        var text = ""
        for scalar in cell.unicodeScalars {
            switch scalar.value {
            case 0...0x20, 0xA0, 0x3000, 0xFEFF: continue
            case 0xFF01...0xFF5E: text.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            default: text.unicodeScalars.append(scalar)
            }
        }
        text = text.lowercased()
        let head = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = head.first else { return false }
        if totals.contains(String(first)) || totalBeginnings.contains(where: first.hasPrefix) { return true }
        guard head.count == 2, first.count <= 12 else { return false }
        return labels.contains(where: first.hasPrefix)
    }
}
