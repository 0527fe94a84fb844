public import Core

/// Something wrong with a row of a library file.
public struct LibraryRowProblem: Sendable, Hashable {
    /// The physical line.
    public var line: Int
    /// The column.
    public var column: String
    /// The value as it came; `nil` where it is missing.
    public var value: String?
    /// What is wrong.
    public var problem: Phrase
}

/// Why a library cannot be imported, published or compared.
public struct LibraryError: Error, Sendable, Hashable {
    /// What happened.
    public enum Problem: Sendable, Hashable {
        /// There is such a version already; versions are never changed.
        case versionExists
        /// There is no such version.
        case noSuchVersion
        /// What differs was to be imported, and no version is in force that it differs from.
        case noBase
        /// The file has no rows.
        case noRows
        /// Some rows are wrong: the first thousand problems, and how many there are. Nothing was imported.
        case badRows([LibraryRowProblem], total: Int)
    }

    /// What happened.
    public var problem: Problem
    /// The library.
    public var kind: LibraryKind
    /// The version.
    public var version: String

    /// What happened and what to do, for people.
    public var phrase: Phrase {
        let name = "\(kind.rawValue) \(version)"
        switch problem {
        case .versionExists:
            return Phrase("版本 \(name) 已存在；请换一个版本号", "version \(name) exists already; choose another name")
        case .noSuchVersion:
            return Phrase(
                "没有版本 \(name)；用 yaoce library list 查看", "there is no version \(name); see yaoce library list")
        case .noBase:
            return Phrase(
                "\(name)：没有现行版本可作增量导入的基础；请先导入并发布一个完整版本",
                "\(name): no version is in force to add to; import and publish a whole one first")
        case .noRows: return Phrase("\(name)：文件中没有数据行", "\(name): the file has no rows")
        case .badRows(let problems, let total):
            let first = problems.first.map {
                (
                    "：第 \($0.line) 行 \($0.column) \($0.problem.chinese)",
                    ": line \($0.line), \($0.column): \($0.problem.english)"
                )
            }
            return Phrase(
                "\(name)：\(total) 处错误，未导入\(first?.0 ?? "")",
                "\(name): \(total) mistakes, nothing was imported\(first?.1 ?? "")")
        }
    }
}

extension LibraryError: CustomStringConvertible {
    /// In English.
    public var description: String { phrase.english }
}
