/// Works on a list in as many pieces as there are workers, at the same time; the answers keep the order of the list.
func inPieces<Element: Sendable, Answer: Sendable>(
    of list: [Element], workers: Int, least: Int = 200, _ body: @escaping @Sendable (ArraySlice<Element>) -> [Answer]
) async -> [Answer] {
    let pieces = max(1, min(workers, list.count / least))
    guard pieces > 1 else { return body(list[...]) }
    let size = (list.count + pieces - 1) / pieces
    return await withTaskGroup(of: (Int, [Answer]).self) { tasks in
        for piece in 0..<pieces {
            let part = list.dropFirst(piece * size).prefix(size)
            tasks.addTask { (piece, body(part)) }
        }
        var answers: [[Answer]] = Array(repeating: [], count: pieces)
        for await (piece, part) in tasks { answers[piece] = part }
        return answers.flatMap { $0 }
    }
}
