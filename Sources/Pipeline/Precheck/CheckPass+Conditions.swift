internal import Core
internal import Rules

extension CheckPass {
    /// What the conditions of the rule files say of a batch.
    mutating func checkConditions(
        _ batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ pass: inout FilePass
    ) -> [Observation] {
        let joins = SubmissionJoins(
            drugs: drugs, ordinals: pass.keys.ordinals, hasCatalogue: isCatalogueWhole,
            references: ReferenceJoins(environment.drugs, matches))
        if pass.conditions == nil {
            pass.conditions = ConditionCheck(
                plan, batch.dataSet, context: context, scopes: environment.rules.scopes, joined: joins,
                present: Set(pass.present), part: conditionPart)
        }
        pass.dataRows += typed.dataRows
        return pass.conditions?.observations(in: batch, typed, joined: joins, tally: &tally) ?? []
    }

    /// What the checks of rows are told besides the rows.
    var context: CheckContext {
        CheckContext(
            period: input.period, businessDate: environment.businessDate, senderCode: input.hospitalCode,
            province: settings.province, institutions: environment.institutions, divisions: environment.divisions)
    }

    /// The finding that each of a row's observations follows from: one on the same row that explains it, or what keeps
    /// the catalogue row of the drug aside.
    func roots(
        of observations: [Observation], drug: Int?, fingerprint: (Observation) -> Fingerprint
    ) -> [Fingerprint?] {
        let explained = environment.rules.explained
        let explaining = observations.filter { explained[$0.rule] != nil }
        let keptAside = drug.flatMap { drugs.root(of: $0) }
        guard !explaining.isEmpty || keptAside != nil else { return Array(repeating: nil, count: observations.count) }
        return observations.map { observation in
            if let root = explaining.first(where: { explained[$0.rule]?.contains(observation.rule) ?? false }) {
                return fingerprint(root)
            }
            guard let keptAside else { return nil }
            // G01 says that the drug has no row to stand on; why, is said there.
            let follows = observation.rule == "G01" || explained[keptAside.rule]?.contains(observation.rule) ?? false
            return follows ? keptAside.fingerprint : nil
        }
    }
}
