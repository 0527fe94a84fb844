/// An institution of the published library.
public struct InstitutionEntry: Sendable, Hashable, Codable {
    /// 医疗机构代码, 22 characters.
    public var hospitalCode: String
    /// 组织机构代码, 9 characters.
    public var orgCode: String
    /// Its name.
    public var name: String
    /// 3, 2, 1, or 9 ungraded.
    public var level: Int
    /// 1 甲, 2 乙, 3 丙.
    public var grade: Int?
    /// GB/T 2260, 6 digits.
    public var divisionCode: String
    /// City, where stated.
    public var city: String?
    /// County, where stated.
    public var county: String?
    /// Whether it is a primary institution.
    public var isPrimary: Bool
    /// Whether it is expected to report.
    public var mustReport: Bool
    /// Fen, from direct reporting.
    public var declaredIncome: Int64?
    /// The first day it is valid.
    public var validFrom: CalendarDay?
    /// The last day it is valid.
    public var validTo: CalendarDay?
    /// The lead of its medical community.
    public var leadHospitalCode: String?

    /// An institution.
    public init(
        hospitalCode: String, orgCode: String, name: String, level: Int, grade: Int? = nil, divisionCode: String,
        city: String? = nil, county: String? = nil, isPrimary: Bool = false, mustReport: Bool = true,
        declaredIncome: Int64? = nil, validFrom: CalendarDay? = nil, validTo: CalendarDay? = nil,
        leadHospitalCode: String? = nil
    ) {
        self.hospitalCode = hospitalCode
        self.orgCode = orgCode
        self.name = name
        self.level = level
        self.grade = grade
        self.divisionCode = divisionCode
        self.city = city
        self.county = county
        self.isPrimary = isPrimary
        self.mustReport = mustReport
        self.declaredIncome = declaredIncome
        self.validFrom = validFrom
        self.validTo = validTo
        self.leadHospitalCode = leadHospitalCode
    }
}
