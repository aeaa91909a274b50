import Documents
import Statistics

/// How likely tissue is to answer by a participant's deadline, from how long others have waited.
///
/// Days count from enrolment. What ends a wait without an answer (a failed biopsy, death, withdrawal,
/// conversion) competes with the answer and is not censoring; those who still wait are censored after the
/// last day that is over. The estimate is of Aalen and Johansen, among those who waited at least as long as
/// the participant has: the reading day itself is still open.
public struct Forecast: Sendable, Equatable {
  /// Why there is no number.
  public enum Gap: String, Sendable, CaseIterable {
    case notWaiting = "not-waiting"
    case noDeadline = "no-deadline"
    case deadlinePassed = "deadline-passed"
    case tooFew = "too-few"
    case notSeenSoLong = "not-seen-so-long"

    public var words: String {
      switch self {
      case .notWaiting: "the participant does not wait for tissue"
      case .noDeadline:
        "no clock runs yet: systemic treatment has not begun, and no TACE is planned"
      case .deadlinePassed: "the deadline has passed"
      case .tooFew: "fewer than \(Forecast.leastAtRisk) participants have waited that long"
      case .notSeenSoLong: "nobody has been observed until that deadline"
      }
    }
  }

  /// Fewer others than this say nothing.
  public static let leastAtRisk = 5

  public let participant: String
  public let daysWaited: Int
  public let deadline: CalendarDay?
  /// Others who had waited as long without any end.
  public let atRisk: Int
  public let estimate: CumulativeIncidence.Estimate?
  /// nil where there is an estimate.
  public let gap: Gap?

  /// - Parameters:
  ///   - waits: of all participants, see `Wait`; the participant's own takes no part.
  ///   - day: the reading day.
  public init(
    _ record: ParticipantRecord, _ settings: StudySettings, waits: [Wait], on day: CalendarDay
  ) {
    let assessment = Assessment(record, settings, on: day)
    let waited = max(0, day.number - record.participant.enrolledOn.number)
    participant = record.participant.id
    daysWaited = waited
    deadline = assessment.tissueDeadline
    // The days before the reading day are over.
    let curve = CumulativeIncidence(
      waits.map(\.time), cause: Wait.End.answered.rawValue, from: Double(waited) - 1)
    atRisk = curve.count
    let isWaiting = assessment.state == .noCall || assessment.state == .awaitingTissue
    guard isWaiting, assessment.tissueArm == nil, record.participant.enrolledOn <= day else {
      (estimate, gap) = (nil, .notWaiting)
      return
    }
    guard let deadline = assessment.tissueDeadline else {
      (estimate, gap) = (nil, .noDeadline)
      return
    }
    guard deadline >= day else {
      (estimate, gap) = (nil, .deadlinePassed)
      return
    }
    guard curve.count >= Self.leastAtRisk else {
      (estimate, gap) = (nil, .tooFew)
      return
    }
    let until = deadline.number - record.participant.enrolledOn.number
    estimate = curve.estimate(at: Double(until))
    gap = estimate == nil ? .notSeenSoLong : nil
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
