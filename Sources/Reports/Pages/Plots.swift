/// Small inline SVG plots. Each says in words what it shows, and its numbers stand beside it as text or table.
enum Plots {
    /// A part of a bar.
    struct Segment {
        let label: String
        let count: Int
        let tone: Tone
    }

    private static let width = 1000

    /// One bar whose parts add up to the whole. A part that is not empty is never invisible.
    static func stackedBar(_ segments: [Segment], id: String, title: String) -> HTML {
        let shown = segments.filter { $0.count > 0 }
        let total = shown.reduce(0) { $0 + $1.count }
        guard total > 0 else { return .empty }
        let least = 6
        let free = width - least * shown.count
        var rectangles: [HTML] = []
        var start = 0
        var passed = 0
        for (index, segment) in shown.enumerated() {
            passed += segment.count
            let end = least * (index + 1) + Int(Double(free) * Double(passed) / Double(total))
            rectangles.append(
                "<rect class=\"f-\(segment.tone.name)\" x=\"\(start)\" y=\"0\" width=\"\(end - start)\" height=\"18\" />"
            )
            start = end
        }
        let words = shown.map {
            "\($0.label) \(NumberText.grouped($0.count)) (\(NumberText.percent($0.count, of: total)))"
        }
        return """
            <svg class="bar" viewBox="0 0 1000 18" preserveAspectRatio="none" role="img" aria-labelledby="\(id)-t \(id)-d">\
            <title id="\(id)-t">\(title)</title><desc id="\(id)-d">\(words.joined(separator: ", "))</desc>\
            \(each: rectangles)</svg>
            """
    }

    /// What the colours of a bar mean, with counts and shares.
    static func legend(_ segments: [Segment]) -> HTML {
        let total = segments.reduce(0) { $0 + $1.count }
        let items = segments.map { segment in
            let share = total > 0 && segment.count > 0 ? " · \(NumberText.percent(segment.count, of: total))" : ""
            return "<li>\(swatch(segment.tone))\(segment.label) \(NumberText.grouped(segment.count))\(share)</li>"
                as HTML
        }
        return "<ul class=\"legend\">\(each: items)</ul>"
    }

    /// What the colours mean, without numbers.
    static func key(_ segments: [Segment]) -> HTML {
        let items = segments.map { segment in "<li>\(swatch(segment.tone))\(segment.label)</li>" as HTML }
        return "<ul class=\"legend\">\(each: items)</ul>"
    }

    static func swatch(_ tone: Tone) -> HTML {
        """
        <svg viewBox="0 0 10 10" aria-hidden="true"><rect class="f-\(tone.name)" width="10" height="10" /></svg>
        """
    }

    /// A bar beside a number in a table: a part of the largest. The number itself is in the next cell, so the bar is
    /// hidden from readers that hear the page.
    static func meter(_ value: Double, of largest: Double, tone: Tone) -> HTML {
        let share = value.isFinite && largest.isFinite && largest > 0 ? min(max(value / largest, 0), 1) : 0
        let length = share > 0 ? max(Int(share * 1000), 6) : 0
        return """
            <svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">\
            <rect class="f-\(tone.name)" width="\(length)" height="10" /></svg>
            """
    }
}
