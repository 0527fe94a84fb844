internal import Core
internal import Rules

/// The thresholds of the rules that look at a whole submission, in force on the day of the run.
struct CheckLimits: Sendable {
    let blankShare: Int64
    let codesOfOne: Int64
    let idleShare: Int64
    let usedTimes: Int64
    let varieties: [Int64]
    let unmatchedWarning: Int64
    let unmatchedError: Int64
    let incomeShare: Int64
    let rowsShare: Int64
    let fewestRows: Int64
    let copiedShare: Int64
    let fewestDrugs: Int64
    let badShare: Int64

    init(_ parameters: RuleParameters, on day: CalendarDay) {
        func share(_ name: String, _ value: Int64) -> Int64 {
            parameters.threshold(name, on: day.description, decimals: 4, default: value)
        }
        func count(_ name: String, _ value: Int64) -> Int64 {
            parameters.threshold(name, on: day.description, decimals: 0, default: value)
        }
        blankShare = share("B05.share", 1000)
        codesOfOne = count("E04.codes", 4)
        idleShare = share("G05.share", 5000)
        usedTimes = share("G08.times", 12_000)
        varieties = [count("G09.primary", 50), count("G09.level2", 150), count("G09.level3", 300)]
        unmatchedWarning = share("G10.warning", 1000)
        unmatchedError = share("G10.error", 3000)
        incomeShare = share("G11.share", 5000)
        rowsShare = share("G12.share", 5000)
        fewestRows = count("G12.rows", 20)
        copiedShare = share("G13.share", 9500)
        fewestDrugs = count("G13.drugs", 10)
        badShare = share("G14.share", 3000)
    }

    /// The fewest drugs that an institution of a level has: 3 and 2 as they are; 1 and 9 are primary where the library
    /// says so, else treated as 2.
    func fewestVarieties(of entry: InstitutionEntry) -> Int64 {
        switch entry.level {
        case 3: varieties[2]
        case 2: varieties[1]
        default: entry.isPrimary ? varieties[0] : varieties[1]
        }
    }
}
