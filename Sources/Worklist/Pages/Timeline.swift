import Documents
import Pages

/// What happened to one participant, along the days.
struct Timeline {
  enum Kind: String, CaseIterable {
    case scan, call, tissue, treatment
    case planned

    var words: String {
      switch self {
      case .scan: "scan"
      case .call: "call"
      case .tissue: "tissue"
      case .treatment: "treatment"
      case .planned: "planned"
      }
    }
  }

  struct Event: Hashable {
    let day: CalendarDay
    let kind: Kind
    let words: String
  }

  struct Span: Hashable {
    let days: ClosedRange<CalendarDay>
    let words: String
  }

  var events: [Event]
  let today: CalendarDay
  /// The TACE window, where a clock runs.
  var window: Span?
  /// The last day for tissue to answer.
  var tissueBy: CalendarDay?

  private static let width = 900.0
  private static let left = 90.0
  private static let right = 860.0
  private static let lane = 26.0

  private var days: ClosedRange<Int> {
    let all =
      events.map(\.day.number)
      + [today.number, tissueBy?.number, window?.days.upperBound.number]
      .compactMap(\.self)
    let first = (all.min() ?? today.number) - 1
    return first...max((all.max() ?? today.number) + 1, first + 14)
  }

  private func x(_ day: CalendarDay) -> Double {
    let share = Double(day.number - days.lowerBound) / Double(days.upperBound - days.lowerBound)
    return Self.left + share * (Self.right - Self.left)
  }

  /// The rows from top to bottom; what is planned stands in treatment's.
  private static let lanes: [Kind] = [.scan, .call, .tissue, .treatment]

  private func y(_ kind: Kind) -> Double {
    let row = Self.lanes.firstIndex(of: kind == .planned ? .treatment : kind) ?? 0
    return 24 + Double(row) * Self.lane
  }

  private var bottom: Double { 24 + Double(Self.lanes.count - 1) * Self.lane + 14 }

  func markup() -> Markup {
    element(
      "svg",
      [
        "class": "timeline", "viewBox": "0 0 \(Int(Self.width)) \(Int(bottom + 40))",
        "role": "img", "aria-label": "Timeline; the same is listed below",
      ]
    ) {
      if let window { band(window) }
      for kind in Self.lanes { laneMarkup(kind) }
      upright("today-line", today, "today")
      if let tissueBy { upright("limit", tissueBy, "tissue by", above: true) }
      for event in events { mark(event) }
      for tick in ticks { tickMarkup(tick) }
    }
  }

  private func band(_ span: Span) -> Markup {
    let from = x(span.days.lowerBound)
    return element(
      "rect",
      [
        "class": "window", "x": point(from), "y": point(y(.treatment) - 10),
        "width": point(max(2, x(span.days.upperBound) - from)), "height": "20",
      ]
    ) { element("title") { span.words } }
  }

  @MarkupBuilder private func laneMarkup(_ kind: Kind) -> Markup {
    element(
      "line",
      [
        "class": "track", "x1": point(Self.left), "x2": point(Self.right), "y1": point(y(kind)),
        "y2": point(y(kind)),
      ])
    element("text", ["class": "name", "x": "0", "y": point(y(kind) + 4)]) { kind.words }
  }

  @MarkupBuilder private func upright(
    _ kind: String, _ day: CalendarDay, _ words: String, above: Bool = false
  ) -> Markup {
    element(
      "line",
      [
        "class": kind, "x1": point(x(day)), "x2": point(x(day)), "y1": "12", "y2": point(bottom),
      ])
    element(
      "text",
      [
        "x": point(x(day)), "y": above ? "9" : point(bottom + 32), "text-anchor": anchor(x(day)),
      ]
    ) { "\(words) \(day)" }
  }

  /// Words at the edges run inwards.
  private func anchor(_ x: Double) -> String {
    x > Self.width - 120 ? "end" : x < 80 ? "start" : "middle"
  }

  private func mark(_ event: Event) -> Markup {
    let (x, y) = (x(event.day), y(event.kind))
    let shape: Markup =
      switch event.kind {
      case .scan: square(x, y, "event scan")
      case .call: path("M\(point(x)) \(point(y - 7))l7 7l-7 7l-7 -7z", "event call")
      case .tissue: path("M\(point(x - 6)) \(point(y + 6))l6 -12l6 12z", "event tissue")
      case .treatment, .planned:
        element(
          "circle",
          [
            "class": "event \(event.kind.rawValue)", "cx": point(x), "cy": point(y), "r": "6",
          ])
      }
    return element("g") {
      element("title") { "\(event.day) \(event.words)" }
      shape
    }
  }

  private func square(_ x: Double, _ y: Double, _ kind: String) -> Markup {
    element(
      "rect",
      ["class": kind, "x": point(x - 5), "y": point(y - 5), "width": "10", "height": "10"])
  }

  private func path(_ shape: String, _ kind: String) -> Markup {
    element("path", ["class": kind, "d": shape])
  }

  /// Weeks, or more where the days are many: at most ten.
  private var ticks: [CalendarDay] {
    let weeks = max(1, (days.upperBound - days.lowerBound) / 70 + 1)
    return stride(from: days.lowerBound + 1, through: days.upperBound, by: 7 * weeks)
      .map(CalendarDay.init(number:))
  }

  @MarkupBuilder private func tickMarkup(_ day: CalendarDay) -> Markup {
    element(
      "line",
      [
        "class": "track", "x1": point(x(day)), "x2": point(x(day)), "y1": point(bottom),
        "y2": point(bottom + 5),
      ])
    element("text", ["x": point(x(day)), "y": point(bottom + 18), "text-anchor": "middle"]) {
      "\(day)"
    }
  }
}
