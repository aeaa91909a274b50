import Calibration
import Documents
import Trial

/// A measurement from which a provisional call is to be sealed.
public struct CallRequest: Sendable {
  public var participant: String
  public var lesion: String
  /// The whole file `measurement.json`.
  public var measurement: [UInt8]
  /// Where the measurement does not know its scan's day for sure: the user's word for it.
  public var acquiredOn: CalendarDay?
  /// In a simulated study alone: the day of the seal; today where it is nil.
  public var sealedOn: CalendarDay?
  /// Needed where it takes an earlier call's place, or lies outside the protocol.
  public var reason: String?

  public init(
    participant: String, lesion: String, measurement: [UInt8], acquiredOn: CalendarDay? = nil,
    sealedOn: CalendarDay? = nil, reason: String? = nil
  ) {
    self.participant = participant
    self.lesion = lesion
    self.measurement = measurement
    self.acquiredOn = acquiredOn
    self.sealedOn = sealedOn
    self.reason = reason
  }
}

extension Session {
  /// Records a provisional call and seals it.
  ///
  /// Throws `measurement-invalid`, `measurement-changed`, `measurement-without-call`,
  /// `model-not-approved`, `model-status-unfit`, `scan-undated`, `scan-date-differs`, `call-exists`,
  /// `call-not-accepted`, `sealed-on-given`, `event-impossible`, `deviation-unexplained`.
  @discardableResult
  public func call(_ request: CallRequest) throws -> Recorded {
    try change(.call, participant: request.participant) { space in
      let lesion = try GivenText.line(request.lesion, "the lesion", longest: 40)
      let reason = try GivenText.optional(request.reason, "the reason")
      let stored = try StoredParticipant.require(space.db, request.participant)
      let records = try StoredRecord.fetch(space.db, participant: request.participant)
      let measurement = try SealedMeasurement(request.measurement)
      try space.requireApproved(measurement.model)
      let scannedOn = try space.scanDay(measurement, request.acquiredOn)
      let sealedOn = try space.sealDay(request.sealedOn)
      try space.requireNeverAnswered(records)
      if measurement.afterTACE { throw RuleRefusal(.scanAfterTACE) }
      var record = try ParticipantRecord.gather(stored.participant, records)
      let earlier = record.supersede(lesion: lesion)
      if earlier != nil, reason == nil { throw RegistryError(.callExists) }
      let number = (try AuditLog(db: space.db).head()?.number ?? 0) + 1
      let event = SealedCall(
        entry: number, lesion: lesion, set: measurement.set, scannedOn: scannedOn,
        sealedOn: sealedOn)
      let deviations = try space.checked(.call(event), record, reason: reason)
      var content = space.content(
        of: event, measurement, participant: request.participant,
        dateIsGiven: request.acquiredOn != nil && measurement.ownDay == nil)
      if let earlier { content["supersedes"] = .integer(earlier) }
      let before = try earlier.flatMap { try StoredRecord.fetch(space.db, entry: $0)?.content }
      let entry = try space.append(
        .call, participant: request.participant, before: before,
        after: .object(content.withDeviations(deviations)), reason: reason)
      return try recorded(
        entry, deviations.map { space.words([$0]) }, request.participant, space,
        seal: content["seal"].flatMap { if case .string(let text) = $0 { text } else { nil } })
    }
  }
}

extension SealedMeasurement {
  /// The scan's day, where the measurement knows it for sure.
  var ownDay: CalendarDay? { datesShifted ? nil : acquiredOn }
}

extension ParticipantRecord {
  /// Marks the standing call of a lesion as superseded; its entry.
  fileprivate mutating func supersede(lesion: String) -> Int? {
    guard
      let place = calls.lastIndex(where: { $0.lesion == lesion && $0.standing == .standing })
    else { return nil }
    calls[place].standing = .superseded
    return calls[place].entry
  }
}

extension Workspace {
  fileprivate func requireApproved(_ model: SubtypeModelReference) throws {
    guard (model.status == .demonstration) == settings.isSimulated else {
      throw RegistryError(
        .modelStatus,
        settings.isSimulated
          ? "the study is simulated, the model is \(model.status.rawValue)"
          : "the study is real, the model is for demonstration")
    }
    guard settings.approves(model) else { throw RegistryError(.modelNotApproved) }
  }

  fileprivate func scanDay(_ measurement: SealedMeasurement, _ given: CalendarDay?) throws
    -> CalendarDay
  {
    if let own = measurement.ownDay {
      guard given == nil || given == own else { throw RegistryError(.scanDateDiffers) }
      try past(own, "scanned on")
      return own
    }
    guard let given else {
      throw RegistryError(
        .scanUndated,
        measurement.acquiredOn == nil
          ? "the measurement has no date" : "the export's dates were shifted")
    }
    try past(given, "scanned on")
    return given
  }

  fileprivate func sealDay(_ given: CalendarDay?) throws -> CalendarDay {
    guard let given else { return today }
    guard settings.isSimulated else { throw RegistryError(.sealedOnGiven) }
    return given
  }

  /// A result that was on record and voided was known all the same: no call can be provisional any more.
  fileprivate func requireNeverAnswered(_ records: [StoredRecord]) throws {
    let voided = records.contains {
      $0.kind == .tissue && $0.voided != nil && $0.content.text("subtype") != "failed"
    }
    guard voided, !settings.isSimulated else { return }
    throw sight.contains(.tissue)
      ? RuleRefusal(.tissueKnown, "a result was on record, and voided")
      : RuleRefusal(error: RegistryError(.callNotAccepted), rules: [.tissueKnown])
  }

  fileprivate func content(
    of call: SealedCall, _ measurement: SealedMeasurement, participant: String, dateIsGiven: Bool
  ) -> [String: JSONValue] {
    let sealed = Seal.content(
      participant: participant, lesion: call.lesion, measurement, scannedOn: call.scannedOn,
      settingsSHA256: study.settingsSHA256, at: now)
    return [
      "lesion": .string(call.lesion), "call": .string(call.subtype?.rawValue ?? "indeterminate"),
      "set": .array(call.set.map { .string($0.rawValue) }), "arm": .string(call.arm.rawValue),
      "model": measurement.model.document, "scanned_on": .day(call.scannedOn),
      "scanned_on_by": dateIsGiven ? .string(account.name) : .null,
      "sealed_on": .day(call.sealedOn), "seals": sealed, "seal": .string(Seal.hash(sealed)),
      "measured": .object(measurement.details),
    ]
  }
}

extension RuleRefusal {
  init(_ rule: Rule, _ detail: String = "") {
    self.init(
      error: TrialError(.eventImpossible, RuleBreach(rule, detail).message), rules: [rule])
  }
}
