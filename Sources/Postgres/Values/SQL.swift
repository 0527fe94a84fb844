/// A statement with its parameters. What is interpolated becomes a parameter, so data cannot become syntax.
///
///     let sql: SQL = "SELECT * FROM yaoce.submission WHERE id = \(id)"     // … WHERE id = $1
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Piece: Sendable {
        case text(String)
        case parameter(Parameter)
    }

    struct Parameter: Sendable {
        var oid: UInt32
        /// PostgreSQL's binary form; `nil` for NULL.
        var bytes: [UInt8]?
    }

    var pieces: [Piece] = []

    /// A statement without parameters.
    public init(stringLiteral value: String) { pieces = [.text(value)] }

    /// A statement with parameters.
    public init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

    /// A statement from text that the program made, not the world: names of partitions, numbers of savepoints.
    public init(unchecked text: String) { pieces = [.text(text)] }

    /// Collects text and parameters.
    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        /// Room for the pieces.
        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        /// Text of the statement.
        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        /// A value becomes a parameter with the type of the value.
        public mutating func appendInterpolation<Value: SQLValue>(_ value: Value) {
            var bytes: [UInt8]?
            if !value.isNull {
                var encoded: [UInt8] = []
                value.encode(into: &encoded)
                bytes = encoded
            }
            pieces.append(.parameter(Parameter(oid: Value.sqlType.oid, bytes: bytes)))
        }

        /// A value or NULL becomes a parameter with the type of the value.
        public mutating func appendInterpolation<Value: SQLValue>(_ value: Value?) {
            if let value {
                appendInterpolation(value)
            } else {
                pieces.append(.parameter(Parameter(oid: Value.sqlType.oid, bytes: nil)))
            }
        }

        /// A part of a statement stays what it is, parameters included.
        public mutating func appendInterpolation(_ part: SQL) { pieces += part.pieces }

        /// A name of a table or column, quoted.
        public mutating func appendInterpolation(identifier name: String) {
            pieces.append(.text(SQL.quoted(name)))
        }
    }

    /// An identifier in double quotes.
    public static func quoted(_ name: String) -> String {
        var text = "\""
        for character in name.unicodeScalars where character != "\0" {
            if character == "\"" { text += "\"" }
            text.unicodeScalars.append(character)
        }
        return text + "\""
    }

    var rendered: Rendered {
        var text = ""
        var parameters: [Parameter] = []
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal
            case .parameter(let parameter):
                parameters.append(parameter)
                text += "$\(parameters.count)"
            }
        }
        return Rendered(text: text, parameters: parameters)
    }

    struct Rendered {
        var text: String
        var parameters: [Parameter]

        /// Gives libpq's five parallel arrays for as long as `body` runs; all values are binary.
        func withCArguments<Result>(
            _ body: (
                UnsafePointer<CChar>, Int32, UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?,
                UnsafePointer<Int32>?, UnsafePointer<Int32>?
            ) -> Result
        ) -> Result {
            // One block holds all values, so that no pointer outlives the array it came from.
            var block: [UInt8] = []
            var offsets: [Int?] = []
            for parameter in parameters {
                offsets.append(parameter.bytes == nil ? nil : block.count)
                block += parameter.bytes ?? []
            }
            // An empty value still needs an address; NULL is no address.
            block.append(0)
            let types = parameters.map(\.oid)
            let lengths = parameters.map { Int32($0.bytes?.count ?? 0) }
            let formats = [Int32](repeating: 1, count: parameters.count)
            return unsafe block.withUnsafeBytes { block in
                let values = unsafe offsets.map { offset -> UnsafePointer<CChar>? in
                    guard let offset, let start = block.baseAddress else { return nil }
                    return unsafe (start + offset).assumingMemoryBound(to: CChar.self)
                }
                return unsafe values.withUnsafeBufferPointer { values in
                    unsafe text.withCString { text in
                        unsafe body(text, Int32(parameters.count), types, values.baseAddress, lengths, formats)
                    }
                }
            }
        }
    }
}
