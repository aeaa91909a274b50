import Documents

/// Who is in the study, by pseudonym.
public struct Participant: Sendable, Hashable {
  public let id: String
  public let site: String
  public let enrolledOn: CalendarDay

  public init(id: String, site: String, enrolledOn: CalendarDay) {
    self.id = id
    self.site = site
    self.enrolledOn = enrolledOn
  }
}

/// What the registry knows of one participant, without entries that were voided or replaced, except calls,
/// which carry their standing. Every list is in the order in which its entries were recorded.
public struct ParticipantRecord: Sendable, Hashable {
  public var participant: Participant
  public var calls: [SealedCall]
  public var tissue: [TissueResult]
  public var treatment: [TreatmentEvent]
  public var followUp: [FollowUpEvent]

  public init(
    participant: Participant, calls: [SealedCall] = [], tissue: [TissueResult] = [],
    treatment: [TreatmentEvent] = [], followUp: [FollowUpEvent] = []
  ) {
    self.participant = participant
    self.calls = calls
    self.tissue = tissue
    self.treatment = treatment
    self.followUp = followUp
  }
}

/// One thing to be recorded, as the rules look at it.
public enum RecordedEvent: Sendable, Hashable {
  case call(SealedCall)
  case tissue(TissueResult)
  case treatment(TreatmentEvent)
  case followUp(FollowUpEvent)
}
