/// 医疗机构代码: 22 characters, 9 organization code, 6 division, 2 economic type, 4 category, 1 management class.
public enum HospitalCode {
    /// How many characters it has.
    public static let length = 22
    /// Where the organization code stands.
    public static let organization = 0..<9
    /// Where the administrative division (GB/T 2260) stands.
    public static let division = 9..<15
    /// Where the category (`A100`, `B100`, …) stands.
    public static let category = 17..<21

    /// Whether a category is one of WS 218: a letter A … R and three digits or letters.
    ///
    /// Source: WS 218-2002 卫生机构（组织）分类与代码, first letters A … R.
    public static func isKnownCategory(_ text: Span<UInt8>) -> Bool {
        guard text.count == 4, (UInt8(ascii: "A")...UInt8(ascii: "R")).contains(text[0]) else { return false }
        for index in 1..<4 where OrganizationCode.digitValue(text[index]) == nil { return false }
        return true
    }

    /// Whether a code passes every check that needs no library: length, its organization code's check character.
    public static func isPlausible(_ text: Span<UInt8>) -> Bool {
        text.count == length && OrganizationCode.checkHolds(text.extracting(organization))
    }
}
