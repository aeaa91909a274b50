import Documents
import Statistics

/// The estimates from everybody's waits, made once for all who have waited equally long.
public struct WaitCurves: Sendable {
  private let waits: WaitingTimes
  private var made: [Int: CumulativeIncidence] = [:]

  public init(_ waits: some Sequence<Wait>) {
    self.waits = WaitingTimes(waits.lazy.map(\.time), cause: Wait.End.answered.rawValue)
  }

  /// Among those who waited at least so many days. The days before the reading day are over; who has waited
  /// up to the reading day is not among them.
  mutating func curve(waited: Int) -> CumulativeIncidence {
    if let curve = made[waited] { return curve }
    let curve = CumulativeIncidence(waits, from: Double(waited) - 1)
    made[waited] = curve
    return curve
  }
}

/// How long one participant waited for tissue, or has waited so far.
public struct Wait: Sendable, Hashable {
  public enum End: Int, Sendable, CaseIterable {
    case answered = 1
    case failed
    /// Death, withdrawal or conversion.
    case left
  }

  /// Days from enrolment to the end; while there is none, to the last day that is over: -1
  /// on the day of enrolment.
  public let days: Int
  /// nil while nothing has ended it.
  public let end: End?

  public init(_ record: ParticipantRecord, on day: CalendarDay) {
    let results = record.tissue.filter { $0.reportedOn <= day }
    let answered = results.filter { $0.finding.subtype != nil }.map {
      ($0.reportedOn, End.answered)
    }
    let failed = results.filter { $0.finding == .failed }.map { ($0.reportedOn, End.failed) }
    let left = record.closedOn(by: day).map { ($0, End.left) }
    let first = (answered + failed + [left].compactMap { $0 }).min {
      ($0.0.number, $0.1.rawValue) < ($1.0.number, $1.1.rawValue)
    }
    let start = record.participant.enrolledOn
    days = (first?.0 ?? day.adding(days: -1)).number - start.number
    end = first?.1
  }

  var time: WaitingTime { WaitingTime(time: Double(days), cause: end?.rawValue) }
}
