import Core
import Markup

/// What the names that stand in an XML file mean: which are columns, and how often the others came.
///
/// Names are numbers by then, so that for each of them the header is looked up once and from then on it is one index.
struct XMLColumnNames {
    /// What a name means where a column is expected.
    enum Meaning {
        case column(Int)
        case ignored
        case unknown
    }

    /// A name that names no column.
    struct Unknown {
        var name: String
        var line: Int
        var count: Int
    }

    /// The names in the order of their first appearance.
    private(set) var mappings: [HeaderMapping] = []
    private(set) var unknown: [Unknown] = []

    private let dataSet: DataSet
    private let index: HeaderIndex
    /// The headers without brackets, which cannot stand in the name of an element.
    private let unbracketed: [String: Int]
    private var tags: [Slot] = []
    private var fields: [Slot] = []
    private var fieldNames = NameTable(maximumCount: 4_096, maximumBytes: 1_024)

    /// What is known of one number: nothing yet, a column, ignored, or a position in `unknown`.
    private struct Slot {
        static let new = Slot(column: -3, unknown: -1)
        static let ignored = Slot(column: -2, unknown: -1)
        var column: Int
        var unknown: Int
    }

    init(_ dataSet: DataSet) {
        self.dataSet = dataSet
        index = HeaderIndex.of(dataSet.table)
        let keys = dataSet.columns.enumerated().map { (Self.unbracketedKey($1.header), $0) }
        unbracketed = Dictionary(keys, uniquingKeysWith: { first, _ in first })
    }

    /// The meaning of the name of an element or attribute, which has a number in the parser's table.
    mutating func meaning(ofTag number: Int, named name: @autoclosure () -> String, line: Int) -> Meaning {
        while tags.count <= number { tags.append(.new) }
        if tags[number].column == Slot.new.column { tags[number] = slot(for: name(), line: line) }
        return count(tags[number])
    }

    /// The meaning of the text in `<field name="…">`.
    mutating func meaning(ofField name: Span<UInt8>, line: Int) -> Meaning {
        let number = fieldNames.number(of: name)
        guard number != NameTable.none else { return .unknown }
        while fields.count <= number { fields.append(.new) }
        if fields[number].column == Slot.new.column {
            fields[number] = slot(for: fieldNames.string(of: number), line: line)
        }
        return count(fields[number])
    }

    private mutating func count(_ slot: Slot) -> Meaning {
        if slot.column >= 0 { return .column(slot.column) }
        guard slot.unknown >= 0 else { return .ignored }
        unknown[slot.unknown].count += 1
        return .unknown
    }

    private mutating func slot(for name: String, line: Int) -> Slot {
        let match = index[name] ?? unbracketed[Self.unbracketedKey(name)].map(HeaderIndex.Match.column)
        let isNew = !mappings.contains { $0.header == name }
        switch match {
        case .column(let column):
            if isNew { mappings.append(HeaderMapping(header: name, column: dataSet.columns[column].name)) }
            return Slot(column: column, unknown: -1)
        case .ignored:
            if isNew { mappings.append(HeaderMapping(header: name, column: nil)) }
            return .ignored
        case nil:
            if isNew { mappings.append(HeaderMapping(header: name, column: nil)) }
            if let known = unknown.firstIndex(where: { $0.name == name }) { return Slot(column: -1, unknown: known) }
            unknown.append(Unknown(name: name, line: line, count: 0))
            return Slot(column: -1, unknown: unknown.count - 1)
        }
    }

    private static func unbracketedKey(_ header: String) -> String {
        HeaderIndex.key(header).filter { $0 != "(" && $0 != ")" }
    }
}
