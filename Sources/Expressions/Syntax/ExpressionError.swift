public import Core

/// Why a text is no expression of the language, and where.
public struct ExpressionError: Error, Sendable, Hashable {
    /// The place in the expression.
    public let position: SourcePosition
    /// What is wrong.
    public let problem: Problem

    init(_ problem: Problem, at position: SourcePosition) {
        self.position = position
        self.problem = problem
    }

    /// What can be wrong.
    public enum Problem: Sendable, Hashable {
        /// Something else was expected here.
        case unexpected(found: Phrase, expected: Phrase)
        /// A character that has no meaning here, and the one that was probably meant.
        case strangeCharacter(String, meant: String?)
        /// A text without its closing quote.
        case openText
        /// A number that is not written as one, or beyond the limits.
        case badNumber(String)
        /// A day that does not exist or is not written `2025-01-31`.
        case badDate(String)
        /// An ESCAPE that is not one character, or a pattern that ends with it.
        case badEscape
        /// Comparisons in a row: `a < b < c`.
        case chainedComparison
        /// More parts within parts than can be dealt with.
        case tooDeep
        /// A text longer than can be dealt with.
        case tooLong
        /// No such column; the nearest that there is.
        case unknownColumn(String, nearest: String?)
        /// No such threshold; the nearest that there is.
        case unknownThreshold(String, nearest: String?)
        /// No such function; the nearest that there is.
        case unknownFunction(String, nearest: String?)
        /// A function with too few or too many arguments.
        case argumentCount(function: String, expected: ClosedRange<Int>, found: Int)
        /// A part of another type than is needed.
        case wrongType(found: Phrase, expected: Phrase)
        /// A part that must be written out as a whole number between two bounds.
        case notAWholeNumber(ClosedRange<Int>)
        /// A part of a list or a WHEN that must be a plain value or a column.
        case notPlain(allowsColumns: Bool)
        /// A CASE that gives text or a day and rests on a condition that may fail.
        case mayFail
        /// A threshold without a value, or with one that does not fit its type.
        case badThresholdValue(String)
    }
}

extension ExpressionError: CustomStringConvertible {
    /// `1:7: error: there is no column 'amout'`, and the hint on a second line.
    public var description: String { text(.english) }

    /// Place, what is wrong and what to do about it, in one language.
    public func text(_ language: Language) -> String {
        let label = Phrase("错误", "error")[language]
        let hintLabel = Phrase("提示", "hint")[language]
        return "\(position): \(label): \(problem.sentence[language])"
            + (problem.hint.map { "\n  \(hintLabel): \($0[language])" } ?? "")
    }
}

extension ExpressionError.Problem {
    /// What is wrong, as a sentence.
    public var sentence: Phrase {
        switch self {
        case .unexpected(let found, let expected):
            Phrase(
                "此处应为\(expected.chinese)，实为\(found.chinese)",
                "expected \(expected.english), found \(found.english)")
        case .strangeCharacter(let character, _):
            Phrase("不认识的字符“\(character)”", "the character '\(character)' has no meaning here")
        case .openText: Phrase("文本缺少结尾的单引号", "the text has no closing quote")
        case .badNumber(let text): Phrase("“\(text)”不是数字", "'\(text)' is not a number")
        case .badDate(let text): Phrase("“\(text)”不是日期", "'\(text)' is not a day")
        case .badEscape:
            Phrase("ESCAPE 须为单个字符，且模式不能以它结尾", "ESCAPE is one character, and a pattern cannot end with it")
        case .chainedComparison: Phrase("比较不能连写", "comparisons cannot stand in a row")
        case .tooDeep: Phrase("表达式嵌套过深", "the expression has too many parts within parts")
        case .tooLong: Phrase("表达式过长", "the expression is too long")
        case .unknownColumn(let name, _): Phrase("没有列“\(name)”", "there is no column '\(name)'")
        case .unknownThreshold(let name, _): Phrase("没有阈值“\(name)”", "there is no threshold '\(name)'")
        case .unknownFunction(let name, _): Phrase("没有函数“\(name)”", "there is no function '\(name)'")
        case .argumentCount(let function, let expected, let found):
            Phrase(
                "\(function) 需要 \(ExpressionError.Problem.text(expected)) 个参数，实有 \(found) 个",
                "\(function) takes \(ExpressionError.Problem.text(expected)) arguments, found \(found)")
        case .wrongType(let found, let expected):
            Phrase(
                "此处应为\(expected.chinese)，实为\(found.chinese)", "expected \(expected.english), found \(found.english)")
        case .notAWholeNumber(let range):
            Phrase(
                "此处须写出 \(range.lowerBound) 至 \(range.upperBound) 的整数",
                "a whole number from \(range.lowerBound) to \(range.upperBound) must be written here")
        case .notPlain(let allowsColumns):
            allowsColumns
                ? Phrase("此处只能是值、阈值或列，不能是 NULL", "only values, thresholds and columns can stand here, not NULL")
                : Phrase("此处只能是值或阈值，不能是 NULL", "only values and thresholds can stand here, not NULL")
        case .mayFail:
            Phrase(
                "得出文本或日期的 CASE 不能依赖可能无法计算的条件",
                "a CASE that gives text or a day cannot rest on a condition that may fail")
        case .badThresholdValue(let name):
            Phrase("阈值“\(name)”没有值或类型不符", "the threshold '\(name)' has no value of its type")
        }
    }

    /// What to do about it.
    public var hint: Phrase? {
        switch self {
        case .strangeCharacter(_, let meant?): Phrase("是否为“\(meant)”？", "did you mean '\(meant)'?")
        case .openText: Phrase("文本中的单引号要写两次：'it''s'", "a quote within a text is written twice: 'it''s'")
        case .badNumber:
            Phrase("最多 24 位整数、12 位小数：1234.5", "up to 24 digits before the point and 12 behind it: 1234.5")
        case .badDate: Phrase("写作 DATE '2025-01-31'", "write DATE '2025-01-31'")
        case .chainedComparison: Phrase("写作 a < b AND b < c", "write a < b AND b < c")
        case .unknownColumn(_, let nearest?), .unknownThreshold(_, let nearest?), .unknownFunction(_, let nearest?):
            Phrase("是否为“\(nearest)”？", "did you mean '\(nearest)'?")
        case .notPlain(false): Phrase("写作 CASE WHEN x = … THEN …", "write CASE WHEN x = … THEN …")
        case .notPlain(true): Phrase("写作 x = … OR x IS NULL", "write x = … OR x IS NULL")
        case .mayFail: Phrase("除数写作 NULLIF(x, 0)", "write a divisor as NULLIF(x, 0)")
        default: nil
        }
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        if range.upperBound == .max { return "≥ \(range.lowerBound)" }
        return range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
    }
}
