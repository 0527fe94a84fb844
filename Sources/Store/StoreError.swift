public import Core

/// What the store cannot do, apart from what PostgreSQL itself reports.
public struct StoreError: Error, Sendable, Hashable {
    /// What happened.
    public enum Problem: Sendable, Hashable {
        /// There is no submission with this number.
        case noSuchSubmission(SubmissionID)
        /// The submission was withdrawn before.
        case alreadyWithdrawn(SubmissionID)
        /// A submission that was not judged cannot be loaded.
        case notJudged(SubmissionID)
        /// The rows that came differ from the counts of the submission's files.
        case countMismatch(SubmissionID, what: String, expected: Int, found: Int)
        /// PostgreSQL took another number of rows than were sent.
        case copyMismatch(table: String, sent: Int, taken: Int)
    }

    /// What happened.
    public var problem: Problem

    /// What happened, for people.
    public var phrase: Phrase {
        switch problem {
        case .noSuchSubmission(let id): Phrase("没有编号为 \(id) 的报送", "there is no submission \(id)")
        case .alreadyWithdrawn(let id): Phrase("报送 \(id) 已经撤回", "submission \(id) was withdrawn before")
        case .notJudged(let id):
            Phrase("报送 \(id) 尚未审核，不能入库", "submission \(id) has not been judged and cannot be loaded")
        case .countMismatch(let id, let what, let expected, let found):
            Phrase(
                "报送 \(id) 的 \(what) 行数不符：文件计数 \(expected)，实际 \(found)；未写入任何内容",
                "submission \(id): \(what) has \(found) rows where its files count \(expected); nothing was written")
        case .copyMismatch(let table, let sent, let taken):
            Phrase(
                "写入 \(table) 的行数不符：发送 \(sent)，数据库接收 \(taken)；未写入任何内容",
                "\(table): \(sent) rows were sent and \(taken) taken; nothing was written")
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// In English.
    public var description: String { phrase.english }
}
