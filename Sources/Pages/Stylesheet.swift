/// The one stylesheet of every page: what a report and the worklist share looks the same in both.
public enum Stylesheet {
  /// CSS, UTF-8; without anything that is fetched.
  public static let text = tokens + base + parts + charts + print

  /// Dark colours only on a screen: paper is white.
  private static let tokens: String = {
    func list(_ colour: (ColourToken) -> String) -> String {
      ColourToken.all.map { "  --\($0.name): \(colour($0));\n" }.joined()
    }
    return ":root {\n  color-scheme: light dark;\n\(list(\.light))}\n"
      + "@media screen and (prefers-color-scheme: dark) {\n:root {\n\(list(\.dark))}\n}\n"
  }()

  private static let base = """
    *, *::before, *::after { box-sizing: border-box; }
    html { font-size: 100%; }
    body { margin: 0 auto; max-width: 72rem; padding: 1rem 1.25rem 3rem; background: var(--page);
      color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans",
      sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
    h1, h2, h3 { line-height: 1.25; margin: 1.75rem 0 0.5rem; text-wrap: balance; }
    h1 { font-size: 1.5rem; margin-top: 0.5rem; }
    h2 { font-size: 1.25rem; border-bottom: 1px solid; border-color: var(--line);
      padding-bottom: 0.25rem; }
    h3 { font-size: 1.1rem; }
    h4, h5 { font-size: 1rem; margin: 1rem 0 0.25rem; line-height: 1.3; }
    h5 { font-size: 0.9375rem; margin: 0 0 0.25rem; }
    p, ul, ol, dl { margin: 0.5rem 0; max-width: 46rem; }
    a { color: var(--accent); text-underline-offset: 0.15em; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
    code { font: 0.875em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
    .soft { color: var(--soft); }
    .small { font-size: 0.875rem; }
    .wide { max-width: none; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap; }

    """

  private static let parts = """
    table { border-collapse: collapse; margin: 0.75rem 0; font-size: 0.9375rem; }
    caption { text-align: left; font-weight: 600; padding-bottom: 0.25rem; }
    th, td { text-align: left; vertical-align: top; padding: 0.3rem 1rem 0.3rem 0;
      border-bottom: 1px solid; border-color: var(--line); }
    thead th { border-bottom: 2px solid; border-color: var(--edge); color: var(--soft); vertical-align: bottom; }
    tbody th { font-weight: 600; }
    th.number, td.number { text-align: right; white-space: nowrap; }
    .scroll { overflow-x: auto; position: relative; }
    th.date, td.date { white-space: nowrap; }
    dl.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr;
      gap: 0.2rem 1.25rem; }
    dl.facts dt { color: var(--soft); }
    dl.facts dd { margin: 0; }
    .panel { background: var(--panel); border: 1px solid; border-color: var(--line);
      border-radius: 0.5rem; padding: 0.75rem 1rem; margin: 0.75rem 0; }
    .row { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: stretch; }
    .row > * { flex: 1 1 16rem; min-width: 0; }
    .badge { display: inline-block; border: 1px solid; border-radius: 1rem; padding: 0 0.65rem;
      font-weight: 600; white-space: normal; }
    .badge.good, .note.good { color: var(--good); background: var(--good-back); }
    .badge.caution, .note.caution { color: var(--caution); background: var(--caution-back); }
    .badge.bad, .note.bad { color: var(--bad); background: var(--bad-back); }
    .badge.neutral { color: var(--soft); background: var(--panel); }
    .note { border: 1px solid; border-left-width: 0.4rem; border-radius: 0.25rem;
      padding: 0.5rem 0.75rem; margin: 0.75rem 0; max-width: 46rem; }
    .note.neutral { color: var(--ink); background: var(--panel); border-color: var(--edge); }
    .panel > h2:first-child { font-size: 1rem; margin: 0; border: 0; color: var(--soft); }
    .big { font-size: 2.25rem; line-height: 1.2; font-weight: 700; margin: 0.25rem 0; }
    .big .uncertain { font-size: 1.5rem; font-weight: 400; }
    .light { font-size: 1.125rem; }
    ul.checks { list-style: none; padding: 0; max-width: none; }
    ul.checks li { margin: 0.3rem 0; }
    .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 46%), 1fr));
      gap: 0.75rem 1rem; align-items: start; }
    .pictures figure { margin: 0; }
    svg.slice { width: 100%; height: auto; }
    figure { margin: 0.75rem 0; min-width: 0; }
    figcaption { color: var(--soft); font-size: 0.875rem; max-width: 46rem; }
    figure svg, figure img { max-width: 100%; height: auto; display: block; }
    form { margin: 0.75rem 0; }
    label { display: block; font-weight: 600; margin-top: 0.6rem; }
    input, select, textarea { font: inherit; color: var(--ink); background: var(--page);
      border: 1px solid var(--edge); border-radius: 0.25rem; padding: 0.35rem 0.5rem;
      max-width: 100%; }
    input[aria-invalid="true"] { border: 2px solid var(--bad); }
    button, .button { font: inherit; font-weight: 600; color: var(--page);
      background: var(--accent); border: 1px solid var(--accent); border-radius: 0.25rem;
      padding: 0.4rem 1rem; cursor: pointer; text-decoration: none; display: inline-block; }
    button.plain { color: var(--accent); background: none; }
    nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0;
      max-width: none; }
    nav [aria-current] { font-weight: 700; color: var(--ink); text-decoration: none; }

    """

