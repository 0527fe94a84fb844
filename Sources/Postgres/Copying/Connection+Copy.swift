import CLibpq

extension Connection {
    /// Copies rows into a table in binary form; gives how many the server took. All of them or none.
    ///
    /// Nothing else can run on the connection while `body` does, and the server's reason for a refusal is thrown at the end.
    @discardableResult
    public func copyIn(
        into table: String, columns: [String], named name: String = #function,
        _ body: (inout BinaryCopyWriter) throws -> Void
    ) throws -> Int {
        let list = columns.map(SQL.quoted).joined(separator: ", ")
        _ = try query(SQL(unchecked: "COPY \(table) (\(list)) FROM STDIN (FORMAT binary)"), named: name)
        let session = try underWay(name)
        var writer = BinaryCopyWriter(session)
        do {
            try body(&writer)
        } catch {
            unsafe PQputCopyEnd(session.pointer, "the rows could not be made")
            drain(session)
            throw error
        }
        writer.finish()
        unsafe PQputCopyEnd(session.pointer, nil)
        let result: OpaquePointer? = unsafe PQgetResult(session.pointer)
        defer { drain(session) }
        return try unsafe adopt(result, session, name).affectedRows
    }

    /// Copies text the program holds into a table in PostgreSQL's text or CSV form.
    @discardableResult
    public func copyIn(_ statement: SQL, text: [UInt8], named name: String = #function) throws(PostgresError) -> Int {
        _ = try query(statement, named: name)
        let session = try underWay(name)
        unsafe text.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            var offset = 0
            while offset < bytes.count {
                let count = min(1 << 20, bytes.count - offset)
                let piece = unsafe (start + offset).assumingMemoryBound(to: CChar.self)
                guard unsafe PQputCopyData(session.pointer, piece, Int32(count)) == 1 else { return }
                offset += count
            }
        }
        unsafe PQputCopyEnd(session.pointer, nil)
        let result: OpaquePointer? = unsafe PQgetResult(session.pointer)
        defer { drain(session) }
        return try unsafe adopt(result, session, name).affectedRows
    }

    /// Runs a `COPY … TO STDOUT` and gives its rows as they come, each with its line end.
    public func copyOut(
        _ statement: SQL, named name: String = #function, _ body: (Span<UInt8>) throws -> Void
    ) throws {
        _ = try query(statement, named: name)
        let session = try underWay(name)
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = unsafe PQgetCopyData(session.pointer, &buffer, 0)
            guard count > 0, let start = unsafe buffer else { break }
            defer { unsafe PQfreemem(start) }
            do {
                try body(unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: Int(count))))
            } catch {
                cancel()
                drainCopyOut(session)
                throw error
            }
        }
        let result: OpaquePointer? = unsafe PQgetResult(session.pointer)
        defer { drain(session) }
        _ = try unsafe adopt(result, session, name)
    }

    private func drainCopyOut(_ session: Session) {
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            guard unsafe PQgetCopyData(session.pointer, &buffer, 0) > 0 else { break }
            unsafe PQfreemem(buffer)
        }
        drain(session)
    }

    /// Takes the results that are left, so that the next statement can begin.
    private func drain(_ session: Session) {
        while let rest = unsafe PQgetResult(session.pointer) { unsafe PQclear(rest) }
    }
}
