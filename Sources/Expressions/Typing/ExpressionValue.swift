public import Core

/// A value of the language that is not NULL.
public enum ExpressionValue: Sendable, Hashable {
    /// A number.
    case number(ExactNumber)
    /// A text.
    case text(String)
    /// A day.
    case date(CalendarDay)
    /// True or false.
    case boolean(Bool)
}

/// What became of an expression on one row.
public enum Outcome<Value: Sendable & Hashable>: Sendable, Hashable {
    /// A value.
    case value(Value)
    /// NULL: something that is needed is not there.
    case unknown
    /// It cannot be said.
    case notEvaluable(FailureReason)
}
