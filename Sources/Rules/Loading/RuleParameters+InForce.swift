public import Core

extension RuleParameters {
    /// All thresholds in force on a day by name, in ten-thousandths; those that begin later are not there.
    public func inForce(on day: CalendarDay) -> [String: Int64] {
        let unset = Int64.min
        var values: [String: Int64] = [:]
        for name in thresholds.keys {
            let value = threshold(name, on: "\(day)", decimals: 4, default: unset)
            if value != unset { values[name] = value }
        }
        return values
    }
}
