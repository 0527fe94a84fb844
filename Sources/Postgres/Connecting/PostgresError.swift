/// What PostgreSQL or the way to it could not do. It carries no parameters, so no cell of a file reaches a log.
public struct PostgresError: Error, Sendable, Hashable {
    /// What kind of trouble it is.
    public enum Problem: Sendable, Hashable {
        /// No server answers, or it does not take connections yet: trying later may help.
        case unavailable
        /// The server answers and refuses: a wrong user, password or database.
        case refused
        /// The connection URL cannot be understood.
        case badURL
        /// The connection broke while a statement was under way; whether it was done is not known.
        case lost
        /// The server reported an error: see `sqlState`.
        case server
        /// A result is not what the program asked for: another type, a NULL, a missing row or column.
        case mismatch
    }

    /// What kind of trouble it is.
    public var problem: Problem
    /// The five characters of the SQLSTATE, where the server gave them.
    public var sqlState: String?
    /// The server's primary message.
    public var message: String
    /// More about it. May name values of rows, so `description` shows it only where it cannot.
    public var detail: String?
    /// What may help.
    public var hint: String?
    /// The name of the statement, usually the function that ran it.
    public var statement: String?

    /// An error.
    public init(
        _ problem: Problem, sqlState: String? = nil, message: String, detail: String? = nil, hint: String? = nil,
        statement: String? = nil
    ) {
        self.problem = problem
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
        self.statement = statement
    }

    /// Whether the database is away, so that the same work may succeed later.
    ///
    /// Classes 08 (connection) and 57P (shutdown), 53300 (too many connections) and 25P03 (stopped within a transaction).
    public var isUnavailable: Bool {
        switch problem {
        case .unavailable, .lost: true
        case .server:
            sqlState.map { $0.hasPrefix("08") || $0.hasPrefix("57P") || $0 == "53300" || $0 == "25P03" } ?? false
        case .refused, .badURL, .mismatch: false
        }
    }

    /// Whether the statement was cancelled, by `Connection.cancel()` or a timeout.
    public var isCancelled: Bool { sqlState == "57014" }
}

extension PostgresError: CustomStringConvertible {
    /// Statement, message, SQLSTATE, detail and hint; the detail not where it may quote rows (classes 22 and 23).
    public var description: String {
        var text = statement.map { "\($0): " } ?? ""
        text += message
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        let quotesRows = sqlState.map { $0.hasPrefix("22") || $0.hasPrefix("23") } ?? false
        if let detail, !quotesRows { text += "\n  detail: \(detail)" }
        if let hint { text += "\n  hint: \(hint)" }
        return text
    }
}
