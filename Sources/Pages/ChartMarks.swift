/// How each kind of mark is drawn.
extension ChartDrawing {
  func drawn(_ mark: Mark, ruleRow: Int) -> Markup {
    switch mark.shape {
    case .line(let points): stroke(path(points), mark)
    case .steps(let points): stroke(path(stepped(points)), mark)
    case .points(let points): dots(points, mark)
    case .bars(let bars): rectangles(bars, mark)
    case .band(let band): area(band, mark)
    case .verticalErrors(let errors):
      whiskers(errors.map { ($0.x, $0.y, SIMD2($0.x, $0.low), SIMD2($0.x, $0.high)) }, mark)
    case .horizontalErrors(let errors):
      whiskers(errors.map { ($0.x, $0.y, SIMD2($0.low, $0.y), SIMD2($0.high, $0.y)) }, mark)
    case .verticalRule(let place): verticalRule(place, mark, row: ruleRow)
    case .horizontalRule(let place): horizontalRule(place, mark)
    case .text(let text, let at, let anchor):
      if let px = x.place(at.x), let py = y.place(at.y) {
        words(text, px, py, anchor)
      } else {
        .nothing
      }
    }
  }

  /// A short example in the legend, between two places of the drawing.
  func drawing(_ mark: Mark, from: SIMD2<Double>, to: SIMD2<Double>) -> Markup {
    let middle = (from + to) / 2
    switch mark.shape {
    case .points:
      return dot(middle, mark)
    case .bars, .band:
      let (a, b) = (from - SIMD2(0, 5), to + SIMD2(0, 5))
      return filled(
        "M\(coordinate(a.x)) \(coordinate(a.y))H\(coordinate(b.x))V\(coordinate(b.y))"
          + "H\(coordinate(a.x))Z", mark)
    default:
      return stroke(
        "M\(coordinate(from.x)) \(coordinate(from.y))L\(coordinate(to.x)) \(coordinate(to.y))", mark
      )
    }
  }

  /// A path through points; one without a place interrupts it.
  private func path(_ points: [SIMD2<Double>]) -> String {
    var source = ""
    var isOpen = false
    for point in points {
      guard let px = x.place(point.x), let py = y.place(point.y) else {
        isOpen = false
        continue
      }
      source += "\(isOpen ? "L" : "M")\(coordinate(px)) \(coordinate(py))"
      isOpen = true
    }
    return source
  }

  private func stepped(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    var out: [SIMD2<Double>] = []
    for point in points {
      if let last = out.last { out.append(SIMD2(point.x, last.y)) }
      out.append(point)
    }
    return out
  }

  private func stroke(_ path: String, _ mark: Mark) -> Markup {
    element(
      "path",
      [
        "class": "line-\(mark.colour.name)", "stroke": mark.colour.token.light, "fill": "none",
        "stroke-width": "2", "stroke-linejoin": "round",
        "stroke-dasharray": mark.isDashed ? "6 4" : nil, "d": path,
      ])
  }

  private func filled(_ path: String, _ mark: Mark) -> Markup {
    element(
      "path",
      [
        "class": "fill-\(mark.colour.name)", "fill": mark.colour.token.light,
        "fill-opacity": mark.isBand ? "0.25" : "0.7", "d": path,
      ])
  }

  private func dots(_ points: [SIMD2<Double>], _ mark: Mark) -> Markup {
    Markup(
      points.compactMap { point in
        guard let px = x.place(point.x), let py = y.place(point.y) else { return nil }
        return dot(SIMD2(px, py), mark)
      })
  }

  private func dot(_ at: SIMD2<Double>, _ mark: Mark) -> Markup {
    element(
      "circle",
      [
        "class": mark.isDashed ? "line-\(mark.colour.name)" : "fill-\(mark.colour.name)",
        "fill": mark.isDashed ? "none" : mark.colour.token.light,
        "stroke": mark.isDashed ? mark.colour.token.light : nil,
        "cx": coordinate(at.x), "cy": coordinate(at.y), "r": "3.5",
      ])
  }

