import Documents
import Pages
import Registry
import Trial

/// Some of the forecasts, the least likely first.
struct ForecastsOfPage: Sendable {
  let rows: [Forecast]
  /// Of all who wait.
  let count: Int
}

extension Site {
  private static let rowsOfPage = 200

  /// Who waits for tissue, and how likely it is to come in time.
  func forecasts(_ session: Session, page: Int) async throws -> ForecastsOfPage {
    try await apart {
      let all = try session.forecast(on: on)
      let rows = all.dropFirst((page - 1) * Self.rowsOfPage).prefix(Self.rowsOfPage)
      return ForecastsOfPage(rows: Array(rows), count: all.count)
    }
  }

  func forecastPage(_ visit: Visit, _ found: ForecastsOfPage, page: Int) -> Page {
    frame(title: "Forecast", visit: visit, current: .study) {
      element("h1") { "Will tissue answer in time?" }
      element("p") {
        "Of the participants who waited as long, the share whose tissue answers by the deadline, by "
        "Aalen and Johansen: a failed biopsy, death or leaving the study end the wait as well. In "
        "brackets the 95 % interval. The least likely come first, then those without a number."
      }
      pageLinks(
        found.count == 1 ? "1 participant waits" : "\(found.count) participants wait",
        of: found.count,
        rowsOfPage: Self.rowsOfPage, page: page, atEnd: false
      ) { "/forecast?page=\($0)" }
      if !found.rows.isEmpty { table(found.rows) }
    }
  }

  private func table(_ forecasts: [Forecast]) -> Markup {
    var table = Table([
      .text("Participant"), .number("Days waited"), .date("Deadline"), .number("By the deadline"),
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
}
