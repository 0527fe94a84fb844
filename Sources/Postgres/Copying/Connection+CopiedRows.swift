/// Where the fields of a row of a binary `COPY … TO STDOUT` stand among its bytes.
public struct CopiedFields: Sendable {
    private var ranges: [Range<Int>] = []

    /// The bytes of a field, of text its UTF-8; none for NULL.
    public subscript(field: Int) -> Range<Int> { ranges[field] }

    /// `smallint`, `integer`, `bigint`, a `date` as days since 2000-01-01; `nil` for NULL.
    public func number(_ field: Int, in row: Span<UInt8>) -> Int64? {
        let bytes = row.extracting(ranges[field])
        switch bytes.count {
        case 2: return Int64(Int16(truncatingIfNeeded: bytes.bigEndian()))
        case 4: return Int64(Int32(truncatingIfNeeded: bytes.bigEndian()))
        case 8: return Int64(bitPattern: bytes.bigEndian())
        default: return nil
        }
    }

    /// Finds the fields of a row; `false` where it is the end of the file and none, `nil` where it is not what was asked
    /// for.
    fileprivate mutating func find(in row: Span<UInt8>, count: Int) -> Bool? {
        var place = 0
        func number(_ size: Int) -> Int? {
            guard place + size <= row.count else { return nil }
            let bits = row.extracting(place..<place + size).bigEndian()
            place += size
            return size == 2 ? Int(Int16(truncatingIfNeeded: bits)) : Int(Int32(truncatingIfNeeded: bits))
        }
        // The first row has the file's head before it: signature, flags, and an extension with its length in front.
        if row.count >= 19, row[0] == UInt8(ascii: "P"), row[1] == UInt8(ascii: "G") {
            place = 15
            guard let extra = number(4), extra >= 0 else { return nil }
            place += extra
            if place == row.count { return false }
        }
        guard let fields = number(2) else { return nil }
        guard fields != -1 else { return false }
        guard fields == count else { return nil }
        ranges.removeAll(keepingCapacity: true)
        for _ in 0..<count {
            guard let length = number(4) else { return nil }
            let end = place + max(length, 0)
            guard end <= row.count else { return nil }
            ranges.append(place..<end)
            place = end
        }
        return true
    }
}

extension Connection {
    /// Gives the rows of a query as they come, by a binary `COPY`: one statement however many there are, and neither side
    /// holds them. The query has no parameters, `COPY` takes none; what stands in it is the program's own.
    public func forEachCopied(
        of query: String, columns: Int, named name: String = #function,
        _ body: (_ row: Span<UInt8>, _ fields: CopiedFields) throws -> Void
    ) throws {
        var fields = CopiedFields()
        try copyOut(SQL(unchecked: "COPY (\(query)) TO STDOUT (FORMAT binary)"), named: name) { row in
            switch fields.find(in: row, count: columns) {
            case true?: try body(row, fields)
            case false?: return
            case nil:
                throw PostgresError(.mismatch, message: "a row is not what was asked for", statement: name)
            }
        }
    }
}
