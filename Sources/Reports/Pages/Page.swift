import Core

/// The frame of every page: self-contained, forbidden to fetch anything, and without scripts but for one known constant.
struct Page {
    let language: Language
    let title: String
    /// Above the heading: what kind of page it is.
    let kicker: String
    let heading: HTML
    /// Below the heading: period, version, day.
    let subtitle: HTML
    let content: HTML
    let footer: HTML
    /// Rules for what only some pages have; a constant.
    var style = HTML.empty
    /// The one script a page may run; without it nothing is missing but comfort.
    var script: Script?

    /// A constant of the program, and the hash by which a browser knows it: no other script runs.
    struct Script {
        let text: String
        let hash: String
    }

    /// The page as UTF-8.
    var bytes: [UInt8] { Array(html.text.utf8) }

    private var policy: HTML { script.map { HTML(markup: "; script-src '\($0.hash)'") } ?? .empty }

    private var scriptElement: HTML { script.map { HTML(markup: "<script>\($0.text)</script>\n") } ?? .empty }

    var html: HTML {
        """
        <!DOCTYPE html>
        <html lang="\(language.tag)">
        <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'\(policy)" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>\(title)</title>
        \(HTML(lines: [Stylesheet.element, style]))
        </head>
        <body>
        <header>
        <p class="kicker">\(kicker)</p>
        <h1>\(heading)</h1>
        <p class="sub">\(subtitle)</p>
        </header>
        <main>
        \(content)
        </main>
        <footer>
        \(footer)
        </footer>
        \(scriptElement)</body>
        </html>

        """
    }
}

extension Language {
    /// The language tag of a page.
    var tag: String {
        switch self {
        case .chinese: "zh-CN"
        case .english: "en"
        }
    }
}

/// Whether something is as it should be; gives colours, never the only sign of a meaning.
enum Tone: String {
    case good, caution, bad, quiet, accent

    /// The name of its class.
    var name: HTML { HTML(markup: rawValue) }

    init(_ severity: Severity) {
        switch severity {
        case .interrupt, .error, .forced: self = .bad
        case .anomaly, .warning: self = .caution
        case .info: self = .quiet
        }
    }

    init(_ verdict: Verdict?) {
        switch verdict {
        case .passed: self = .good
        case .passedWithWarnings: self = .accent
        case .partlyLoaded: self = .caution
        case .returned: self = .bad
        case nil: self = .quiet
        }
    }

    init(_ grade: Grade) {
        switch grade {
        case .pass: self = .good
        case .review: self = .caution
        case .suggestedReturn, .forcedReturn: self = .bad
        }
    }
}
