import Core

/// Numbers as people read them.
enum NumberText {
    /// `1,234,567`
    static func grouped(_ value: Int) -> String {
        if (0..<1_000).contains(value) { return String(value) }
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A number with so many decimals, rounded; 0 for what is no number.
    static func fixed(_ value: Double, decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let units = (value * scale).rounded()
        guard units.isFinite, units.magnitude < 9e15 else { return "0" }
        var digits = Array(String(Int(units.magnitude)))
        guard decimals > 0 else { return (units < 0 ? "-" : "") + String(digits) }
        while digits.count <= decimals { digits.insert("0", at: 0) }
        digits.insert(".", at: digits.count - decimals)
        return (units < 0 ? "-" : "") + String(digits)
    }

    /// `93.5%`; never 100 % of less than all, never 0 % of more than none.
    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "—" }
        let exact = Double(part) / Double(whole) * 100
        if part < whole, exact > 99.95 { return "99.9%" }
        if part > 0, exact < 0.05 { return "<0.1%" }
        let text = fixed(exact, decimals: 1)
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "%"
    }

    /// `93.05%` of hundredths of a per cent; `—` where there is nothing.
    static func percent(hundredths: Int?) -> String {
        hundredths.map { FixedPoint.text(Int64($0), decimals: 2) + "%" } ?? "—"
    }

    /// `93.05` of hundredths of a point; `—` where there is nothing.
    static func points(_ hundredths: Int?) -> String {
        hundredths.map { FixedPoint.text(Int64($0), decimals: 2) } ?? "—"
    }

    /// `+12`, `−3`, `±0`
    static func change(_ value: Int) -> String {
        value == 0 ? "±0" : (value < 0 ? "−" : "+") + grouped(abs(value))
    }

    /// A price with four significant figures at least, and no decimals that say nothing.
    static func price(_ value: Double) -> String {
        guard value.isFinite else { return "—" }
        let decimals = value.magnitude >= 1000 ? 0 : value.magnitude >= 10 ? 2 : value.magnitude >= 0.1 ? 4 : 6
        var text = fixed(value, decimals: decimals)
        if text.contains(".") {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return text
    }

    /// `1.2 MB`
    static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1000: "\(bytes) B"
        case ..<1_000_000: fixed(Double(bytes) / 1000, decimals: 1) + " kB"
        default: fixed(Double(bytes) / 1_000_000, decimals: 1) + " MB"
        }
    }
}
