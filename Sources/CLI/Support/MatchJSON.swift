import Core
import Pipeline
import Reports

/// Comparison tasks and items as JSON. Scores are per cent.
enum MatchJSON {
    static func task(_ task: MatchTask) -> JSON {
        .object([
            .init("task", .string(task.task)), .init("source", .string(task.source)),
            .init("hospital_code", text(task.hospitalCode)), .init("library_version", text(task.libraryVersion)),
            .init("created_at", .string(task.createdAt.description)), .init("created_by", .string(task.createdBy)),
            .init("status", .string(task.isDone ? "done" : "open")), .init("total", .integer(task.total)),
            .init(
                "states",
                .object(MatchState.allCases.map { .init($0.rawValue, .integer(task.states[$0.rawValue] ?? 0)) })),
        ])
    }

    static func item(_ item: MatchItem) -> JSON { .object(members(of: item)) }

    static func members(of item: MatchItem) -> [JSON.Member] {
        [
            .init("item", .integer(item.item)), .init("version", .integer(item.version)),
            .init("hospital_code", text(item.hospitalCode)),
            .init("hospital_drug_code", .string(item.drug.hospitalDrugCode)),
            .init("product_name", .string(item.drug.productName)), .init("generic_name", text(item.drug.genericName)),
            .init("strength", text(item.drug.strength)), .init("dosage_form", text(item.drug.dosageForm)),
            .init("manufacturer", text(item.drug.manufacturer)),
            .init("approval_number", text(item.drug.approvalNumber)),
            .init("conversion_factor", text(item.drug.conversionFactor)), .init("ypid", text(item.drug.ypid)),
            .init("state", .string(item.state.rawValue)), .init("matched_ypid", text(item.matchedYPID)),
            .init("equivalence", text(item.equivalence?.rawValue)),
            .init("method", text(item.method)), .init("level", text(item.level)), .init("score", score(item.score)),
            .init("reason", text(item.reason)), .init("library_version", text(item.libraryVersion)),
            .init("decided_by", text(item.decidedBy)), .init("decided_at", text(item.decidedAt?.description)),
            .init("rows", item.rows.map(JSON.integer) ?? .null),
            .init(
                "amount",
                item.amount.map { .decimal(FixedPoint.text(Int64($0), decimals: 2)) } ?? .null),
            .init("candidates", .array(item.candidates.map(candidate))),
        ]
    }

    static func candidate(_ candidate: MatchCandidate) -> JSON {
        .object([
            .init("ypid", .string(candidate.ypid)), .init("score", score(candidate.score)),
            .init("vetoes", .array(candidate.vetoes.map(JSON.string))),
        ])
    }

    static func event(_ event: MatchEvent) -> JSON {
        .object([
            .init("at", .string(event.at.description)), .init("by", .string(event.by)),
            .init("action", .string(event.action)), .init("state_before", .string(event.stateBefore.rawValue)),
            .init("ypid_before", text(event.ypidBefore)), .init("decided_by_before", text(event.decidedByBefore)),
            .init("state_after", .string(event.stateAfter.rawValue)), .init("ypid_after", text(event.ypidAfter)),
            .init("equivalence_after", text(event.equivalenceAfter?.rawValue)),
            .init("reason", text(event.reason)), .init("resolved", .integer(event.resolved)),
        ])
    }

    static func other(_ other: OtherDecisions) -> JSON {
        .object([
            .init("ypid", text(other.ypid)), .init("state", .string(other.state.rawValue)),
            .init("count", .integer(other.count)),
        ])
    }

    static func field(_ field: FieldComparison) -> JSON {
        .object([
            .init("field", .string(field.field)), .init("agreement", .string(field.agreement)),
            .init("hospital", .string(field.hospital)), .init("library", .string(field.library)),
        ])
    }

    static func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }

    static func score(_ value: Int?) -> JSON { value.map { .decimal(MatchTexts.score($0)) } ?? .null }
}

/// How comparisons are written for people and in tables.
enum MatchTexts {
    /// Hundredths of a per cent as per cent: `99.87`.
    static func score(_ value: Int) -> String { FixedPoint.text(Int64(value), decimals: 2) }

    static func drug(_ drug: DrugDescription) -> String {
        [drug.productName, drug.strength, drug.conversionFactor.map { "×\($0)" }, drug.manufacturer].compactMap { $0 }
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    static func counts(_ states: [String: Int], _ language: Language) -> String {
        MatchState.allCases.compactMap { state in
            guard let count = states[state.rawValue], count > 0 else { return nil }
            return "\(state.phrase[language]) \(count)"
        }.joined(separator: language == .chinese ? "，" : ", ")
    }

    /// What other institutions decided, dissent included: `31 other institutions: 29 × Y1, 2 × Y2`; `nil` for none.
    static func evidence(_ others: [OtherDecisions], _ language: Language) -> String? {
        guard !others.isEmpty else { return nil }
        let total = others.reduce(0) { $0 + $1.count }
        let list = others.map { "\($0.count) × \($0.ypid ?? $0.state.phrase[language])" }
            .joined(separator: language == .chinese ? "，" : ", ")
        let answers = Phrase("同一描述，其他 \(total) 家机构的决定：\(list)", "\(total) other institutions decided on it: \(list)")[
            language]
        guard others.count > 1 else { return answers }
        return answers + Phrase("（意见不一）", " (they disagree)")[language]
    }

    /// What to do about the code that the hospital supplied, where it cannot be used.
    static func advice(_ item: MatchItem) -> Phrase? {
        guard let code = item.drug.ypid, let supplied = item.evidence["supplied_code"] else { return nil }
        let library = item.libraryVersion ?? "-"
        switch supplied {
        case "unknown":
            return Phrase(
                "上报编码 \(code) 不在药品库 \(library) 中：请从候选中选择（match decide）；若编码刚发布，请先导入新版药品库；若库中确无此药，请申请新编码并用 --no-match 记录",
                "the supplied code \(code) is not in library \(library): choose a candidate (match decide); where the code is new, import the newer library first; where the library has no such drug, apply for a code and note it with --no-match"
            )
        case "retired":
            return Phrase(
                "上报编码 \(code) 在药品库 \(library) 中已停用：请选择替代编码（match candidates \(item.item)）",
                "the supplied code \(code) is no longer in use in library \(library): choose its successor (match candidates \(item.item))"
            )
        case let fields where fields.hasPrefix("contradicted"):
            let which = fields.split(separator: ":").dropFirst().joined().trimmingPrefix(" ")
            return Phrase(
                "上报编码 \(code) 与医院自己的描述不符（\(which)）：请核对目录，确认编码或改正描述",
                "the supplied code \(code) contradicts the hospital's own description (\(which)): check the catalogue, then confirm the code or mend the description"
            )
        default: return nil
        }
    }
}
