import Documents
import Trial

extension Session {
  /// How likely tissue is to answer in time: for one participant, or for all who wait for it.
  ///
  /// - Parameter day: the day of reading; today in the study's time zone where it is nil.
  /// - Throws: `participant-missing`.
  public func forecast(participant: String? = nil, on day: CalendarDay? = nil) throws -> [Forecast]
  {
    try survey(.forecast, participant: participant) { space, everybody in
      let day = day ?? space.today
      guard let participant else { return everybody.forecasts(on: day, space.settings) }
      guard let one = everybody.forecast(of: participant, on: day, space.settings) else {
        throw RegistryError(.participantMissing)
      }
      return [one]
    }
  }
}

extension Forecast {
  public var document: JSONValue {
    [
      "participant": .string(participant), "days_waited": .integer(daysWaited),
      "deadline": .day(deadline), "at_risk": .integer(atRisk),
      "probability": .finite(estimate?.probability),
      "low": .finite(estimate?.interval.lowerBound),
      "high": .finite(estimate?.interval.upperBound), "gap": .text(gap?.rawValue),
    ]
  }
}
