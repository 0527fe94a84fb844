public import Core

/// The comparison of a period as JSON and as files for a spreadsheet.
public enum ComparisonFiles {
    /// The whole report.
    public static func json(_ report: ComparisonReport) -> JSON {
        var all: [JSON.Member] = [
            .init("period", .string(report.period.description)), .init("library_version", .text(report.libraryVersion)),
        ]
        all += members(of: report.total)
        let institutions = report.institutions.map { entry -> JSON in
            var own: [JSON.Member] = [
                .init("hospital_code", .string(entry.hospitalCode)), .init("name", .text(entry.name)),
                .init("submission_id", .integer(entry.submission.rawValue)),
                .init("previous_period", .text(entry.previous?.description)),
            ]
            own += members(of: entry)
            return .object(own)
        }
        all.append(.init("institutions", .array(institutions)))
        return .object(all)
    }

    private static func members(of entry: ComparisonReport.Institution) -> [JSON.Member] {
        let drugs = entry.drugs
        func counts(_ values: [(String, Int)]) -> JSON {
            .object(values.sorted { $0.0 < $1.0 }.map { .init($0.0, .integer($0.1)) })
        }
        return [
            .init("drugs", .integer(drugs.total)), .init("matched", .integer(drugs.matched)),
            .init("open", .integer(drugs.open)), .init("decided_by_people", .integer(drugs.byPeople)),
            .init("mean_score", drugs.meanScore.map { .decimal(FixedPoint.text(Int64($0), decimals: 2)) } ?? .null),
            .init("states", counts(drugs.states.map { ($0.key.rawValue, $0.value) })),
            .init("methods", counts(drugs.methods.map { ($0.key, $0.value) })),
            .init("reasons", counts(drugs.reasons.map { ($0.key, $0.value) })),
            .init("rows", .integer(entry.rows)), .init("matched_rows", .integer(entry.matchedRows)),
            .init("amount", .decimal(money(entry.amount))),
            .init("matched_amount", .decimal(money(entry.matchedAmount))),
            .init("changes", counts(CatalogueChange.Kind.allCases.map { ($0.rawValue, entry.changes[$0] ?? 0) })),
        ]
    }

    private static func money(_ fen: Int) -> String { FixedPoint.text(Int64(fen), decimals: 2) }

    /// One row for each institution: header and rows, UTF-8 with a mark at its begin, formula-safe.
    public static func csv(_ report: ComparisonReport) -> [UInt8] {
        let methods = Set(report.institutions.flatMap(\.drugs.methods.keys)).sorted()
        let reasons = Set(report.institutions.flatMap(\.drugs.reasons.keys)).sorted()
        var header = [
            "period", "hospital_code", "name", "drugs", "matched", "open", "decided_by_people", "mean_score", "rows",
            "matched_rows", "amount", "matched_amount", "previous_period",
        ]
        header += CatalogueChange.Kind.allCases.map(\.rawValue)
        header += methods.map { "method_\($0)" }
        header += reasons.map { "reason_\($0)" }
        var bytes = CSVLine.byteOrderMark + CSVLine.bytes(header)
        for entry in report.institutions {
            let drugs = entry.drugs
            var cells = [report.period.description, entry.hospitalCode, entry.name ?? ""]
            cells += [drugs.total, drugs.matched, drugs.open, drugs.byPeople].map(String.init)
            cells += [
                drugs.meanScore.map { FixedPoint.text(Int64($0), decimals: 2) } ?? "", "\(entry.rows)",
                "\(entry.matchedRows)", money(entry.amount), money(entry.matchedAmount),
                entry.previous?.description ?? "",
            ]
            cells += CatalogueChange.Kind.allCases.map { kind in
                entry.previous == nil ? "" : "\(entry.changes[kind] ?? 0)"
            }
            cells += methods.map { "\(drugs.methods[$0] ?? 0)" }
            cells += reasons.map { "\(drugs.reasons[$0] ?? 0)" }
            bytes += CSVLine.bytes(cells)
        }
        return bytes
    }

    /// What the file of changes begins with.
    public static var changesHeader: [UInt8] {
        var header = ["hospital_code", "hospital_drug_code", "change", "columns"]
        for column in described { header += ["\(column.name)_before", "\(column.name)_after"] }
        return CSVLine.byteOrderMark + CSVLine.bytes(header)
    }

    /// A drug that changed.
    public static func row(_ change: CatalogueChange) -> [UInt8] {
        var cells = [
            change.hospitalCode, change.hospitalDrugCode, change.kind.rawValue, change.columns.joined(separator: " "),
        ]
        for column in described {
            cells.append(change.before.flatMap(column.value) ?? "")
            cells.append(change.after.flatMap(column.value) ?? "")
        }
        return CSVLine.bytes(cells)
    }

    private static let described: [(name: String, value: @Sendable (DrugDescription) -> String?)] = [
        ("product_name", { $0.productName }), ("strength", { $0.strength }), ("manufacturer", { $0.manufacturer }),
        ("approval_number", { $0.approvalNumber }), ("conversion_factor", { $0.conversionFactor }),
    ]
}
