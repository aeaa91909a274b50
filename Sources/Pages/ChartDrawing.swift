/// Draws a chart. Colours stand twice: as attributes, for readers without our stylesheet, and as
/// classes, which the stylesheet answers with the surrounding's.
package struct ChartDrawing {
  let chart: Chart
  let x: ChartScale
  let y: ChartScale
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  private let xTicks: [(place: Double, label: String)]
  private let yTicks: [(place: Double, label: String)]
  private let legend: [Mark]
  /// For each mark the row above the chart in which its name stands, counted upwards; nil for none.
  package let ruleRows: [Int?]
  static let rowHeight = 15.0

  package init(_ chart: Chart) {
    self.chart = chart
    legend = chart.marks.filter { $0.label != nil && !$0.isRule }
    let values = chart.marks.map(\.extent)
    let xs = values.flatMap(\.xs)
    let ys = values.flatMap(\.ys)
    ruleRows = ChartDrawing.rows(chart, xs: xs)
    top =
      12 + Double((legend.count + 1) / 2) * 18
      + Double((ruleRows.compactMap { $0 }.max() ?? -1) + 1) * ChartDrawing.rowHeight
    bottom = chart.height - 46
    y = ChartScale(chart.y, values: ys, low: bottom, high: top)
    yTicks = y.ticks(chart.y.ticks, most: max(2, Int((bottom - top) / 32)))
    let widest = yTicks.map(\.label.count).max() ?? 0
    left = min(26 + 7 * Double(widest) + (chart.y.label.isEmpty ? 0 : 16), 0.5 * chart.width)
    right = chart.width - 14
    x = ChartScale(chart.x, values: xs, low: left, high: right)
    xTicks = x.ticks(chart.x.ticks, most: max(2, Int((right - left) / 60)))
  }

  /// Rows for the names of vertical rules, so that none runs into another.
  private static func rows(_ chart: Chart, xs: [Double]) -> [Int?] {
    let scale = ChartScale(chart.x, values: xs, low: 60, high: chart.width - 14)
    var rows = [Int?](repeating: nil, count: chart.marks.count)
    let named = chart.marks.enumerated().compactMap { place, mark -> (Int, Double, Double)? in
      guard case .verticalRule(let value) = mark.shape, let label = mark.label,
        scale.holds(value), let at = scale.place(value)
      else { return nil }
      return (place, at, 6.6 * Double(label.count) + 10)
    }
    // From right to left: a name stands above all rules that it reaches over, which end below it.
    var taken: [(from: Double, to: Double, row: Int)] = []
    for (place, at, width) in named.sorted(by: { $0.1 > $1.1 }) {
      let start = startsLeft(at, width, right: chart.width - 14) ? at - width : at
      let row =
        (taken.filter { $0.from < start + width && start < $0.to }.map(\.row).max() ?? -1) + 1
      taken.append((min(start, at), start + width, row))
      rows[place] = row
    }
    return rows
  }

  /// Whether a rule's name stands to its left, since it would run out of the chart.
  static func startsLeft(_ at: Double, _ width: Double, right: Double) -> Bool {
    at + width > right
  }

  func svg(_ style: Markup = .nothing) -> Markup {
    element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
        "viewBox": "0 0 \(coordinate(chart.width)) \(coordinate(chart.height))",
        "width": coordinate(chart.width), "height": coordinate(chart.height),
        "font-family": "system-ui, 'DejaVu Sans', sans-serif", "font-size": "12",
      ]
    ) {
      element("title") { chart.title }
      style
      axes
      for (place, mark) in chart.marks.enumerated() { drawn(mark, ruleRow: ruleRows[place] ?? 0) }
      for (place, mark) in chart.marks.enumerated() { ruleName(mark, row: ruleRows[place]) }
      for (place, mark) in legend.enumerated() { legendEntry(mark, place: place) }
    }
  }

  @MarkupBuilder private var axes: Markup {
    for tick in yTicks {
      if let at = y.place(tick.place) {
        line(left, at, right, at, class: chart.y.hasGrid ? "grid" : "axis", .line)
        words(tick.label, left - 6, at + 4, .end, soft: true)
      }
    }
    for tick in xTicks {
      if let at = x.place(tick.place) {
        if chart.x.hasGrid { line(at, top, at, bottom, class: "grid", .line) }
        line(at, bottom, at, bottom + 4, class: "axis", .edge)
        words(tick.label, at, bottom + 17, .middle, soft: true)
      }
    }
    line(left, bottom, right, bottom, class: "axis", .edge)
    words(chart.x.label, (left + right) / 2, chart.height - 8, .middle)
    if !chart.y.label.isEmpty {
      element("g", ["transform": "translate(14 \(coordinate((top + bottom) / 2))) rotate(-90)"]) {
        words(chart.y.label, 0, 0, .middle)
      }
    }
  }

  private func legendEntry(_ mark: Mark, place: Int) -> Markup {
    let at = left + (place % 2 == 0 ? 0 : (right - left) / 2)
    let height = 12 + Double(place / 2) * 18
    var sample = mark
    sample.shape = mark.shape.sample
    return Markup([
      drawing(sample, from: SIMD2(at, height - 4), to: SIMD2(at + 20, height - 4)),
      words(mark.label ?? "", at + 26, height, .start),
    ])
  }

  func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String,
    _ token: ColourToken
  ) -> Markup {
    element(
      "path",
      [
        "class": name, "stroke": token.light, "fill": "none",
        "d": "M\(coordinate(x1)) \(coordinate(y1))L\(coordinate(x2)) \(coordinate(y2))",
      ])
  }

  /// Words with a seam in the page's colour, so that lines do not run through them. The seam is a text of
  /// its own: not every printer of pages paints it first.
  @MarkupBuilder func words(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Mark.Anchor, soft: Bool = false
  ) -> Markup {
    let page = ColourToken.page.light
    element(
      "text",
      [
        "x": coordinate(x), "y": coordinate(y), "text-anchor": anchor.rawValue, "class": "halo",
        "fill": page, "stroke": page, "stroke-width": "3", "stroke-linejoin": "round",
        "aria-hidden": "true",
      ]
    ) { text }
    element(
      "text",
      [
        "x": coordinate(x), "y": coordinate(y), "text-anchor": anchor.rawValue,
        "class": soft ? "soft" : nil, "fill": (soft ? ColourToken.soft : .ink).light,
      ]
    ) { text }
  }
}
