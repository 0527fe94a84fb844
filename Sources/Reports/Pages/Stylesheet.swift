/// The one style sheet of all pages. A constant: no value ever gets into it.
///
/// Fonts are those that come with the systems of the readers; nothing is fetched. On a screen it follows the reader's
/// choice of light or dark, on paper it is always light. Text colours keep at least 4.5 : 1 against their ground (WCAG AA).
/// No `<` and no `&`, so that an XML parser reads the page as it stands.
enum Stylesheet {
    static let element = HTML(markup: "<style>\n" + colours + layout + parts + print + "</style>")

    private static let colours = """
        :root{color-scheme:light dark;--ground:#fff;--panel:#f4f7f8;--ink:#17212b;--soft:#51606d;--line:#d3dbe0;
        --accent:#0a5f73;--good:#1b673e;--good-ground:#e9f5ee;--caution:#784a00;--caution-ground:#fdf3dd;--bad:#a0201c;
        --bad-ground:#fdeeec;--quiet-ground:#e9eef1;--fill-good:#2f8a59;--fill-caution:#c07f08;--fill-bad:#c73a33;
        --fill-quiet:#84929d;--fill-accent:#2b7f96}
        @media screen and (prefers-color-scheme:dark){:root{--ground:#12181d;--panel:#1a2229;--ink:#e6ebef;--soft:#a9b6c0;
        --line:#35414b;--accent:#74c9da;--good:#83d3a4;--good-ground:#15301f;--caution:#f1c46c;--caution-ground:#35290f;
        --bad:#ff9f97;--bad-ground:#3d1c1a;--quiet-ground:#28323a;--fill-good:#4fae79;--fill-caution:#d99a1c;
        --fill-bad:#de6159;--fill-quiet:#7d8a95;--fill-accent:#4aa5ba}}

        """

