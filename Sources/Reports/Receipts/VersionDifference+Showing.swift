internal import Core

extension VersionDifference.Sample {
    private var describedColumn: Column? {
        let set = DataSet.of(table)
        return column.flatMap(set.position(of:)).map { set.columns[$0] }
    }

    /// The column as people call it.
    func columnLabel(_ language: Language) -> String? {
        language == .chinese ? describedColumn?.header ?? column : column
    }

    /// A value as it may be shown.
    func shown(_ value: String?, _ language: Language) -> String? {
        guard let value else { return nil }
        if describedColumn?.isPersonal ?? false { return Phrases.masked[language] }
        return VisibleText.cut(value, limit: ShownFinding.valueLimit)
    }
}
