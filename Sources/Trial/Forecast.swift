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
    var curves = WaitCurves(waits)
    self.init(record, settings, curves: &curves, on: day)
  }

  /// - Parameter curves: of the waits of all participants; the participant's own takes no part.
  public init(
    _ record: ParticipantRecord, _ settings: StudySettings, curves: inout WaitCurves,
    on day: CalendarDay
  ) {
    let assessment = Assessment(record, settings, on: day)
    let waited = max(0, day.number - record.participant.enrolledOn.number)
    participant = record.participant.id
    daysWaited = waited
    deadline = assessment.tissueDeadline
    let curve = curves.curve(waited: waited)
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
