/// A piece of SQL with the values of thresholds apart from its text.
public struct GeneratedSQL: Sendable, Hashable {
    /// A part of the text, or a value that belongs there.
    public enum Piece: Sendable, Hashable {
        /// SQL.
        case text(String)
        /// The value of a threshold with the type it has to be cast to.
        case value(ExpressionValue, sqlType: String)
    }

    /// The parts, in their order.
    public private(set) var pieces: [Piece] = []

    init(_ text: String = "") {
        if !text.isEmpty { pieces = [.text(text)] }
    }

    init(value: ExpressionValue, sqlType: String) { pieces = [.value(value, sqlType: sqlType)] }

    /// The values, one for each placeholder.
    public var parameters: [ExpressionValue] {
        pieces.compactMap { if case .value(let value, _) = $0 { value } else { nil } }
    }

    /// The text with placeholders `$1::numeric`, numbered from a number on. Values may travel as text: they are cast.
    public func text(numberedFrom first: Int = 1) -> String {
        var number = first - 1
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .value(_, let type):
                number += 1
                result += "$\(number)::\(type)"
            }
        }
        return result
    }

    /// The text with its values written out.
    public var inlined: String {
        pieces.map {
            switch $0 {
            case .text(let text): text
            case .value(let value, _): SQLLiteral.text(of: value)
            }
        }.joined()
    }

    static func + (left: GeneratedSQL, right: GeneratedSQL) -> GeneratedSQL {
        var result = left
        for piece in right.pieces {
            if case .text(let added) = piece, case .text(let last)? = result.pieces.last {
                result.pieces[result.pieces.count - 1] = .text(last + added)
            } else {
                result.pieces.append(piece)
            }
        }
        return result
    }
}

extension GeneratedSQL: ExpressibleByStringInterpolation {
    /// SQL that the generator wrote.
    public init(stringLiteral value: String) { self.init(value) }

    /// SQL with other SQL in it.
    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.sql }

    /// Collects SQL.
    public struct StringInterpolation: StringInterpolationProtocol {
        var sql = GeneratedSQL()

        /// Nothing yet.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// SQL of the generator.
        public mutating func appendLiteral(_ literal: String) { sql = sql + GeneratedSQL(literal) }

        /// SQL in SQL, with its values.
        public mutating func appendInterpolation(_ part: GeneratedSQL) { sql = sql + part }

        /// Text that the generator wrote or quoted.
        mutating func appendInterpolation(trusted text: String) { sql = sql + GeneratedSQL(text) }

        /// A whole number.
        mutating func appendInterpolation(_ number: Int) { sql = sql + GeneratedSQL(String(number)) }
    }
}

extension [GeneratedSQL] {
    func joined(separator: String) -> GeneratedSQL {
        var result = GeneratedSQL()
        for (index, part) in enumerated() { result = index == 0 ? part : result + GeneratedSQL(separator) + part }
        return result
    }
}

/// Values and names as SQL: the one place where text becomes syntax.
public enum SQLLiteral {
    /// A value as a literal of its type.
    public static func text(of value: ExpressionValue) -> String {
        switch value {
        case .number(let number): numeric(number.description)
        case .text(let text): quoted(text) + "::text"
        case .date(let day): "DATE '\(day)'"
        case .boolean(let value): value ? "TRUE" : "FALSE"
        }
    }

    /// A text in single quotes, whatever `standard_conforming_strings` says. Zero characters, which PostgreSQL's text
    /// cannot hold, are left out.
    public static func quoted(_ text: String) -> String {
        var result = text.unicodeScalars.contains("\\") ? "E'" : "'"
        for scalar in text.unicodeScalars where scalar != "\0" {
            if scalar == "'" || scalar == "\\" { result.unicodeScalars.append(scalar) }
            result.unicodeScalars.append(scalar)
        }
        return result + "'"
    }

    /// A name in double quotes.
    public static func identifier(_ name: String) -> String {
        var result = "\""
        for scalar in name.unicodeScalars where scalar != "\0" {
            if scalar == "\"" { result += "\"" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    /// A point makes a literal numeric: whole numbers would be integers, whose arithmetic is another.
    private static func numeric(_ digits: String) -> String {
        let text = digits.utf8.contains(UInt8(ascii: ".")) ? digits : digits + ".0"
        return digits.utf8.first == UInt8(ascii: "-") ? "(\(text))" : text
    }
}
