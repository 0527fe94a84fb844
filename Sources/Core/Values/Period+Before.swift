extension Period {
    /// The period of the same length before this one; `nil` before 1900.
    public var before: Period? {
        switch length {
        case .year: Period(year: year - 1)
        case .quarter(1): Period(year: year - 1, length: .quarter(4))
        case .quarter(let quarter): Period(year: year, length: .quarter(quarter - 1))
        case .month(1): Period(year: year - 1, length: .month(12))
        case .month(let month): Period(year: year, length: .month(month - 1))
        }
    }
}
