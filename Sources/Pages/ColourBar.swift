/// A colour map's bar with the numbers that its colours stand for.
public struct ColourBar: Sendable {
  public var map: ColourMap
  public var window: ClosedRange<Double>
  /// With the unit: "PDFF (%)".
  public var label: String
  /// Whether values beyond the window's ends carry the ends' colours, which the numbers then say.
  public var isOpenBelow: Bool
  public var isOpenAbove: Bool

  public init(
    _ map: ColourMap, window: ClosedRange<Double>, label: String, isOpenBelow: Bool = false,
    isOpenAbove: Bool = false
  ) {
    self.map = map
    self.window = window
    self.label = label
    self.isOpenBelow = isOpenBelow
    self.isOpenAbove = isOpenAbove
  }

  /// A lying bar, `width` units wide and 40 high, numbers below, the label beneath.
  public func markup(width: Double = 220) -> Markup {
    let (low, high) = (14.0, width - 14)
    let axis = Axis(label, range: window)
    let scale = ChartScale(axis, values: [], low: low, high: high)
    var picture = PNGImage(width: map.colours.count, height: 1)
    for (column, colour) in map.colours.enumerated() { picture[column, 0] = colour }
    return element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
        "viewBox": "0 0 \(coordinate(width)) 44", "width": coordinate(width), "height": "44",
        "font-family": "system-ui, 'DejaVu Sans', sans-serif", "font-size": "11",
      ]
    ) {
      element("title") { "Colours of \(label)" }
      element(
        "image",
        [
          "x": coordinate(low), "y": "1", "width": coordinate(high - low), "height": "12",
          "preserveAspectRatio": "none", "href": picture.address,
        ])
      for tick in scale.ticks(.automatic, most: max(2, Int(width / 45))) {
        if let at = scale.place(tick.place) {
          words(said(tick), at, 26, within: width)
        }
      }
      words(label, width / 2, 41, within: width)
    }
  }

  private func said(_ tick: (place: Double, label: String)) -> String {
    if isOpenAbove, tick.place >= window.upperBound { return "≥\(tick.label)" }
    if isOpenBelow, tick.place <= window.lowerBound { return "≤\(tick.label)" }
    return tick.label
  }

  /// Words around `x`; what would run out of the picture begins or ends at its edge.
  private func words(_ text: String, _ x: Double, _ y: Double, within width: Double) -> Markup {
    let half = 3.6 * Double(text.count)
    let (place, anchor) =
      x - half < 0 ? (0, "start") : x + half > width ? (width, "end") : (x, "middle")
    return element(
      "text",
      [
        "x": coordinate(place), "y": coordinate(y), "text-anchor": anchor,
        "fill": ColourToken.ink.light,
      ]
    ) { text }
  }
}
