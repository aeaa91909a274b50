import Pages

/// Boxes from top to bottom, with boxes to the right for those who leave: the flow of STARD 2015.
struct FlowDiagram {
  struct Step {
    let words: String
    let count: Int
    /// Who leaves after this step, with the counts.
    var leaving: [(words: String, count: Int)] = []
  }

  let steps: [Step]

  private let width = 640.0
  private let left = 20.0
  private let boxWidth = 250.0
  private let line = 17.0

  /// - Parameter isFile: with colours of its own.
  func svg(isFile: Bool) -> Markup {
    var pieces: [Markup] = []
    var top = 12.0
    for (place, step) in steps.enumerated() {
      let height = 2 * line + 12
      let side = step.leaving.isEmpty ? 0 : Double(step.leaving.count) * line + 14
      pieces.append(box(left, top, boxWidth, height))
      pieces.append(words(step.words, left + boxWidth / 2, top + line + 1, "middle"))
      pieces.append(words("n = \(step.count)", left + boxWidth / 2, top + 2 * line + 2, "middle"))
      let gap = max(side + 14, 26)
      if place + 1 < steps.count {
        pieces.append(
          path("M\(left + boxWidth / 2) \(top + height)V\(top + height + gap - 4)", arrow: true))
      }
      if side > 0 {
        let start = left + boxWidth + 40
        let middle = top + height + 7 + side / 2
        pieces.append(box(start, top + height + 7, width - start - 10, side))
        pieces.append(path("M\(left + boxWidth / 2) \(middle)H\(start - 4)", arrow: true))
        for (row, entry) in step.leaving.enumerated() {
          pieces.append(
            words(
              "\(entry.words): \(entry.count)", start + 10,
              top + height + 7 + line * Double(row + 1) + 2, "start"))
        }
      }
      top += height + gap
    }
    return wrapped(pieces, height: top - 10, isFile: isFile)
  }

  private func wrapped(_ pieces: [Markup], height: Double, isFile: Bool) -> Markup {
    element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
        "viewBox": "0 0 \(whole(width)) \(whole(height))", "width": whole(width),
        "height": whole(height), "font-family": "system-ui, 'DejaVu Sans', sans-serif",
        "font-size": "13",
      ]
    ) {
      element("title") { "Flow of participants" }
      if isFile { Markup.trusted(Self.style) }
      element("defs") {
        element(
          "marker",
          [
            "id": "flow-arrow", "viewBox": "0 0 10 10", "refX": "9", "refY": "5",
            "markerWidth": "7", "markerHeight": "7", "orient": "auto",
          ]
        ) {
          element("path", ["d": "M0 0L10 5L0 10z", "class": "fill-muted", "fill": "#56616e"])
        }
      }
      Markup(pieces)
    }
  }

  private static let style =
    "<style>svg{background:#fff}@media (prefers-color-scheme: dark){svg{background:#14181d}"
    + "text{fill:#e8ecf0}.axis,.line-muted{stroke:#9aa7b4}.fill-muted{fill:#9aa7b4}}</style>"

  private func box(_ x: Double, _ y: Double, _ w: Double, _ h: Double) -> Markup {
    element(
      "rect",
      [
        "x": whole(x), "y": whole(y), "width": whole(w), "height": whole(h), "rx": "4",
        "class": "axis", "fill": "none", "stroke": "#6b7683",
      ])
  }

  private func path(_ d: String, arrow: Bool) -> Markup {
    element(
      "path",
      [
        "d": d, "class": "line-muted", "fill": "none", "stroke": "#56616e",
        "marker-end": arrow ? "url(#flow-arrow)" : nil,
      ])
  }

  private func words(_ text: String, _ x: Double, _ y: Double, _ anchor: String) -> Markup {
    element("text", ["x": whole(x), "y": whole(y), "text-anchor": anchor, "fill": "#1b2026"]) {
      text
    }
  }

  private func whole(_ value: Double) -> String { "\(Int(value.rounded()))" }
}
