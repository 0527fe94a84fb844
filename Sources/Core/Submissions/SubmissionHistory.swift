/// What the database knows of a submission's institution and drugs before it is judged: `yaoce validate` has none of it.
///
/// Each part is `nil` where there is nothing to say it from; the rules that need it are not applicable then.
public struct SubmissionHistory: Sendable, Hashable {
    /// How much of a catalogue is tied to the national code.
    public struct Compared: Sendable, Hashable {
        /// Drugs that were compared.
        public var drugs: Int
        /// Those of them that are tied to a code, or need none.
        public var matched: Int

        /// Some drugs.
        public init(drugs: Int, matched: Int) {
            self.drugs = drugs
            self.matched = matched
        }
    }

    /// Data rows of the institution's submission of the period before, by table; empty where there was none.
    public var rowsBefore: [DataTable: Int] = [:]
    /// Whether the figures of the period are final (数据定版), so that nothing more may be sent.
    public var isFinal = false
    /// The codes of the drugs of which the stock ledger carries something over from the period before.
    public var carriedDrugs: Set<String>?
    /// What the comparison came to; `nil` where nothing was compared with a library.
    public var compared: Compared?

    /// Nothing known.
    public init() {}
}
