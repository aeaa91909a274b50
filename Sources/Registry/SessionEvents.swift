import Documents
import GRDB
import Trial

/// What pathology reported of one lesion.
public struct TissueRequest: Sendable {
  public var participant: String
  public var lesion: String
  public var finding: TissueResult.Finding
  public var biopsyOn: CalendarDay
  public var reportedOn: CalendarDay
  /// What was taken: core biopsy, resection, ...
  public var specimen: String
  /// How the subtype was found.
  public var method: String
  /// The report's number at the laboratory; no name.
  public var reference: String
  /// Needed where it lies outside the protocol.
  public var reason: String?

  public init(
    participant: String, lesion: String, finding: TissueResult.Finding, biopsyOn: CalendarDay,
    reportedOn: CalendarDay, specimen: String, method: String, reference: String,
    reason: String? = nil
  ) {
    self.participant = participant
    self.lesion = lesion
    self.finding = finding
    self.biopsyOn = biopsyOn
    self.reportedOn = reportedOn
    self.specimen = specimen
    self.method = method
    self.reference = reference
    self.reason = reason
  }
}

public struct TreatmentRequest: Sendable {
  public var participant: String
  public var kind: TreatmentEvent.Kind
  public var date: CalendarDay
  public var lesion: String?
  public var reason: String?

  public init(
    participant: String, kind: TreatmentEvent.Kind, date: CalendarDay, lesion: String? = nil,
    reason: String? = nil
  ) {
    self.participant = participant
    self.kind = kind
    self.date = date
    self.lesion = lesion
    self.reason = reason
  }
}

public struct FollowUpRequest: Sendable {
  public var participant: String
  public var date: CalendarDay
  public var detail: FollowUpEvent.Detail
  /// Of an adverse event, where it is known.
  public var relatedToTACE: Bool?
  public var reason: String?

  public init(
    participant: String, date: CalendarDay, detail: FollowUpEvent.Detail,
    relatedToTACE: Bool? = nil, reason: String? = nil
  ) {
    self.participant = participant
    self.date = date
    self.detail = detail
    self.relatedToTACE = relatedToTACE
    self.reason = reason
  }
}

/// Recording what happened. All throw `participant-missing`, `event-impossible`, `deviation-unexplained`,
/// `date-in-future`, `registry-text-invalid`.
extension Session {
  /// Enrols a participant. Throws `pseudonym-refused`, `participant-exists`.
  ///
  /// - Parameter day: today where it is nil.
  @discardableResult
  public func enrol(participant: String, site: String, on day: CalendarDay? = nil) throws
    -> Recorded
  {
    try change(.enrol, participant: participant) { space in
      guard space.settings.accepts(pseudonym: participant) else {
        throw RegistryError(.pseudonymRefused)
      }
      guard try StoredParticipant.fetch(space.db, participant) == nil else {
        throw RegistryError(.participantExists)
      }
      let day = day ?? space.today
      try space.past(day, "enrolled on")
      let site = try GivenText.line(site, "the site", longest: 40)
      let entry = try space.append(
        .enrol, participant: participant, after: ["site": .string(site), "enrolled_on": .day(day)])
      return try recorded(entry, [], participant, space)
    }
  }

  @discardableResult
  public func tissue(_ request: TissueRequest) throws -> Recorded {
    try change(.tissue, participant: request.participant) { space in
      try space.past(request.biopsyOn, "biopsy on")
      try space.past(request.reportedOn, "reported on")
      let content: [String: JSONValue] = [
        "lesion": .string(try GivenText.line(request.lesion, "the lesion", longest: 40)),
        "subtype": .string(request.finding.rawValue),
        "biopsy_on": .day(request.biopsyOn), "reported_on": .day(request.reportedOn),
        "specimen": .string(try GivenText.line(request.specimen, "the specimen", longest: 100)),
        "method": .string(try GivenText.line(request.method, "the method", longest: 100)),
        "reference": .string(try GivenText.line(request.reference, "the reference", longest: 100)),
      ]
      return try record(.tissue, request.participant, content, request.reason, space)
    }
  }

