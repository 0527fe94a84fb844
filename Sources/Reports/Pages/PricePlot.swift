import Core
import Glibc

/// How the institutions' prices of a drug lie on a logarithmic scale, with the benchmark's band and the prices that rules
/// question.
struct PricePlot {
    private static let width = 800.0
    private static let left = 20.0
    private static let base = 104.0
    private static let marksLimit = 40

    let distribution: PriceDistribution
    /// Prices that a rule questions.
    let questioned: [Double]
    let id: HTML
    let parts: PageParts

    private let low: Double
    private let high: Double

    init(_ distribution: PriceDistribution, questioned: [Double], id: HTML, parts: PageParts) {
        self.distribution = distribution
        self.questioned = questioned.filter { $0.isFinite && $0 > 0 }
        self.id = id
        self.parts = parts
        var values = [distribution.lowest, distribution.highest] + self.questioned
        if let benchmark = distribution.benchmark { values += [benchmark.p5, benchmark.p95, benchmark.median] }
        values = values.filter { $0.isFinite && $0 > 0 }
        let (least, most) = (values.min() ?? 1, values.max() ?? 1)
        // Room at both ends, and something to see where all prices are one.
        let room = max((log(most) - log(least)) * 0.04, 0.05)
        low = log(least) - room
        high = log(most) + room
    }

    private func x(_ price: Double) -> Double {
        guard price > 0 else { return PricePlot.left }
        let share = (log(price) - low) / (high - low)
        return PricePlot.left + min(max(share, 0), 1) * (PricePlot.width - 2 * PricePlot.left)
    }

