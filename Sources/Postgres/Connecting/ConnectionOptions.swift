/// Where the database is and how a session behaves.
public struct ConnectionOptions: Sendable {
    /// How often and how patiently a connection is tried.
    public struct Retry: Sendable, Hashable {
        /// How many times, at least 1.
        public var attempts: Int
        /// The pause after the first failure; it doubles each time.
        public var firstDelay: Duration
        /// The longest pause.
        public var longestDelay: Duration

        /// A patience.
        public init(attempts: Int, firstDelay: Duration = .milliseconds(100), longestDelay: Duration = .seconds(5)) {
            self.attempts = attempts
            self.firstDelay = firstDelay
            self.longestDelay = longestDelay
        }

        /// One attempt.
        public static let none = Retry(attempts: 1)
        /// Five attempts in about a second and a half.
        public static let standard = Retry(attempts: 5)

        func delay(after attempt: Int) -> Duration {
            min(longestDelay, firstDelay * (1 << min(attempt, 20)))
        }
    }

    /// A libpq URL (`postgresql://…`) or keyword string (`host=… dbname=…`).
    public var url: String
    /// What `pg_stat_activity` calls the session.
    public var applicationName = "yaoce"
    /// The session's time zone.
    public var timeZone = "Asia/Shanghai"
    /// How long one statement may take; `nil` for ever.
    public var statementTimeout: Duration?
    /// How long to wait for a server to answer, in whole seconds.
    public var connectTimeoutSeconds = 10
    /// How often to try.
    public var retry = Retry.standard
    /// Whether a broken session is opened again by the next statement outside a transaction. A session that holds
    /// locks must not: it would go on without them.
    public var reconnects = true
    /// Receives what the server says without failing.
    public var onNotice: (@Sendable (Notice) -> Void)?

    /// Options with everything but the URL at its default.
    public init(url: String) { self.url = url }
}

/// Something the server said without failing.
public struct Notice: Sendable, Hashable {
    /// `NOTICE`, `WARNING`, … as the server writes it in its language.
    public var severity: String
    /// The SQLSTATE.
    public var sqlState: String
    /// The message.
    public var message: String
}