  @discardableResult
  public func treat(_ request: TreatmentRequest) throws -> Recorded {
    try change(.treat, participant: request.participant) { space in
      if request.kind != .tacePlanned && request.kind != .taceCancelled {
        try space.past(request.date, "date")
      }
      let content: [String: JSONValue] = [
        "event": .string(request.kind.rawValue), "date": .day(request.date),
        "lesion": .text(try GivenText.optional(request.lesion, "the lesion", longest: 40)),
      ]
      return try record(.treat, request.participant, content, request.reason, space)
    }
  }

  @discardableResult
  public func follow(_ request: FollowUpRequest) throws -> Recorded {
    try change(.follow, participant: request.participant) { space in
      try space.past(request.date, "date")
      return try record(
        .follow, request.participant, request.content(), request.reason, space)
    }
  }

  /// Checks an event and appends it.
  private func record(
    _ action: Entry.Action, _ participant: String, _ content: [String: JSONValue],
    _ reason: String?, _ space: Workspace
  ) throws -> Recorded {
    let reason = try GivenText.optional(reason, "the reason")
    let record = try ParticipantRecord.fetch(space.db, participant)
    let number = (try AuditLog(db: space.db).head()?.number ?? 0) + 1
    guard let event = RecordedEvent(action, entry: number, .object(content)) else {
      throw RegistryError(.textInvalid, "the event")
    }
    let deviations = try space.checked(event, record, reason: reason)
    let after = content.withDeviations(deviations)
    let entry = try space.append(
      action, participant: participant, after: .object(after), reason: reason)
    return try recorded(entry, deviations.map { space.words([$0]) }, participant, space)
  }

  /// What the maker of an entry is shown; a reader is shown its number alone.
  func recorded(
    _ entry: Entry, _ deviations: [String], _ participant: String, _ space: Workspace,
    seal: String? = nil
  ) throws -> Recorded {
    var recorded = Recorded(entry, seal: seal, deviations: deviations)
    if space.account.role != .reader, try StoredParticipant.fetch(space.db, participant) != nil {
      recorded.status = try space.status(of: participant, on: space.today)
    }
    return recorded
  }
}

extension [String: JSONValue] {
  /// The rules that an event broke stand with it.
  func withDeviations(_ breaches: [RuleBreach]) -> [String: JSONValue] {
    var content = self
    content["deviations"] =
      breaches.isEmpty
      ? nil : .array(breaches.map { .string($0.rule.rawValue) })
    return content
  }
}

extension RecordedEvent {
  /// An event from its content; nil where something is missing.
  init?(_ action: Entry.Action, entry: Int, _ content: JSONValue) {
    let event: RecordedEvent? =
      switch action {
      case .call: SealedCall(entry: entry, content, standing: .standing).map { .call($0) }
      case .tissue: TissueResult(entry: entry, content).map { .tissue($0) }
      case .treat: TreatmentEvent(entry: entry, content).map { .treatment($0) }
      case .follow: FollowUpEvent(entry: entry, content).map { .followUp($0) }
      default: nil
      }
    guard let event else { return nil }
    self = event
  }
}

extension FollowUpRequest {
  func content() throws -> [String: JSONValue] {
    var content: [String: JSONValue] = [
      "event": .string(detail.kind.rawValue), "date": .day(date),
    ]
    switch detail {
    case .response(let recist, let mrecist):
      for (name, response) in [("recist", recist), ("mrecist", mrecist)] {
        guard let response else { continue }
        content[name] = .string(response.category.rawValue)
        content["\(name)_confirmed"] = .bool(response.isConfirmed)
      }
    case .progression(let criterion): content["criterion"] = .string(criterion.rawValue)
    case .adverseEvent(let event):
      content["term"] = .string(try GivenText.line(event.term, "the term", longest: 100))
      content["grade"] = .number(Double(event.grade))
      content["related_to_tace"] = relatedToTACE.map { .bool($0) } ?? .null
    case .death, .withdrawal, .conversion: break
    }
    return content
  }
}
