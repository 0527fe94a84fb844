public import Core

/// Why a decision on a drug was not taken.
public struct MatchError: Error, Sendable, Hashable {
    /// What happened.
    public enum Problem: Sendable, Hashable {
        /// There is no item with this number.
        case noSuchItem(Int)
        /// There is no task with this number.
        case noSuchTask(String)
        /// Somebody decided in between.
        case decidedMeanwhile(item: Int, by: String, at: Timestamp?, state: MatchState, ypid: String?)
        /// The library in force has no such code in use.
        case unknownCode(String, libraryVersion: String)
        /// No drug library is published.
        case noLibrary
        /// A decision without a reason or a name.
        case missing(Phrase)
        /// The second reader is the first one.
        case sameReader(String)
        /// There is nothing to revoke.
        case notDecided(Int)
    }

    /// What happened.
    public var problem: Problem

    /// An error.
    public init(problem: Problem) { self.problem = problem }

    /// What happened and what to do, for people.
    public var phrase: Phrase {
        switch problem {
        case .noSuchItem(let item):
            Phrase(
                "没有编号为 \(item) 的比对条目（yaoce match list --status proposed）",
                "there is no item \(item) (yaoce match list --status proposed)")
        case .noSuchTask(let task):
            Phrase("没有编号为 \(task) 的比对任务（yaoce match list）", "there is no task \(task) (yaoce match list)")
        case .decidedMeanwhile(let item, let by, let at, let state, let ypid):
            Phrase(
                "条目 \(item) 已由 \(by) 于 \(at?.description ?? "-") 处理为“\(state.phrase.chinese)”\(ypid.map { " \($0)" } ?? "")；未作更改，请重新查看后再决定",
                "item \(item) was decided by \(by) at \(at?.description ?? "-"): \(state.rawValue)\(ypid.map { " \($0)" } ?? ""); nothing was changed, look again and then decide"
            )
        case .unknownCode(let ypid, let version):
            Phrase(
                "药品库 \(version) 中没有在用的编码 \(ypid)（yaoce match candidates 可查候选）",
                "library \(version) has no code \(ypid) in use (see yaoce match candidates)")
        case .noLibrary:
            Phrase(
                "没有已发布的药品库（yaoce library import drugs … --publish）",
                "no drug library is published (yaoce library import drugs … --publish)")
        case .missing(let what): what
        case .sameReader(let name):
            Phrase("复核人不能是初审人 \(name)", "the second reader must be somebody else than \(name)")
        case .notDecided(let item): Phrase("条目 \(item) 没有可撤销的决定", "item \(item) has no decision to revoke")
        }
    }
}

extension MatchError {
    /// Whether what was asked for makes no sense, rather than that somebody else was there first.
    public var isUsage: Bool {
        switch problem {
        case .decidedMeanwhile, .noLibrary: false
        default: true
        }
    }
}

extension MatchError: CustomStringConvertible {
    /// In English.
    public var description: String { phrase.english }
}