    private static let layout = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.65 system-ui,-apple-system,"Segoe UI",Roboto,
        "PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Zen Hei",SimSun,sans-serif;
        font-variant-numeric:tabular-nums}
        main,body>header,body>footer{max-width:66rem;margin:0 auto;padding:0 1.5rem}
        body>header{padding-top:2.25rem}
        body>footer{margin-top:3rem;padding-top:1rem;padding-bottom:2.5rem;border-top:1px solid var(--line);color:var(--soft);
        font-size:.875rem}
        h1{font-size:1.9rem;line-height:1.25;margin:.1rem 0 .35rem;overflow-wrap:anywhere}
        h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .5rem;padding-bottom:.35rem;border-bottom:2px solid var(--line)}
        h3{font-size:1.05rem;line-height:1.4;margin:1.5rem 0 .35rem;overflow-wrap:anywhere}
        p{margin:.35rem 0}
        a{color:var(--accent)}
        code,.raw{font-family:ui-monospace,Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK SC","WenQuanYi Zen Hei Mono",
        monospace;font-size:.92em;overflow-wrap:anywhere}
        .raw{white-space:pre-wrap}
        .kicker{color:var(--accent);font-weight:600;letter-spacing:.04em;margin:0}
        .sub,.note,.soft{color:var(--soft)}
        .note{font-size:.9rem}

        """

    private static let parts = """
        .verdict{margin:1.5rem 0;padding:1.1rem 1.4rem 1.2rem;border-left:.5rem solid var(--fill-quiet);
        background:var(--panel);border-radius:.25rem}
        .verdict h2{border:0;margin:0;padding:0;font-size:1.65rem}
        .verdict p{font-size:1.05rem}
        .verdict h3{margin:.9rem 0 .2rem}
        .verdict ol,.verdict ul{margin:.2rem 0 0;padding-left:1.5rem}
        .verdict li{margin:.25rem 0}
        .verdict.good{border-color:var(--fill-good);background:var(--good-ground)}
        .verdict.good h2{color:var(--good)}
        .verdict.caution{border-color:var(--fill-caution);background:var(--caution-ground)}
        .verdict.caution h2{color:var(--caution)}
        .verdict.bad{border-color:var(--fill-bad);background:var(--bad-ground)}
        .verdict.bad h2{color:var(--bad)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1rem 0;padding:0}
        .tiles>div{background:var(--panel);border-radius:.25rem;padding:.7rem 1rem}
        .tiles dt{color:var(--soft);font-size:.9rem}
        .tiles dd{margin:0;font-size:1.6rem;line-height:1.3;font-weight:600}
        .tiles dd small{display:block;font-size:.85rem;font-weight:400;color:var(--soft)}
        .tiles .bad dd{color:var(--bad)}.tiles .good dd{color:var(--good)}.tiles .caution dd{color:var(--caution)}
        .badge{display:inline-block;padding:0 .5em;border-radius:.2rem;font-size:.875rem;line-height:1.6;white-space:nowrap;
        background:var(--quiet-ground);color:var(--ink)}
        .badge.good{background:var(--good-ground);color:var(--good)}
        .badge.caution{background:var(--caution-ground);color:var(--caution)}
        .badge.bad{background:var(--bad-ground);color:var(--bad)}
        .causes{list-style:none;counter-reset:cause;margin:.75rem 0;padding:0}
        .causes>li{counter-increment:cause;position:relative;padding:.75rem 1rem .8rem 3.5rem;margin:.6rem 0;
        background:var(--panel);border-radius:.25rem}
        .causes>li::before{content:counter(cause);position:absolute;left:1rem;top:.8rem;width:1.7rem;height:1.7rem;
        border-radius:50%;background:var(--accent);color:var(--ground);text-align:center;line-height:1.7rem;font-weight:600}
        .causes h3{margin:0}
        .file,.group{margin:1.25rem 0 1.75rem}
        .equation{margin:.3rem 0}
        .equation b{font-size:1.1em}
        .ok{color:var(--good);font-weight:600}
        .alarm{color:var(--bad);font-weight:700}
        .panel-alarm{border:3px solid var(--fill-bad);background:var(--bad-ground);color:var(--bad);padding:.75rem 1rem;
        font-weight:600;border-radius:.25rem}
        svg.bar{display:block;width:100%;height:1.1rem;margin:.35rem 0;border-radius:.2rem;background:var(--quiet-ground)}
        svg.meter{display:block;width:100%;min-width:5rem;height:.8rem;background:var(--quiet-ground);border-radius:.15rem}
        .f-good{fill:var(--fill-good)}.f-caution{fill:var(--fill-caution)}.f-bad{fill:var(--fill-bad)}
        .f-quiet{fill:var(--fill-quiet)}.f-accent{fill:var(--fill-accent)}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.15rem 1.4rem;margin:.2rem 0 .6rem;padding:0;font-size:.92rem}
        .legend svg,.equation svg{width:.75rem;height:.75rem;margin-right:.4rem;vertical-align:-.05rem}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.92rem}
        caption{text-align:left;color:var(--soft);font-size:.9rem;padding:.2rem 0 .4rem}
        th,td{text-align:left;vertical-align:top;padding:.4rem .5rem;border-bottom:1px solid var(--line)}
        thead th,thead td{border-bottom:2px solid var(--line);color:var(--soft);font-weight:600;white-space:nowrap}
        tbody th{font-weight:400;overflow-wrap:anywhere}
        td{overflow-wrap:anywhere}
        .number{text-align:right;white-space:nowrap;overflow-wrap:normal}
        .short{white-space:nowrap}
        .cell{min-width:6.5em}
        .wide{min-width:13em}
        thead th.number{white-space:normal;word-break:keep-all}
        .equation .ok,.equation .alarm{display:inline-block}
        td.plot{width:24%;min-width:6rem;vertical-align:middle}
        dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.25rem;margin:.5rem 0}
        dl.facts dt{color:var(--soft)}
        dl.facts dd{margin:0;overflow-wrap:anywhere}
        details{margin:.4rem 0}
        summary{cursor:pointer;color:var(--accent)}
        .english{display:block;color:var(--soft);font-size:.85em}
        .long{content-visibility:auto;contain-intrinsic-size:auto 60rem}
        @media (max-width:40rem){main,body>header,body>footer{padding-left:1rem;padding-right:1rem}
        dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:.4rem}}

        """

    private static let print = """
        @page{size:A4;margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:9pt;color:#51606d}}
        @media print{
        :root{color-scheme:light}
        html{font-size:10pt}
        body{font-size:1rem;line-height:1.5;-webkit-print-color-adjust:exact;print-color-adjust:exact}
        main,body>header,body>footer{max-width:none;padding-left:0;padding-right:0}
        body>header{padding-top:0}
        h1{font-size:18pt}h2{font-size:13pt;margin-top:1.5rem}h3{font-size:11pt}
        h1,h2,h3,caption,summary{break-after:avoid}
        tr,li,.tiles,.verdict,.equation,.bar,.legend{break-inside:avoid}
        thead{display:table-header-group}
        thead,tbody tr:first-child{break-after:avoid}
        tbody tr:first-child{break-before:avoid}
        table{font-size:.85rem}
        th,td{padding:.25rem .3rem}
        .wide,td.plot,svg.meter{min-width:0}
        .short,.badge{white-space:normal;overflow-wrap:normal}
        .english code{font-size:.8em}
        .scroll{overflow:visible}
        .long{content-visibility:visible;contain-intrinsic-size:none}
        details:not([open]){display:none}
        a{color:inherit;text-decoration:none}
        summary{color:inherit;list-style:none}
        }

        """
}
