import Documents
import Pages
import Registry
import Trial

extension Site {
  private static let mostForecasts = 200

  /// Who waits for tissue, and how likely it is to come in time; the least likely first.
  func forecastPage(_ visit: Visit) throws -> Page {
    let all = try visit.session.forecast(on: on)
    let shown = all.sorted(by: isGraver).prefix(Self.mostForecasts)
    return frame(title: "Forecast", visit: visit, current: .study) {
      element("h1") { "Will tissue answer in time?" }
      element("p") {
        "Of the participants who waited as long, the share whose tissue answers by the deadline, by "
        "Aalen and Johansen: a failed biopsy, death or leaving the study end the wait as well. In "
        "brackets the 95 % interval."
      }
      element("p", ["role": "status"]) {
        "\(all.count) participant\(all.count == 1 ? "" : "s") wait\(all.count == 1 ? "s" : "")"
          + (all.count > shown.count ? "; the first \(shown.count) are shown." : ".")
      }
      if !all.isEmpty { table(Array(shown)) }
    }
  }

  private func table(_ forecasts: [Forecast]) -> Markup {
    var table = Table([
      .text("Participant"), .number("Days waited"), .text("Deadline"), .number("By the deadline"),
      .number("Others at risk"),
    ])
    for forecast in forecasts {
      table.add(
        element("a", ["href": participantPath(forecast.participant)]) { forecast.participant },
        "\(forecast.daysWaited)", "\(forecast.deadline?.description ?? "–")",
        probability(forecast), "\(forecast.atRisk)")
    }
    return table.markup()
  }

  private func probability(_ forecast: Forecast) -> Markup {
    guard let estimate = forecast.estimate else {
      return element("span", ["class": "soft small"]) { forecast.gap?.words ?? "–" }
    }
    let (low, high) = (estimate.interval.lowerBound, estimate.interval.upperBound)
    return
      "\(number(100 * estimate.probability, 0)) % (\(number(100 * low, 0)) to \(number(100 * high, 0)))"
  }

  /// The least likely first, then those without a number.
  private func isGraver(_ left: Forecast, _ right: Forecast) -> Bool {
    (left.estimate?.probability ?? 2, left.participant)
      < (right.estimate?.probability ?? 2, right.participant)
  }
}
