import CLibpq
import Glibc

/// The one owner of a libpq connection. Not shared: it lives inside one `Connection` actor.
@safe
final class Session {
    let pointer: OpaquePointer
    let cancelHandle: CancelHandle?
    private let noticeBox: NoticeBox?

    private static func isFull(_ message: String) -> Bool {
        message.contains("too many clients") || message.contains("too many connections")
            || message.contains("remaining connection slots")
    }

    /// Opens a session; blocks until the server answered or the time is over.
    init(_ options: ConnectionOptions) throws(PostgresError) {
        let settings = try Session.settings(of: options)
        let pointer: OpaquePointer? = unsafe Session.withCStrings(settings) { keywords, values in
            unsafe PQconnectdbParams(keywords, values, 1)
        }
        guard let pointer = unsafe pointer else { throw PostgresError(.unavailable, message: "out of memory") }
        guard unsafe PQstatus(pointer) == CONNECTION_OK else {
            let message = unsafe Session.trimmed(PQerrorMessage(pointer))
            unsafe PQfinish(pointer)
            // libpq gives no SQLSTATE for a failed connection; its ping tells a server that is away from one that refuses,
            // and only the words tell one that is full (53300), which will have room again.
            let answer = unsafe Session.withCStrings(settings) { keywords, values in
                unsafe PQpingParams(keywords, values, 1)
            }
            switch answer {
            case PQPING_OK: throw PostgresError(Session.isFull(message) ? .unavailable : .refused, message: message)
            case PQPING_NO_ATTEMPT: throw Session.badURL
            default: throw PostgresError(.unavailable, message: message)
            }
        }
        unsafe self.pointer = pointer
        Session.widen(unsafe PQsocket(pointer))
        unsafe PQsetErrorVerbosity(pointer, PQERRORS_DEFAULT)
        cancelHandle = unsafe PQgetCancel(pointer).map { unsafe CancelHandle(adopting: $0) }
        noticeBox = NoticeBox(options.onNotice)
        unsafe PQsetNoticeReceiver(
            pointer,
            { context, result in
                guard let context = unsafe context, let result = unsafe result else { return }
                unsafe Unmanaged<NoticeBox>.fromOpaque(context).takeUnretainedValue().receive(result)
            }, noticeBox.map { unsafe Unmanaged.passUnretained($0).toOpaque() })
    }

    deinit { unsafe PQfinish(pointer) }