  private func rectangles(_ bars: [(x: ClosedRange<Double>, height: Double)], _ mark: Mark)
    -> Markup
  {
    let source = bars.compactMap { bar -> String? in
      guard bar.height != 0, let a = x.place(bar.x.lowerBound), let b = x.place(bar.x.upperBound),
        let low = y.place(0) ?? y.place(y.range.lowerBound), let high = y.place(bar.height)
      else { return nil }
      return "M\(coordinate(a)) \(coordinate(low))V\(coordinate(high))H\(coordinate(b))"
        + "V\(coordinate(low))Z"
    }
    return filled(source.joined(), mark)
  }

  private func area(_ band: [(x: Double, low: Double, high: Double)], _ mark: Mark) -> Markup {
    let usable = band.filter { $0.low.isFinite && $0.high.isFinite && $0.x.isFinite }
    let forth = usable.map { SIMD2($0.x, $0.high) }
    let back = usable.reversed().map { SIMD2($0.x, $0.low) }
    return usable.count < 2 ? .nothing : filled(path(forth + back) + "Z", mark)
  }

  private func whiskers(
    _ errors: [(x: Double, y: Double, low: SIMD2<Double>, high: SIMD2<Double>)], _ mark: Mark
  ) -> Markup {
    let paths = errors.map { path([$0.low, $0.high]) }.joined()
    return stroke(paths, mark) + dots(errors.map { SIMD2($0.x, $0.y) }, mark)
  }

  private func verticalRule(_ place: Double, _ mark: Mark, row: Int) -> Markup {
    guard let at = x.place(place), x.holds(place) else { return .nothing }
    let start = mark.label == nil ? top : top - ChartDrawing.rowHeight * Double(row) - 11
    return stroke("M\(coordinate(at)) \(coordinate(start))V\(coordinate(bottom))", mark)
  }

  /// The name of a vertical rule above the chart, over all rules' lines.
  func ruleName(_ mark: Mark, row: Int?) -> Markup {
    guard case .verticalRule(let place) = mark.shape, let name = mark.label, let row,
      let at = x.place(place)
    else { return .nothing }
    let height = top - ChartDrawing.rowHeight * Double(row)
    let isLeft = ChartDrawing.startsLeft(at, 6.6 * Double(name.count) + 10, right: right)
    return words(name, at + (isLeft ? -4 : 4), height - 3, isLeft ? .end : .start)
  }

  private func horizontalRule(_ place: Double, _ mark: Mark) -> Markup {
    guard let at = y.place(place), y.holds(place) else { return .nothing }
    return stroke(
      "M\(coordinate(left)) \(coordinate(at))H\(coordinate(right))", mark)
      + (mark.label.map { words($0, right - 4, at - 5, .end) } ?? .nothing)
  }
}

extension Mark.Shape {
  /// The shape without its data.
  var sample: Mark.Shape {
    switch self {
    case .points: .points([])
    case .bars: .bars([])
    case .band: .band([])
    default: .line([])
    }
  }
}

extension Mark {
  var isRule: Bool {
    switch shape {
    case .verticalRule, .horizontalRule, .text: true
    default: false
    }
  }

  var isBand: Bool {
    if case .band = shape { return true }
    return false
  }

  /// Every value that an axis without a range has to hold.
  var extent: (xs: [Double], ys: [Double]) {
    switch shape {
    case .line(let points), .steps(let points), .points(let points):
      (points.map(\.x), points.map(\.y))
    case .bars(let bars):
      (bars.flatMap { [$0.x.lowerBound, $0.x.upperBound] }, [0] + bars.map(\.height))
    case .band(let band): (band.map(\.x), band.flatMap { [$0.low, $0.high] })
    case .verticalErrors(let errors): (errors.map(\.x), errors.flatMap { [$0.low, $0.high, $0.y] })
    case .horizontalErrors(let errors):
      (errors.flatMap { [$0.low, $0.high, $0.x] }, errors.map(\.y))
    case .verticalRule(let place): ([place], [])
    case .horizontalRule(let place): ([], [place])
    case .text(_, let at, _): ([at.x], [at.y])
    }
  }
}
