public import Core

/// Why the embedded cluster cannot be started or stopped.
public struct ClusterError: Error, Sendable, Hashable {
    /// What happened.
    public enum Problem: Sendable, Hashable {
        /// No PostgreSQL of the needed version is installed; `nil` where any would do.
        case noServer(version: String?)
        /// Root cannot run PostgreSQL and there is no other user to run it.
        case noUser
        /// Neither setpriv nor runuser nor su is there to change the user.
        case noUserChange
        /// The folder cannot be made or written.
        case folder(String)
        /// The user that runs PostgreSQL cannot reach the folder.
        case unreachable(user: String)
        /// The socket's folder belongs to somebody else.
        case socketFolder(String)
        /// A program of PostgreSQL failed; its last words.
        case program(String, String)
    }

    /// What happened.
    public var problem: Problem
    /// The cluster's folder.
    public var folder: String

    /// What happened and what to do, for people.
    public var phrase: Phrase {
        switch problem {
        case .noServer(let version):
            let wanted = version.map { " \($0)" } ?? ""
            return Phrase(
                "找不到 PostgreSQL\(wanted) 服务程序；请安装：apt install postgresql，或设置 database.url 使用已有的数据库",
                "no PostgreSQL\(wanted) server was found; install it (apt install postgresql) or set database.url to an existing database"
            )
        case .noUser:
            return Phrase(
                "PostgreSQL 不能以 root 运行，而系统中没有 postgres 或 nobody 用户",
                "PostgreSQL cannot run as root, and there is neither a user postgres nor nobody")
        case .noUserChange:
            return Phrase(
                "缺少 setpriv、runuser 或 su，无法换用其他用户运行 PostgreSQL；请安装 util-linux",
                "PostgreSQL cannot be run as another user without setpriv, runuser or su; install util-linux")
        case .folder(let reason):
            return Phrase("无法使用数据目录 \(folder)：\(reason)", "the data folder \(folder) cannot be used: \(reason)")
        case .unreachable(let user):
            return Phrase(
                "用户 \(user) 无法进入数据目录 \(folder)；请为上级目录加上执行权限，或改用其他目录",
                "the user \(user) cannot reach the data folder \(folder); allow it to pass the folders above or choose another folder"
            )
        case .socketFolder(let path):
            return Phrase(
                "套接字目录 \(path) 属于其他用户；请检查后删除它",
                "the socket folder \(path) belongs to somebody else; look at it and remove it")
        case .program(let program, let output):
            return Phrase(
                "\(program) 运行失败（数据目录 \(folder)）：\(output)", "\(program) failed (data folder \(folder)): \(output)")
        }
    }
}

extension ClusterError: CustomStringConvertible {
    /// In English.
    public var description: String { phrase.english }
}
