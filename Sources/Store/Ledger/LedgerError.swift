public import Core

/// Why the ledger of the database and that of the archive cannot be brought together, or why an entry cannot be repeated.
public struct LedgerError: Error, Sendable, Hashable {
    /// What happened.
    public enum Problem: Sendable, Hashable {
        /// The archive knows of more than the database: the database is older, from a backup perhaps.
        case databaseIsOlder(archive: Int, database: Int)
        /// Both have an entry with the same number that differs.
        case different(number: Int)
        /// A line of the archive's ledger cannot be read, or does not follow the one before it.
        case broken(file: String, line: Int)
        /// Done again, an entry came to something else.
        case repeatedOtherwise(number: Int, expected: String, found: String)
        /// The database to rebuild into holds something that is not in this archive's ledger.
        case notEmpty
    }

    /// What happened.
    public var problem: Problem

    /// An error.
    public init(_ problem: Problem) { self.problem = problem }

    /// What happened and what to do, for people.
    public var phrase: Phrase {
        switch problem {
        case .databaseIsOlder(let archive, let database):
            Phrase(
                "存档台账有 \(archive) 条记录，数据库只有 \(database) 条：数据库比存档旧（可能来自备份）；请运行 yaoce rebuild --from-archive",
                "the archive's ledger has \(archive) entries, the database \(database): the database is older, from a backup perhaps; run yaoce rebuild --from-archive"
            )
        case .different(let number):
            Phrase(
                "数据库与存档台账的第 \(number) 条记录不同：数据库不属于这个存档；请检查 folders.archive 与 database.url",
                "entry \(number) differs between the database and the archive's ledger: they do not belong together; check folders.archive and database.url"
            )
        case .broken(let file, let line):
            Phrase(
                "\(file):\(line)：台账记录损坏或与前一条不衔接；请从备份恢复该文件",
                "\(file):\(line): the entry is damaged or does not follow the one before it; restore the file from a backup"
            )
        case .repeatedOtherwise(let number, let expected, let found):
            Phrase(
                "重放第 \(number) 条记录得到不同结果；程序版本是否相同？\n  记录：\(expected)\n  重放：\(found)",
                "entry \(number) came to something else when it was done again; is it the same version of the program?\n  recorded: \(expected)\n  now:      \(found)"
            )
        case .notEmpty:
            Phrase(
                "目标数据库已有内容，且不是此存档台账的一部分；请给出空数据库（--into）",
                "the database holds what is not in this archive's ledger; name an empty one (--into)")
        }
    }
}

extension LedgerError: CustomStringConvertible {
    /// In English.
    public var description: String { phrase.english }
}
