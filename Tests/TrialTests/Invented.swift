import Calibration
import Documents
import Testing
import Trial

/// Days, events and records for tests: D0 is day 0.
enum Invented {
  static func day(_ number: Int) -> CalendarDay { CalendarDay(number: 20_000 + number) }

  static let settings: StudySettings = {
    var settings = StudySettings(study: "invented")
    settings.isSimulated = true
    return settings
  }()

  static func call(
    _ set: [Subtype], lesion: String = "L1", scanned: Int = -12, sealed: Int = -11
  ) -> SealedCall {
    SealedCall(
      entry: 1, lesion: lesion, set: set, scannedOn: day(scanned), sealedOn: day(sealed))
  }

  static func tissue(
    _ finding: TissueResult.Finding, lesion: String = "L1", biopsy: Int = -9, reported: Int = 5
  ) -> TissueResult {
    TissueResult(
      entry: 2, lesion: lesion, finding: finding, biopsyOn: day(biopsy), reportedOn: day(reported))
  }

  static func treatment(_ kind: TreatmentEvent.Kind, _ date: Int, _ lesion: String? = nil)
    -> TreatmentEvent
  {
    TreatmentEvent(entry: 3, kind: kind, date: day(date), lesion: lesion)
  }

  static func followUp(_ detail: FollowUpEvent.Detail, _ date: Int) -> FollowUpEvent {
    FollowUpEvent(entry: 4, date: day(date), detail: detail)
  }

  static func record(
    calls: [SealedCall] = [], tissue: [TissueResult] = [], treatment: [TreatmentEvent] = [],
    followUp: [FollowUpEvent] = [], id: String = "P-01", site: String = "S1"
  ) -> ParticipantRecord {
    ParticipantRecord(
      participant: Participant(id: id, site: site, enrolledOn: day(-20)), calls: calls,
      tissue: tissue, treatment: treatment, followUp: followUp)
  }

  /// Rules that the event breaks, by their codes.
  static func broken(
    _ event: RecordedEvent, _ record: ParticipantRecord,
    _ settings: StudySettings = settings, today: Int = 400
  ) -> [String] {
    RuleBreach.all(of: event, in: record, settings: settings, today: day(today))
      .map(\.rule.rawValue)
  }
}