  /// Charts carry their light colours as attributes; these rules put the surrounding's in their place.
  private static let charts: String = {
    var rules = """
      svg.chart text { fill: var(--ink); }
      svg.chart text.soft { fill: var(--soft); }
      svg.chart .grid { stroke: var(--line); }
      svg.chart .axis { stroke: var(--edge); }
      svg.chart text.halo { fill: var(--page); stroke: var(--page); }
      svg.chart .line-muted { stroke: var(--soft); }
      svg.chart .fill-muted { fill: var(--soft); }

      """
    for token in ColourToken.series {
      rules += "svg.chart .line-\(token.name) { stroke: var(--\(token.name)); }\n"
      rules += "svg.chart .fill-\(token.name) { fill: var(--\(token.name)); }\n"
    }
    return rules
  }()

  private static let print = """
    @page { size: A4; margin: 14mm 13mm; }
    @media print {
      :root { color-scheme: light; }
      html { font-size: 10.5pt; }
      body { max-width: none; padding: 0; print-color-adjust: exact;
        -webkit-print-color-adjust: exact; }
      h1, h2, h3, caption, thead { break-after: avoid; }
      figure, tr, .panel, .note, .keep { break-inside: avoid; }
      .row { gap: 0.6rem; }
      /* Not every printer of pages knows grids. */
      .pictures { display: block; }
      .pictures > figure { display: inline-block; vertical-align: top; width: 23.5%;
        margin: 0 0.8% 0.4rem 0; }
      /* On paper nothing scrolls: a wide table has to fit. */
      .scroll { overflow: visible; }
      table { font-size: 0.85rem; }
      th, td { padding-right: 0.6rem; }
      th.number { white-space: normal; }
      nav, .screen-only { display: none; }
      a { color: inherit; text-decoration: none; }
      p, li { orphans: 3; widows: 3; }
    }

    """

  /// What a chart that stands alone as a file brings along.
  static let standalone: String = {
    func list(_ colour: (ColourToken) -> String) -> String {
      ColourToken.all.map { "--\($0.name):\(colour($0));" }.joined()
    }
    return "svg{\(list(\.light))background:var(--page)}"
      + "@media (prefers-color-scheme: dark){svg{\(list(\.dark))}}\n" + charts
  }()
}
