public import Core

/// Why a database cannot be brought to this program's schema.
public struct MigrationError: Error, Sendable, Hashable {
    /// What happened.
    public enum Problem: Sendable, Hashable {
        /// A migration that was applied has another text now.
        case edited(number: Int, name: String)
        /// The database has a migration that this program does not know.
        case newerDatabase(number: Int, name: String)
        /// Migrations are missing, and the caller did not ask for them to be applied.
        case pending([Int])
        /// The database does not keep text as UTF-8.
        case encoding(String)
        /// The server is older than PostgreSQL 14.
        case oldServer(Int)
        /// The server has no Citus.
        case noCitus
        /// The user may not make the extension.
        case citusNotAllowed
        /// The server does not load Citus at its start; with what it says.
        case citusNotLoaded(String)
    }

    /// What happened.
    public var problem: Problem

    /// What happened and what to do, for people.
    public var phrase: Phrase {
        switch problem {
        case .edited(let number, let name):
            Phrase(
                "迁移 \(number)（\(name)）在应用之后被改动过；请恢复原文，另加新的迁移",
                "migration \(number) (\(name)) was edited after it had been applied; restore its text and add a new migration"
            )
        case .newerDatabase(let number, let name):
            Phrase(
                "数据库已有迁移 \(number)（\(name)），比本程序新；请升级 yaoce",
                "the database has migration \(number) (\(name)) and is newer than this program; upgrade yaoce")
        case .pending(let numbers):
            Phrase(
                "数据库还缺 \(numbers.count) 个迁移；请运行 yaoce db migrate",
                "the database lacks \(numbers.count) migrations; run yaoce db migrate")
        case .encoding(let encoding):
            Phrase(
                "数据库编码是 \(encoding)，需要 UTF8；请用 ENCODING 'UTF8' 另建数据库",
                "the database's encoding is \(encoding), not UTF8; create one with ENCODING 'UTF8'")
        case .oldServer(let version):
            Phrase(
                "PostgreSQL 版本太旧（\(version)）；需要 14 或以上", "PostgreSQL is too old (\(version)); 14 or newer is needed")
        case .noCitus:
            Phrase(
                "数据库服务器未安装 Citus 扩展；请在每台服务器上安装，并在 shared_preload_libraries 中加入 citus 后重启（见 docs/operations.md）",
                "the server has no Citus extension; install it on every server, put citus into shared_preload_libraries and restart (docs/operations.md)"
            )
        case .citusNotAllowed:
            Phrase(
                "当前用户无权创建扩展；请由超级用户在此数据库中执行 CREATE EXTENSION citus，然后重试",
                "this user may not create the extension; let a superuser run CREATE EXTENSION citus in this database, then try again"
            )
        case .citusNotLoaded(let message):
            Phrase(
                "无法创建 Citus 扩展：\(message)；请在 shared_preload_libraries 中加入 citus 并重启服务器",
                "the Citus extension cannot be created: \(message); put citus into shared_preload_libraries and restart the server"
            )
        }
    }
}

extension MigrationError: CustomStringConvertible {
    /// In English.
    public var description: String { phrase.english }
}
