public import Core

/// What the name of a package says: `YPJC_<hospital_code>_<period>_<yyyyMMddHHmmss>.zip`, or whatever a hospital wrote.
public struct PackageFileName {
    var hospitalCode: String
    var period: Period
    /// 14 digits.
    var timestamp: String

    /// Reads the name of the contract; `nil` for any other.
    init?(_ name: String) {
        guard name.lowercased().hasSuffix(".zip") else { return nil }
        let parts = name.dropLast(4).split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0].uppercased() == "YPJC", HospitalFolderName.isAcceptable(parts[1]),
            let period = Period(parts[2]), parts[3].utf8.count == 14, parts[3].allSatisfy(\.isASCIIDigit)
        else { return nil }
        hospitalCode = parts[1]
        self.period = period
        timestamp = parts[3]
    }

    /// The one period a name speaks of: `2025`, `2025Q3`, `2025-07`, `2025年第3季度`, `2025年7月`; `nil` for none or several.
    public static func period(in name: String) -> Period? {
        if let parts = PackageFileName(name) { return parts.period }
        let text = Array(name.unicodeScalars)
        var found: Set<Period> = []
        var index = 0
        while index < text.count {
            guard text[index].isDigit else {
                index += 1
                continue
            }
            var end = index
            while end < text.count, text[end].isDigit { end += 1 }
            if end - index == 4, let year = number(text[index..<end]), (2000...2099).contains(year) {
                if let period = period(year: year, followedBy: text[end...]) { found.insert(period) }
            }
            index = end
        }
        return found.count == 1 ? found.first : nil
    }

    private static func period(year: Int, followedBy rest: ArraySlice<Unicode.Scalar>) -> Period? {
        var rest = rest
        let hasYearMark = rest.first == "年"
        if hasYearMark { rest = rest.dropFirst() }
        if rest.first == "Q" || rest.first == "q" || rest.first == "第" {
            rest = rest.dropFirst()
            let quarters: [Unicode.Scalar: Int] = ["1": 1, "2": 2, "3": 3, "4": 4, "一": 1, "二": 2, "三": 3, "四": 4]
            return rest.first.flatMap { quarters[$0] }.flatMap { Period(year: year, length: .quarter($0)) }
        }
        if rest.first == "-" || hasYearMark {
            let digits = (rest.first == "-" ? rest.dropFirst() : rest).prefix { $0.isDigit }
            if (1...2).contains(digits.count), let month = number(digits), (1...12).contains(month) {
                return Period(year: year, length: .month(month))
            }
        }
        return Period(year: year)
    }

    private static func number(_ digits: ArraySlice<Unicode.Scalar>) -> Int? {
        Int(String(String.UnicodeScalarView(digits)))
    }

    /// The 14 digits of a moment in a name, so that later packages sort after earlier ones.
    static func timestamp(in name: String) -> String? {
        name.split(whereSeparator: { !$0.isASCIIDigit }).first { $0.utf8.count == 14 }.map(String.init)
    }

    /// A moment in the same 14 digits, Asia/Shanghai.
    static func timestamp(of moment: Timestamp) -> String {
        String(moment.description.prefix(19).filter(\.isASCIIDigit))
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
