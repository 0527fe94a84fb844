public import Core

/// Which table a file name speaks of (contract section 1).
public enum TableName: Sendable, Hashable {
    /// One table, and which part of it where the name has `.partN`.
    case table(DataTable, part: Int?)
    /// Several tables: never a guess.
    case ambiguous([DataTable])
    /// None.
    case unknown

    /// Reads a file name, with or without folders before it.
    ///
    /// English names stand alone: `usage.part2.csv.gz`. Chinese ones may be part of a longer name. Full-width letters
    /// count as plain ones, and letter case does not count.
    public init(fileName: String) {
        var name = TableName.folded(fileName)
        if let slash = name.lastIndex(where: { $0 == "/" || $0 == "\\" }) {
            name = String(name[name.index(after: slash)...])
        }
        var stem = Substring(name)
        if stem.hasSuffix(".gz") { stem = stem.dropLast(3) }
        let isData = [".csv", ".tsv", ".txt", ".xml"].contains { stem.hasSuffix($0) }
        if isData { stem = stem.dropLast(4) }
        let part = TableName.takePart(from: &stem)
        if isData, let table = DataTable(rawValue: String(stem)) {
            self = .table(table, part: part)
            return
        }
        let tables = DataTable.allCases.filter { TableName.chinese(stem, names: $0) }
        switch tables.count {
        case 0: self = .unknown
        case 1: self = .table(tables[0], part: part)
        default: self = .ambiguous(tables)
        }
    }

    /// The table, where there is exactly one.
    public var table: DataTable? {
        guard case .table(let table, _) = self else { return nil }
        return table
    }

    /// Takes `.partN` from the end of a name and gives N.
    private static func takePart(from stem: inout Substring) -> Int? {
        guard let dot = stem.lastIndex(of: "."), stem[dot...].hasPrefix(".part") else { return nil }
        let digits = stem[dot...].dropFirst(5)
        guard digits.utf8.count <= 6, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let part = Int(digits)
        else { return nil }
        stem = stem[..<dot]
        return part
    }

    private static func chinese(_ stem: Substring, names table: DataTable) -> Bool {
        func has(_ first: String, then second: String) -> Bool {
            guard let found = stem.firstRange(of: first) else { return false }
            return stem[found.upperBound...].contains(second)
        }
        return switch table {
        case .institution: has("基本", then: "情况")
        case .catalogue: has("药品", then: "目录")
        case .stockIn: stem.contains("入库")
        case .stockOut: stem.contains("出库")
        case .usage: stem.contains("使用")
        }
    }

    private static func folded(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: scalars.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            case 0x3000: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars).lowercased()
    }
}
