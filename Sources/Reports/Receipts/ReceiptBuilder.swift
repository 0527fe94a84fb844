public import Core

/// Where the other papers of a submission lie, relative to the receipt.
public struct ReceiptLinks: Sendable, Hashable {
    /// The complete list of findings.
    public var findings: String?
    /// Fix files by the position of the file in the submission's list.
    public var fixFiles: [Int: String]
    /// The same receipt for machines.
    public var json: String?

    /// The papers beside a receipt; what there is none of is not mentioned.
    public init(findings: String? = nil, fixFiles: [Int: String] = [:], json: String? = nil) {
        self.findings = findings
        self.fixFiles = fixFiles
        self.json = json
    }
}

/// Makes the receipt of a submission. Findings are handed in one by one; however many come, only their counts and the
/// first places of each rule are kept.
public struct ReceiptBuilder: Sendable {
    var report: SubmissionReport
    var rules: RuleTexts
    var difference: VersionDifference?
    var links: ReceiptLinks
    var groups: FindingGroups
    /// The groups as the receipt shows them, once all findings have come.
    private var closed: (sorted: [FindingGroups.Group], causes: [FindingGroups.Group])?

    /// A receipt without findings yet.
    public init(
        report: SubmissionReport, rules: RuleTexts, difference: VersionDifference? = nil,
        links: ReceiptLinks = ReceiptLinks(), placesPerRule: Int = 20
    ) {
        self.report = report
        self.rules = rules
        self.difference = difference
        self.links = links
        groups = FindingGroups(placesPerRule: placesPerRule)
    }

    /// Takes the next finding, in the order in which a person should see them.
    public mutating func add(_ finding: Finding) {
        groups.add(finding)
        closed = nil
    }

    /// All findings have come: what is asked for many times is put in order once.
    public mutating func close() { closed = (groups.sorted, firstCauses) }

    /// The page, UTF-8.
    public func html(_ language: Language) -> [UInt8] {
        ReceiptPage(receipt: self, parts: PageParts(language: language)).bytes
    }

    /// The same content for machines, UTF-8, keys always in the same order.
    public func json() -> [UInt8] { jsonValue.bytes }

    var rows: RowTotals { RowTotals(report.files) }

    /// The first three causes: what to put right first. Mere information is no cause, and what only follows from something
    /// else is none either.
    var causes: [FindingGroups.Group] { closed?.causes ?? firstCauses }

    private var firstCauses: [FindingGroups.Group] {
        Array(groups.causes.lazy.filter { $0.severity > .info }.prefix(3))
    }

    /// All groups, heaviest first, then the most frequent.
    var sortedGroups: [FindingGroups.Group] { closed?.sorted ?? groups.sorted }

    /// The fix files in which the rows of a group stand.
    func fixFiles(of group: FindingGroups.Group) -> [String] {
        guard group.severity == .error else { return [] }
        return group.files.keys.sorted().compactMap { links.fixFiles[$0] }
    }
}
