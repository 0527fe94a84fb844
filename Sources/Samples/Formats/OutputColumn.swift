import Core

/// A column as it stands in a sample file.
enum OutputColumn: Sendable, Hashable {
    /// 序号
    case sequence
    /// A column of the table, by its position in the data set.
    case data(Int, header: String)
    /// A column that the table does not have, with the same text in every row.
    case unknown(header: String, text: String)

    /// The header.
    var header: String {
        switch self {
        case .sequence: "序号"
        case .data(_, let header), .unknown(let header, _): header
        }
    }
}

/// What is wrong with the header of a file.
enum HeaderChange: Sendable, Hashable {
    /// A column of the table is left out.
    case drop(column: String)
    /// A column that the table does not have stands at the end.
    case append(header: String)
    /// A column stands there twice, the second time under another of its headers.
    case double(column: String, header: String)
}

extension FileFormat {
    /// The columns of a table's file in their order.
    func columns(of dataSet: DataSet, changes: [HeaderChange] = [], using random: inout SeededGenerator)
        -> [OutputColumn]
    {
        var order = Array(dataSet.columns.indices)
        if isShuffled { order = random.shuffled(order) }
        for case .drop(let name) in changes { order.removeAll { dataSet.columns[$0].name == name } }
        var columns: [OutputColumn] = order.map { .data($0, header: header(of: dataSet.columns[$0])) }
        if hasSequence { columns.insert(.sequence, at: 0) }
        for change in changes {
            switch change {
            case .drop: break
            case .append(let header): columns.append(.unknown(header: header, text: "无备注"))
            case .double(let name, let header):
                guard let position = dataSet.position(of: name) else { break }
                columns.append(.data(position, header: header))
            }
        }
        return columns
    }

    /// The header of a column in this format.
    private func header(of column: Column) -> String {
        if isXML { return xmlName(of: column) }
        switch headers {
        case .chinese: return column.header
        case .english: return column.name
        case .alias: return column.aliases.first ?? column.header
        case .loose:
            var text = ""
            for character in column.header {
                switch character {
                case "（": text += " ("
                case "）": text += ")"
                default: text.append(character)
                }
            }
            return text.hasSuffix(" (元)") ? String(text.dropLast(4)) : text
        }
    }

    // Brackets cannot be part of the name of an element in XML parsers of the fourth edition, so headers with brackets
    // go by an alias without them, or else by their English name.
    private func xmlName(of column: Column) -> String {
        guard kind == .elements, headers != .english else {
            return kind == .fields && headers != .english ? column.header : column.name
        }
        if column.header.hasSuffix("（元）") { return String(column.header.dropLast(3)) }
        guard column.header.contains("（") else { return column.header }
        return column.aliases.first { !$0.contains("（") && $0 != "YPID" } ?? column.name
    }
}
