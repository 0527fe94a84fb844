import Core

/// Reads a period that somebody typed.
enum PeriodOption {
    static func period(_ text: String) throws -> Period {
        guard let period = Period(text) else {
            throw CommandError(
                .usage,
                Phrase("“\(text)” 不是期间，例如 2025、2025Q3、2025-07", "'\(text)' is no period: 2025, 2025Q3, 2025-07"))
        }
        return period
    }
}