    private func text(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) }

    var html: HTML {
        let key = distribution.key
        let table = parts(Labels.name(of: key.table))
        let name = VisibleText.cut(distribution.productName, limit: 60)
        let title = parts(
            Phrases.priceTitle, ["name": name, "ypid": VisibleText.cut(key.ypid, limit: 40), "table": table])
        let institutions = distribution.counts.reduce(0, +)
        let words = parts(
            Phrases.priceWords,
            [
                "n": NumberText.grouped(institutions), "low": NumberText.price(distribution.lowest),
                "high": NumberText.price(distribution.highest),
                "marks": questioned.prefix(5).map(NumberText.price).joined(separator: parts(Phrases.listSeparator))
                    + (questioned.count > 5 ? " …" : ""),
            ])
        return """
            <figure class="price">
            <figcaption>\(title)</figcaption>
            <svg class="chart" viewBox="0 0 800 136" role="img" aria-labelledby="\(id)-t \(id)-d">\
            <title id="\(id)-t">\(title)</title><desc id="\(id)-d">\(words)</desc>
            \(band)\(bars)\(axis)\(marks)</svg>
            <p class="note">\(words)<br />\(benchmarkWords)</p>
            </figure>
            """
    }

    private var benchmarkWords: String {
        guard let benchmark = distribution.benchmark else { return parts(Phrases.noBenchmark) }
        var range = "—"
        if let deviation = benchmark.deviation {
            let least = max(benchmark.mean - 3 * deviation, 0)
            range = "\(NumberText.price(least))–\(NumberText.price(benchmark.mean + 3 * deviation))"
        }
        return parts(
            Phrases.priceBand,
            [
                "n": NumberText.grouped(benchmark.institutions), "median": NumberText.price(benchmark.median),
                "band": "\(NumberText.price(benchmark.p5))–\(NumberText.price(benchmark.p95))", "range": range,
            ])
    }

    /// From p5 to p95 a ground, from mean − 3 sd to mean + 3 sd a bracket above, the median a line.
    private var band: HTML {
        guard let benchmark = distribution.benchmark else { return .empty }
        let (from, to) = (x(benchmark.p5), x(benchmark.p95))
        var pieces: [HTML] = [
            "<rect class=\"f-band\" x=\"\(text(from))\" y=\"14\" width=\"\(text(max(to - from, 3)))\" height=\"90\" />"
        ]
        if let deviation = benchmark.deviation {
            let lower = benchmark.mean - 3 * deviation
            let (start, end) = (lower > 0 ? x(lower) : PricePlot.left, x(benchmark.mean + 3 * deviation))
            pieces.append(
                "<path class=\"s-soft\" d=\"M\(text(start)) 14V8H\(text(max(end, start + 2)))V14\" />")
        }
        let median = text(x(benchmark.median))
        pieces.append("<line class=\"s-ink\" x1=\"\(median)\" x2=\"\(median)\" y1=\"8\" y2=\"104\" />")
        return "\(each: pieces)"
    }

    private var bars: HTML {
        let most = max(distribution.counts.max() ?? 0, 1)
        let (start, end) = (x(distribution.lowest), x(distribution.highest))
        let each = (end - start) / Double(PriceDistribution.classes)
        let shapes = distribution.counts.enumerated().compactMap { place, count -> HTML? in
            guard count > 0 else { return nil }
            // One institution among hundreds must still be seen.
            let height = max(Double(count) / Double(most) * 84, 4)
            let wide = max(each - 1, 3)
            return """
                <rect class="f-accent" x="\(text(start + each * Double(place)))" y="\(text(PricePlot.base - height))" \
                width="\(text(wide))" height="\(text(height))" />
                """
        }
        return "\(each: shapes)"
    }

    private var marks: HTML {
        let shapes = questioned.sorted().prefix(PricePlot.marksLimit).map { price -> HTML in
            let place = x(price)
            return """
                <path class="f-bad" d="M\(text(place)) 104L\(text(place - 6)) 92H\(text(place + 6))Z" />
                """
        }
        return "\(each: shapes)"
    }

    /// A line with prices at 1, 2 and 5 times powers of ten, or only at powers where those are many; at both ends where
    /// there are none.
    private var axis: HTML {
        let lowest = Int((low / log(10)).rounded(.down))
        let highest = Int((high / log(10)).rounded(.up))
        let steps: [Double] = high - low > log(1_000) ? [1] : [1, 2, 5]
        var ticks: [Double] = []
        for power in lowest...max(lowest, min(highest, lowest + 40)) {
            for step in steps {
                let price = step * pow(10, Double(power))
                if log(price) >= low, log(price) <= high, ticks.count < 14 { ticks.append(price) }
            }
        }
        if ticks.count < 2 { ticks = [distribution.lowest, distribution.highest].filter { $0 > 0 } }
        let shapes = ticks.map { tick -> HTML in
            let place = text(x(tick))
            let words = NumberText.price(tick)
            // Near an end the number moves inwards, so that no digit is cut off.
            let half = Double(words.utf8.count) * 4.5
            let middle = text(min(max(x(tick), half), 800 - half))
            return """
                <line class="s-soft" x1="\(place)" x2="\(place)" y1="104" y2="109" />\
                <text class="t-middle" x="\(middle)" y="124">\(words)</text>
                """
        }
        return "<line class=\"s-soft\" x1=\"0\" x2=\"800\" y1=\"104\" y2=\"104\" />\(each: shapes)"
    }

    /// What the shapes mean, once for all plots of a page.
    static func key(_ parts: PageParts) -> HTML {
        func item(_ shape: HTML, _ words: Phrase) -> HTML {
            "<li><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">\(shape)</svg>\(parts(words))</li>"
        }
        return """
            <ul class="legend">\
            \(item("<rect class=\"f-accent\" x=\"2\" y=\"1\" width=\"7\" height=\"11\" />", Phrases.keyPrices))\
            \(item("<rect class=\"f-band\" width=\"12\" height=\"12\" />", Phrases.keyBand))\
            \(item("<line class=\"s-ink\" x1=\"6\" x2=\"6\" y1=\"0\" y2=\"12\" />", Phrases.keyMedian))\
            \(item("<path class=\"s-soft\" d=\"M1 9V4H11V9\" />", Phrases.keyDeviation))\
            \(item("<path class=\"f-bad\" d=\"M6 12L1 2H11Z\" />", Phrases.keyQuestioned))</ul>
            <p class="note">\(parts(Phrases.priceAxis))</p>
            """
    }
}
