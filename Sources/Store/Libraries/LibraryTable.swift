import Core
import Postgres

/// How a kind of library is stored: its table, its key, and each column's name and type.
struct LibraryTable {
    enum Kind {
        case text
        /// One of a few words.
        case word([String])
        /// So many digits.
        case digits(Int)
        case day
        /// A whole number out of a few.
        case number(Set<Int>)
        /// 0 or 1; the value where it is blank.
        case flag(blank: Bool?)
        /// Kept as units of so many decimals, out of the value's own (2 for yuan, stored as fen; 4 for the rest).
        case decimal(Int)
    }

    struct Field {
        var name: String
        var kind: Kind
        var isRequired: Bool
    }

    let name: String
    let key: String
    let fields: [Field]

    static func of(_ kind: LibraryKind) -> LibraryTable {
        switch kind {
        case .institutions:
            LibraryTable(
                name: "yaoce.library_institution", key: "hospital_code",
                fields: [
                    required("hospital_code"), required("org_code"), required("name"),
                    Field(name: "level", kind: .number([3, 2, 1, 9]), isRequired: true),
                    Field(name: "grade", kind: .number([1, 2, 3]), isRequired: false),
                    Field(name: "division_code", kind: .digits(6), isRequired: true),
                    optional("city"), optional("county"),
                    Field(name: "is_primary", kind: .flag(blank: false), isRequired: false),
                    Field(name: "must_report", kind: .flag(blank: true), isRequired: false),
                    Field(name: "declared_income", kind: .decimal(2), isRequired: false),
                    optional("valid_from", .day), optional("valid_to", .day), optional("lead_hospital_code"),
                ])
        case .drugs:
            LibraryTable(
                name: "yaoce.library_drug", key: "ypid",
                fields: [
                    required("ypid"), optional("nhsa_code"), optional("standard_code"), optional("approval_number"),
                    optional("generic_name"), required("product_name"), optional("trade_name"),
                    optional("manufacturer"), optional("holder"),
                    optional("category", .word(["chemical", "tcm", "biological"])), optional("dosage_form"),
                    optional("strength"), optional("dosage_unit"), optional("pack_unit"),
                    optional("conversion_factor", .decimal(4)), optional("is_essential", .flag(blank: nil)),
                    optional("is_central_procurement", .flag(blank: nil)), optional("list_price", .decimal(4)),
                    optional("award_price", .decimal(4)),
                    optional("status", .word(["active", "disabled", "deleted"])), optional("valid_from", .day),
                    optional("valid_to", .day), optional("successor_ypid"),
                ])
        case .divisions:
            LibraryTable(
                name: "yaoce.library_division", key: "division_code",
                fields: [
                    Field(name: "division_code", kind: .digits(6), isRequired: true), required("name"),
                    optional("valid_from", .day),
                    optional("valid_to", .day),
                ])
        }
    }

    private static func required(_ name: String) -> Field { Field(name: name, kind: .text, isRequired: true) }
    private static func optional(_ name: String, _ kind: Kind = .text) -> Field {
        Field(name: name, kind: kind, isRequired: false)
    }
}

/// A value of a library row in the form in which it is copied.
enum LibraryValue {
    case null
    case text(String)
    case day(CalendarDay)
    case small(Int16)
    case flag(Bool)
    case units(Int64)

    /// Reads a value; a phrase where it is wrong.
    static func read(_ text: String?, as field: LibraryTable.Field) -> Result<LibraryValue, Wrong> {
        guard let text, !text.isEmpty else {
            if case .flag(let blank?) = field.kind { return .success(.flag(blank)) }
            return field.isRequired ? .failure(Wrong("缺少必填值", "is required")) : .success(.null)
        }
        switch field.kind {
        case .text: return .success(.text(text))
        case .word(let allowed):
            guard allowed.contains(text) else {
                let list = allowed.joined(separator: ", ")
                return .failure(Wrong("应为 \(list) 之一", "must be one of \(list)"))
            }
            return .success(.text(text))
        case .digits(let count):
            guard text.utf8.count == count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return .failure(Wrong("应为 \(count) 位数字", "must be \(count) digits"))
            }
            return .success(.text(text))
        case .day:
            guard let day = CalendarDay(text) else { return .failure(Wrong("不是日期", "is no date (yyyy-MM-dd)")) }
            return .success(.day(day))
        case .number(let allowed):
            guard let number = Int(text), allowed.contains(number) else {
                let list = allowed.sorted().map(String.init).joined(separator: ", ")
                return .failure(Wrong("应为 \(list) 之一", "must be one of \(list)"))
            }
            return .success(.small(Int16(number)))
        case .flag:
            switch text {
            case "0": return .success(.flag(false))
            case "1": return .success(.flag(true))
            default: return .failure(Wrong("应为 0 或 1", "must be 0 or 1"))
            }
        case .decimal(let decimals):
            let bytes = Array(text.utf8)
            guard case .value(let units, _) = NumberReading(bytes.span, decimals: decimals, limit: .max), units >= 0
            else {
                return .failure(Wrong("不是非负数", "is no number of 0 or more"))
            }
            return .success(.units(units))
        }
    }

    struct Wrong: Error {
        var phrase: Phrase
        init(_ chinese: String, _ english: String) { phrase = Phrase(chinese, english) }
    }

    func append(to writer: inout BinaryCopyWriter) {
        switch self {
        case .null: writer.appendNull()
        case .text(let text): writer.append(text)
        case .day(let day): writer.append(day.daysSince2000)
        case .small(let number): writer.append(number)
        case .flag(let flag): writer.append(flag)
        case .units(let units): writer.append(units)
        }
    }
}