    /// Lets more rows be on their way to a server on the same machine: with the 208 KiB that are usual whoever makes rows and
    /// the server that takes them in wait for each other by turns. The system gives less where it must; a connection
    /// over the network finds its own measure.
    private static func widen(_ socket: Int32) {
        var address = sockaddr()
        var length = socklen_t(MemoryLayout<sockaddr>.size)
        guard unsafe getsockname(socket, &address, &length) == 0, address.sa_family == sa_family_t(AF_UNIX) else {
            return
        }
        var size: Int32 = 1 << 20
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    var isOpen: Bool { unsafe PQstatus(pointer) == CONNECTION_OK }

    /// Whether a transaction is open, failed or not.
    var isInTransaction: Bool {
        switch unsafe PQtransactionStatus(pointer) {
        case PQTRANS_INTRANS, PQTRANS_INERROR, PQTRANS_ACTIVE: true
        default: false
        }
    }

    /// Takes what an earlier statement left, so that the next can be sent.
    func discardResults() {
        while let rest = unsafe PQgetResult(pointer) {
            let status = unsafe PQresultStatus(rest)
            unsafe PQclear(rest)
            if status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH { return }
        }
    }

    /// Waits for a statement that was sent. Of several results it gives the last, or the first that is an error; a copy
    /// gives its beginning.
    func lastResult(canCancel: Bool) -> OpaquePointer? {
        var last: OpaquePointer?
        while let result = unsafe nextResult(canCancel) {
            if let earlier = unsafe last {
                // After an error nothing follows that tells more.
                if unsafe PQresultStatus(earlier) == PGRES_FATAL_ERROR {
                    unsafe PQclear(result)
                    continue
                }
                unsafe PQclear(earlier)
            }
            unsafe last = result
            let status = unsafe PQresultStatus(result)
            if status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH || !isOpen { break }
        }
        return unsafe last
    }

    /// Waits for the next result. A cancelled task asks the server again and again to stop: a request that comes while
    /// the statement is still on its way is lost.
    private func nextResult(_ canCancel: Bool) -> OpaquePointer? {
        while unsafe PQisBusy(pointer) == 1 {
            var socket = pollfd(fd: unsafe PQsocket(pointer), events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&socket, 1, Session.cancellationCheckMilliseconds)
            if ready == 0 {
                if canCancel, Task.isCancelled { cancelHandle?.cancel() }
                continue
            }
            guard unsafe PQconsumeInput(pointer) == 1 else { break }
        }
        return unsafe PQgetResult(pointer)
    }

    private static let cancellationCheckMilliseconds: Int32 = 200

    var lastMessage: String { unsafe Session.trimmed(PQerrorMessage(pointer)) }

    private static let badURL = PostgresError(
        .badURL, message: "the database URL cannot be understood",
        hint: "write postgresql://user@host:5432/database or host=… dbname=…")

    /// Keywords and values for libpq. The URL comes first, so that what stands after it wins.
    private static func settings(of options: ConnectionOptions) throws(PostgresError) -> [(String, String)] {
        guard !options.url.utf8.contains(0), !options.url.isEmpty else { throw badURL }
        var error: UnsafeMutablePointer<CChar>?
        let parsed: UnsafeMutablePointer<PQconninfoOption>? = unsafe PQconninfoParse(options.url, &error)
        // libpq's sentence may quote a password, so it is not passed on.
        unsafe PQfreemem(error)
        guard let parsed = unsafe parsed else { throw badURL }
        defer { unsafe PQconninfoFree(parsed) }
        var given: [String: String] = [:]
        var option = unsafe parsed
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                given[unsafe String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        var server = given["options"].map { $0 + " " } ?? ""
        server += "-c TimeZone=\(options.timeZone) -c DateStyle=ISO -c IntervalStyle=iso_8601"
        if let timeout = options.statementTimeout { server += " -c statement_timeout=\(timeout.wholeMilliseconds)" }
        return [
            ("dbname", options.url), ("client_encoding", "UTF8"),
            ("application_name", given["application_name"] ?? options.applicationName),
            ("connect_timeout", given["connect_timeout"] ?? "\(options.connectTimeoutSeconds)"), ("options", server),
        ]
    }

    private static func withCStrings<Result>(
        _ settings: [(String, String)],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let keywords = unsafe settings.map { unsafe strdup($0.0) }
        let values = unsafe settings.map { unsafe strdup($0.1) }
        defer { unsafe (keywords + values).forEach { unsafe free($0) } }
        let keywordPointers = unsafe keywords.map { unsafe UnsafePointer($0) } + [nil]
        let valuePointers = unsafe values.map { unsafe UnsafePointer($0) } + [nil]
        return unsafe keywordPointers.withUnsafeBufferPointer { keywords in
            unsafe valuePointers.withUnsafeBufferPointer { values in
                guard let keywords = keywords.baseAddress, let values = values.baseAddress else {
                    preconditionFailure("a list that ends with nil is not empty")
                }
                return unsafe body(keywords, values)
            }
        }
    }

    static func trimmed(_ message: UnsafePointer<CChar>?) -> String {
        guard let message = unsafe message else { return "" }
        var text = unsafe String(cString: message)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

/// Asks the server to stop what a session is doing. libpq's cancel object is never changed after it was made, and
/// `PQcancel` is documented as safe from any thread, so it may be shared.
@safe
final class CancelHandle: @unchecked Sendable {
    private let pointer: OpaquePointer

    init(adopting pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe PQfreeCancel(pointer) }

    func cancel() {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            _ = unsafe PQcancel(pointer, buffer.baseAddress, 256)
        }
    }
}

/// Carries the notice handler through libpq's context pointer.
private final class NoticeBox {
    private let handler: (@Sendable (Notice) -> Void)?

    init(_ handler: (@Sendable (Notice) -> Void)?) { self.handler = handler }

    func receive(_ result: OpaquePointer) {
        guard let handler else { return }
        func field(_ code: Character) -> String {
            unsafe Session.trimmed(PQresultErrorField(result, Int32(code.asciiValue ?? 0)))
        }
        handler(Notice(severity: field("S"), sqlState: field("C"), message: field("M")))
    }
}

extension Duration {
    /// Whole milliseconds, at least 1.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
