/// What the officers' reports ask of whatever keeps the data.
public protocol OfficerStore: Sendable {
    /// Every period with a submission in force, and a text that changes when what is in force there changes.
    func periodStates() async throws -> [Period: String]
    /// Every period with a submission in force.
    func periodsInForce() async throws -> [Period]
    /// The weights by which regions are evaluated from now on, for views to use.
    func register(_ weights: EvaluationWeights) async throws
    /// What was found in the submissions in force of a period.
    func violationSummary(of period: Period) async throws -> ViolationSummary
    /// What the receipts of some submissions say, by number.
    func reports(on submissions: [SubmissionID]) async throws -> [SubmissionReport]
    /// The first quarantined rows of each of some submissions.
    func quarantinedRows(
        of submissions: [SubmissionID], limit: Int
    ) async throws -> [SubmissionID: [QuarantinedRow]]
    /// How a period stands as a whole.
    func report(on period: Period) async throws -> PeriodReport
    /// How prices lie where rules question them, for so many drugs at most, those with the most questions first.
    func priceDistributions(of period: Period, limit: Int) async throws -> [PriceDistribution]
}
