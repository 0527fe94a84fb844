/// Rates side by side: one bar for each, with a mark where it was before.
enum RatePlot {
    struct Bar {
        let label: String
        /// Hundredths of a per cent.
        let value: Int
        let before: Int?
    }

    private static let left = 150
    private static let width = 560
    private static let step = 24

    static func bars(_ bars: [Bar], id: HTML, title: String) -> HTML {
        let largest = max(bars.flatMap { [$0.value, $0.before ?? 0] }.max() ?? 0, 1)
        func x(_ value: Int) -> Int { left + value * width / largest }
        let shapes = bars.enumerated().map { number, bar -> HTML in
            let y = number * step
            let mark: HTML =
                bar.before.map { before in
                    "<line class=\"s-ink\" x1=\"\(x(before))\" x2=\"\(x(before))\" y1=\"\(y + 1)\" y2=\"\(y + 19)\" />"
                        as HTML
                } ?? .empty
            return """
                <text class="t-end" x="\(left - 10)" y="\(y + 15)">\(bar.label)</text>\
                <rect class="f-accent" x="\(left)" y="\(y + 3)" width="\(max(x(bar.value) - left, bar.value > 0 ? 2 : 0))" height="14" />\
                \(mark)<text class="t-value" x="\(left + width + 14)" y="\(y + 15)">\(NumberText.percent(hundredths: bar.value))</text>

                """
        }
        let words = bars.map { "\($0.label) \(NumberText.percent(hundredths: $0.value))" }
        return """
            <svg class="chart" viewBox="0 0 800 \(bars.count * step)" role="img" aria-labelledby="\(id)-t \(id)-d">\
            <title id="\(id)-t">\(title)</title><desc id="\(id)-d">\(words.joined(separator: ", "))</desc>
            \(each: shapes)</svg>
            """
    }
}
