extension Stylesheet {
    /// What only the officers' pages have: plots with scales, tables in groups. Also a constant.
    static let officers = HTML(
        markup: """
            <style>
            :root{--fill-band:#cfe3e8}
            @media screen and (prefers-color-scheme:dark){:root{--fill-band:#21414a}}
            svg.chart{display:block;width:100%;max-width:50rem;height:auto;margin:.4rem 0}
            svg.chart text{fill:var(--ink);font-size:13px}
            svg.chart .t-end{text-anchor:end}
            svg.chart .t-middle{text-anchor:middle;fill:var(--soft)}
            svg.chart .t-value{fill:var(--soft)}
            .f-band{fill:var(--fill-band)}
            .s-ink{stroke:var(--ink);stroke-width:2;fill:none}
            .s-soft{stroke:var(--soft);stroke-width:1.5;fill:none}
            figure.price{margin:1.1rem 0 1.4rem;break-inside:avoid}
            figcaption{font-weight:600;overflow-wrap:anywhere}
            .ways{margin:1rem 0}
            .files{margin:.3rem 0 0;padding-left:1.4rem}
            .reasons{margin:0;padding-left:1.1rem}
            table.grouped tbody{border-bottom:2px solid var(--line)}
            table.grouped tbody tr:not(:first-child) td{color:var(--soft)}
            table.grouped tbody th{min-width:6em}
            @media print{details.rows:not([open]){display:block}}
            </style>
            """)
}
