/// The name that was probably meant.
enum Nearest {
    /// The nearest name with at most two letters wrong, missing or too many; the first of several in the alphabet.
    static func name(to wanted: String, in names: [String]) -> String? {
        let letters = Array(wanted.utf8.prefix(80))
        var best: (name: String, distance: Int)?
        for name in names.sorted() {
            let distance = distance(letters, Array(name.utf8))
            if distance < best?.distance ?? 3 { best = (name, distance) }
        }
        return best?.name
    }

    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard abs(a.count - b.count) <= 2 else { return 3 }
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let change = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
