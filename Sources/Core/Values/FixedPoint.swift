/// Numbers kept as whole units of their last decimal, shown with their point.
public enum FixedPoint {
    /// `125000` with 4 decimals is `12.5000`.
    public static func text(_ units: Int64, decimals: Int) -> String {
        guard decimals > 0 else { return "\(units)" }
        var digits = Array(String(units.magnitude).utf8)
        while digits.count <= decimals { digits.insert(UInt8(ascii: "0"), at: 0) }
        digits.insert(UInt8(ascii: "."), at: digits.count - decimals)
        if units < 0 { digits.insert(UInt8(ascii: "-"), at: 0) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The same without zeros at its end: `12.5`.
    public static func shortText(_ units: Int64, decimals: Int) -> String {
        var text = text(units, decimals: decimals)
        guard decimals > 0 else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    /// The largest magnitude that numeric(16,2), numeric(18,4), numeric(12,4) or a count of five digits can hold.
    public static func limit(of kind: ColumnKind) -> Int64 {
        switch kind {
        case .amount: 9_999_999_999_999_999
        case .quantity: 999_999_999_999_999_999
        case .factor: 999_999_999_999
        case .count: 9_999_999_999
        case .flag: 9
        case .text, .code, .date: 0
        }
    }
}
