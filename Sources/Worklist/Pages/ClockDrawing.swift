import Documents
import Pages
import Trial

/// The TACE clock of one participant, from D0 on: where today is, up to when tissue can still answer,
/// and when TACE lies inside its window.
struct ClockDrawing {
  /// D0; nil where no clock runs yet.
  let start: CalendarDay?
  let today: CalendarDay
  /// The last day on which tissue's answer comes in time; nil where it has answered.
  let tissueBy: CalendarDay?
  let settings: StudySettings

  /// The first day on which the arms can differ: the window's first day less the longest pause.
  private var parting: Int {
    settings.taceWindowDays.lowerBound - settings.pauseDays.upperBound
  }

  private var lastShown: Int { settings.taceWindowDays.upperBound + 3 }

  private static let width = 176.0
  private static let height = 32.0

  /// Where a day after D0 stands; days outside are drawn at the edge.
  private func x(_ day: Int) -> Double {
    let share = Double(min(max(day, 0), lastShown)) / Double(lastShown)
    return 4 + share * (Self.width - 8)
  }

  /// The same in words, for those who do not see it.
  var words: String {
    guard let start else { return "no clock runs: systemic treatment has not begun" }
    let day = today.number - start.number
    let window = settings.taceWindowDays
    let when = day < 0 ? "\(-day) days before D0" : "day \(day)"
    let limit = tissueBy.map { ", tissue by \($0) (day \($0.number - start.number))" } ?? ""
    return "\(when) after D0 \(start)\(limit), TACE window day \(window.lowerBound) to "
      + "\(window.upperBound)"
  }

  func markup() -> Markup {
    guard let start else { return element("span", ["class": "soft"]) { "not started" } }
    let window = settings.taceWindowDays
    let day = today.number - start.number
    return element(
      "svg",
      [
        "class": "clock", "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))", "role": "img",
        "aria-label": words,
      ]
    ) {
      element("title") { words }
      line("track", x(0), x(lastShown), 12)
      element(
        "rect",
        [
          "class": "window", "x": point(x(window.lowerBound)), "y": "7",
          "width": point(x(window.upperBound) - x(window.lowerBound)), "height": "10",
        ])
      upright("parting", x(parting), 6, 18)
      if let tissueBy { upright("limit", x(tissueBy.number - start.number), 3, 21) }
      element("circle", ["class": "today", "cx": point(x(day)), "cy": "12", "r": "5"])
      label("D0", x(0), "start")
      label("D\(window.lowerBound)", x(window.lowerBound), "middle")
      label("D\(window.upperBound)", x(window.upperBound), "middle")
    }
  }

  private func label(_ words: String, _ x: Double, _ anchor: String) -> Markup {
    element("text", ["x": point(x), "y": "30", "text-anchor": anchor]) { words }
  }

  private func line(_ kind: String, _ from: Double, _ to: Double, _ y: Double) -> Markup {
    element(
      "line", ["class": kind, "x1": point(from), "x2": point(to), "y1": point(y), "y2": point(y)])
  }

  private func upright(_ kind: String, _ x: Double, _ from: Double, _ to: Double) -> Markup {
    element(
      "line", ["class": kind, "x1": point(x), "x2": point(x), "y1": point(from), "y2": point(to)])
  }
}

/// A coordinate, to a tenth.
func point(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
}
