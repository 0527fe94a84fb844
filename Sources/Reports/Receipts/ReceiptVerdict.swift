import Core

/// The outcome in plain words: what happened, and what the hospital does now.
struct ReceiptVerdict {
    let tone: Tone
    let headline: Phrase
    let explanation: Phrase
    let steps: [Phrase]
    /// What the sentences have places for.
    let values: [String: String]

    init(_ receipt: ReceiptBuilder) {
        let report = receipt.report
        let rows = receipt.rows
        values = [
            "loaded": NumberText.grouped(rows.loaded), "quarantined": NumberText.grouped(rows.quarantined),
            "read": NumberText.grouped(rows.read), "date": report.withdrawnAt.map(Labels.time) ?? "",
        ]
        let hasFixFiles = !receipt.links.fixFiles.isEmpty
        let correct = hasFixFiles ? Phrases.stepCorrect : Phrases.stepCorrectInSystem
        if report.withdrawnAt != nil {
            (tone, headline, explanation) = (.quiet, Phrases.withdrawnHeadline, Phrases.withdrawnText)
            steps = [Phrases.stepWithdrawn]
        } else if report.setAsideReason != nil {
            (tone, headline, explanation) = (.bad, Phrases.setAsideHeadline, Phrases.setAsideText)
            steps = [Phrases.stepSetAside]
        } else {
            switch report.verdict {
            case .passed:
                (tone, headline, explanation) = (.good, Phrases.passedHeadline, Phrases.passedText)
                steps = [Phrases.stepNothing]
            case .passedWithWarnings:
                (tone, headline, explanation) = (.good, Phrases.warningsHeadline, Phrases.warningsText)
                steps = [Phrases.stepNoResend, Phrases.stepReadWarnings]
            case .partlyLoaded:
                (tone, headline, explanation) = (.caution, Phrases.partlyHeadline, Phrases.partlyText)
                steps = [hasFixFiles ? Phrases.stepFixFiles : Phrases.stepFindings, correct, Phrases.stepResend]
            case .returned:
                (tone, headline, explanation) = (.bad, Phrases.returnedHeadline, Phrases.returnedText)
                steps =
                    [receipt.causes.isEmpty ? Phrases.stepAsk : Phrases.stepCauses]
                    + (hasFixFiles ? [Phrases.stepFixFiles] : []) + [correct, Phrases.stepResend]
            case nil:
                (tone, headline, explanation) = (.quiet, Phrases.waitingHeadline, Phrases.waitingText)
                steps = [Phrases.stepWait]
            }
        }
    }

    /// The headline in both languages, with its figures.
    var filledHeadline: Phrase {
        Phrase(headline.filled(.chinese, values), headline.filled(.english, values))
    }
}
