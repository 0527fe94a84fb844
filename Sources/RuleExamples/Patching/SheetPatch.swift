internal import Core
internal import Foundation
internal import Rules

/// Changes cells, rows and numbers of rows of a sheet.
///
/// A patch is a mapping of columns to values, or a list of such mappings. `row` says which row (`3`, `2-20`, `all`;
/// the first without it), `copy_of` adds a copy of a row before it is changed, `drop: true` takes rows away.
struct SheetPatch {
    let reader: ExampleReader
    /// The sheets as they were, for `${usage.1.amount}`.
    let base: ExampleCase

    func apply(_ node: ExampleNode, to sheet: inout ExampleSheet) throws(ExampleError) {
        for patch in reader.list(node) { try applyOne(patch, to: &sheet) }
    }

    private func applyOne(_ node: ExampleNode, to sheet: inout ExampleSheet) throws(ExampleError) {
        var cells: [ExampleNode.Entry] = []
        var rows: [Int]?
        var isDropped = false
        for entry in try reader.entries(node) {
            switch entry.key {
            case "row": rows = try selection(entry.value, count: sheet.rows.count)
            case "copy_of":
                let source = try reader.number(entry.value, in: 1...max(1, sheet.rows.count))
                sheet.rows.append(sheet.rows[source - 1])
                rows = [sheet.rows.count - 1]
            case "drop": isDropped = try reader.flag(entry.value)
            default:
                guard sheet.columns.contains(entry.key) else {
                    throw reader.unknown(entry, known: ["row", "copy_of", "drop"] + sheet.columns)
                }
                cells.append(entry)
            }
        }
        let chosen = rows ?? [0]
        if isDropped {
            for row in chosen.sorted(by: >) where row < sheet.rows.count { sheet.rows.remove(at: row) }
            return
        }
        for row in chosen {
            guard row < sheet.rows.count else { throw reader.fail("\(sheet.name) has no row \(row + 1)", at: node) }
            for cell in cells {
                sheet.rows[row][cell.key] = try value(cell.value, before: sheet.rows[row][cell.key] ?? "", row: row)
            }
        }
    }

    private func selection(_ node: ExampleNode, count: Int) throws(ExampleError) -> [Int] {
        let text = try reader.text(node)
        if text == "all" { return Array(0..<count) }
        let ends = text.split(separator: "-").map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 1, first <= last, last <= count,
            ends.count <= 2
        else { throw reader.fail("rows are 1 … \(count), '2-5' or 'all'", at: node) }
        return Array(first - 1..<last)
    }

    private func value(_ node: ExampleNode, before: String, row: Int) throws(ExampleError) -> String {
        guard case .mapping(let entries) = node.content else { return try filled(node, row: row) }
        guard let entry = entries.first else { throw reader.fail("a value is expected here", at: node) }
        switch entry.key {
        case "times", "plus":
            guard let old = Decimal(string: before, locale: nil),
                let operand = Decimal(string: try reader.text(entry.value), locale: nil)
            else { throw reader.fail("'\(before)' is no number to calculate with", at: node) }
            var result = entry.key == "times" ? old * operand : old + operand
            var rounded = Decimal()
            let places = before.split(separator: ".").count == 2 ? 2 : 4
            unsafe NSDecimalRound(&rounded, &result, places, .plain)
            return "\(rounded)"
        case "repeat":
            let text = try reader.text(entry.value)
            guard let count = entries.first(where: { $0.key == "count" }) else {
                throw reader.fail("'repeat' needs 'count'", at: node)
            }
            return String(repeating: text, count: try reader.number(count.value, in: 1...1_000_000))
        default: throw reader.unknown(entry, known: ["times", "plus", "repeat"])
        }
    }

    /// Replaces `${sheet.row.column}` by the cell of the base; `${sheet.column}` means the same row, `${year}` the period's.
    private func filled(_ node: ExampleNode, row: Int) throws(ExampleError) -> String {
        try ExampleText(reader: reader, base: base).filled(node, row: row)
    }
}

/// Texts with references to cells of the base.
struct ExampleText {
    let reader: ExampleReader
    let base: ExampleCase

    func filled(_ node: ExampleNode, row: Int = 0) throws(ExampleError) -> String {
        var rest = try reader.text(node)[...]
        var result = ""
        while let open = rest.range(of: "${") {
            result += rest[..<open.lowerBound]
            guard let close = rest[open.upperBound...].firstIndex(of: "}") else { break }
            if rest[open.upperBound..<close] == "year" {
                result += "\(base.period.year)"
                rest = rest[rest.index(after: close)...]
                continue
            }
            let parts = rest[open.upperBound..<close].split(separator: ".").map(String.init)
            let position = parts.count == 3 ? Int(parts[1]).map { $0 - 1 } : parts.count == 2 ? row : nil
            guard let position, let sheet = base[sheet: parts[0]], sheet.columns.contains(parts[parts.count - 1]),
                sheet.rows.indices.contains(position)
            else {
                throw reader.fail(
                    "'${\(parts.joined(separator: "."))}' names no cell; write ${usage.1.amount}", at: node)
            }
            result += sheet.rows[position][parts[parts.count - 1]] ?? ""
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
