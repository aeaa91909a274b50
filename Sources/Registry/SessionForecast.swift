import Documents
import GRDB
import Statistics
import Trial

extension Session {
  /// How likely tissue is to answer in time: for one participant, or for all who wait for it.
  ///
  /// - Parameter day: the day of reading; today in the study's time zone where it is nil.
  /// - Throws: `participant-missing`.
  public func forecast(participant: String? = nil, on day: CalendarDay? = nil) throws -> [Forecast]
  {
    try look(.forecast, participant: participant) { space in
      if let participant { _ = try StoredParticipant.require(space.db, participant) }
      let day = day ?? space.today
      var records: [ParticipantRecord] = []
      try space.eachParticipant { records.append($1) }
      let waits = records.map { Wait($0, on: day) }
      return zip(records, waits).filter { record, wait in
        participant.map { $0 == record.participant.id } ?? (wait.end == nil)
      }.map { record, _ in Forecast(record, space.settings, waits: waits, on: day) }
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
