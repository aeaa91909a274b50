import Calibration
import Documents

extension Assessment {
  /// Where a participant stands on a day: one pure function of the record, the settings and the day.
  ///
  /// What is dated after the day is not yet known, except plans of TACE and their cancellations.
  public init(_ record: ParticipantRecord, _ settings: StudySettings, on day: CalendarDay) {
    let found = Reconciliation(record, settings, on: day)
    let closedOn = record.closedOn(by: day)
    // What a difference has done is settled when the participant leaves.
    let last = closedOn ?? day
    let treatment = Treatment(record.treatment, on: last)
    let clock = TACEClock(
      settings: settings, start: treatment.systemicStart,
      leadTimeDays: settings.leadTimeDays(site: record.participant.site))
    let settled = last < day ? Reconciliation(record, settings, on: last) : found
    let consequence: Consequence =
      settled.tissueArm.map {
        Consequence(
          provisional: settled.provisionalArm, tissue: $0, treatment: treatment, clock: clock,
          on: last)
      } ?? .none

    participant = record.participant.id
    on = day
    state = closedOn == nil ? found.state : .closed
    reconciliation = found.state
    notEvidence = found.notEvidence
    self.consequence = consequence
    provisionalArm = found.provisionalArm
    tissueArm = found.tissueArm
    systemicStart = treatment.systemicStart
    self.closedOn = closedOn
    let next = ActionRules(
      found: found, consequence: consequence, treatment: treatment, clock: clock, day: day)
    tissueDeadline = closedOn == nil ? next.tissueDeadline : nil
    action = closedOn == nil ? next.action : NextAction(.none)
    callEntry = found.call?.entry
    tissueEntry = found.tissue?.entry
  }
}

extension ParticipantRecord {
  /// When the participant left the study's treatment, if that was not after the day.
  func closedOn(by day: CalendarDay) -> CalendarDay? {
    followUp.filter { $0.kind.closes && $0.date <= day }.map(\.date).min()
  }
}

extension FollowUpEvent.Kind {
  /// Whether a participant's treatment in the study ends with it.
  public var closes: Bool {
    switch self {
    case .death, .withdrawal, .conversion: true
    case .response, .progression, .adverseEvent: false
    }
  }
}
