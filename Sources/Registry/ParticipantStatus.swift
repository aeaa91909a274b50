import Calibration
import Documents
import Trial

/// Where a participant stands, as far as a role may know.
public struct ParticipantStatus: Sendable, Hashable {
  public let participant: String
  public let site: String
  public let enrolledOn: CalendarDay
  /// The day for which it holds.
  public let on: CalendarDay
  /// For who sees all sides, the state by the trial's rules. For others only what their side says:
  /// `no-call`, `called`; `no-tissue`, `tissue-failed`, `tissue-reported`; or, for who sees none,
  /// `no-call`, `awaiting-tissue`, `tissue-failed`, `answered`.
  public let state: String
  /// State, consequence, next action with its dates: only for who sees all sides.
  public let assessment: Assessment?
  public let calls: [CallLine]
  public let tissue: [TissueLine]
  public let events: [EventLine]
  /// Whether the study is simulated.
  public let isSimulated: Bool
}

/// A provisional call as a role may see it.
public struct CallLine: Sendable, Hashable {
  public let entry: Int
  public let lesion: String
  /// `F1`, `F2`, `F3` or `indeterminate`.
  public let call: String
  public let set: [Subtype]
  public let arm: Arm
  public let scannedOn: CalendarDay
  public let sealedOn: CalendarDay
  public let standing: SealedCall.Standing
  public let model: String
  public let seal: String
  /// Whole sentences for who sees fat fractions, codes for others.
  public let reasons: [String]
  /// Per cent; nil for who does not see fat fractions.
  public let pdffPercent: Double?
  public let standardUncertainty: Double?
  public let backgroundPercent: Double?
}

public struct TissueLine: Sendable, Hashable {
  public let entry: Int
  public let lesion: String
  public let finding: TissueResult.Finding
  public let biopsyOn: CalendarDay
  public let reportedOn: CalendarDay
  public let specimen: String
  public let method: String
  public let reference: String
}

/// Treatment or follow-up.
public struct EventLine: Sendable, Hashable {
  public let entry: Int
  /// `tace`, `response`, ...
  public let event: String
  public let date: CalendarDay
  public let lesion: String?
  /// "CR by RECIST, confirmed", "nausea, grade 2".
  public let detail: String
  /// Rules of the protocol that it broke.
  public let deviations: [String]
}

extension Workspace {
  /// Throws `participant-missing`.
  func status(of id: String, on day: CalendarDay) throws -> ParticipantStatus {
    let stored = try StoredParticipant.require(db, id)
    let records = try StoredRecord.fetch(db, participant: id)
    let record = try ParticipantRecord.gather(stored.participant, records)
    let sight = self.sight
    let standing = records.filter { $0.voided == nil }
    let assessment = sight.showsReconciliation ? Assessment(record, settings, on: day) : nil
    return ParticipantStatus(
      participant: id, site: stored.participant.site, enrolledOn: stored.participant.enrolledOn,
      on: day, state: assessment?.state.rawValue ?? Self.progress(stored, sight),
      assessment: assessment,
      calls: sight.contains(.calls) ? try records.compactMap { try CallLine($0, sight) } : [],
      tissue: sight.contains(.tissue) ? try standing.compactMap { try TissueLine($0) } : [],
      events: sight.contains(.treatment) ? try standing.compactMap { try EventLine($0) } : [],
      isSimulated: settings.isSimulated)
  }

  /// What one side may know of how far a participant is.
  static func progress(_ stored: StoredParticipant, _ sight: Sight) -> String {
    if sight.contains(.calls) { return stored.called ? "called" : "no-call" }
    if sight.contains(.tissue) {
      return stored.tissue == "none" ? "no-tissue" : "tissue-\(stored.tissue)"
    }
    switch (stored.called, stored.tissue) {
    case (_, "reported"): return "answered"
    case (_, "failed"): return "tissue-failed"
    case (true, _): return "awaiting-tissue"
    default: return "no-call"
    }
  }
}

extension CallLine {
  init?(_ record: StoredRecord, _ sight: Sight) throws {
    guard case .call(let call) = try record.event() else { return nil }
    let content = record.content
    let measured = content["measured"] ?? .null
    let sees = sight.contains(.fatFractions)
    entry = call.entry
    lesion = call.lesion
    self.call = call.subtype?.rawValue ?? "indeterminate"
    set = call.set
    arm = call.arm
    scannedOn = call.scannedOn
    sealedOn = call.sealedOn
    standing = call.standing
    model = [content["model"]?.text("name"), content["model"]?.text("version")]
      .compactMap { $0 }.joined(separator: " ")
    seal = content.text("seal") ?? ""
    reasons = measured.reasons(withParticulars: sees)
    pdffPercent = sees ? measured.number("pdff_percent") : nil
    standardUncertainty = sees ? measured.number("standard_uncertainty") : nil
    backgroundPercent = sees ? measured.number("background_pdff_percent") : nil
  }
}

extension JSONValue {
  /// `code: sentence`; the sentences tell fat fractions.
  func reasons(withParticulars: Bool) -> [String] {
    guard case .array(let reasons)? = self["reasons"] else { return [] }
    return reasons.compactMap { reason in
      guard case .string(let text) = reason else { return nil }
      return withParticulars ? text : String(text.prefix { $0 != ":" })
    }
  }
}

extension TissueLine {
  init?(_ record: StoredRecord) throws {
    guard case .tissue(let result) = try record.event() else { return nil }
    entry = result.entry
    lesion = result.lesion
    finding = result.finding
    biopsyOn = result.biopsyOn
    reportedOn = result.reportedOn
    specimen = record.content.text("specimen") ?? ""
    method = record.content.text("method") ?? ""
    reference = record.content.text("reference") ?? ""
  }
}

extension EventLine {
  init?(_ record: StoredRecord) throws {
    let content = record.content
    switch try record.event() {
    case .call, .tissue: return nil
    case .treatment(let event):
      self.init(
        entry: event.entry, event: event.kind.rawValue, date: event.date, lesion: event.lesion,
        detail: "", deviations: content.deviations)
    case .followUp(let event):
      self.init(
        entry: event.entry, event: event.kind.rawValue, date: event.date, lesion: nil,
        detail: event.detail.words(relatedToTACE: content.flag("related_to_tace")),
        deviations: content.deviations)
    }
  }
}

extension JSONValue {
  /// Words of the rules that an event broke.
  fileprivate var deviations: [String] {
    guard case .array(let rules)? = self["deviations"] else { return [] }
    return rules.compactMap { rule in
      if case .string(let name) = rule { Rule(rawValue: name)?.summary ?? name } else { nil }
    }
  }
}

extension FollowUpEvent.Detail {
  fileprivate func words(relatedToTACE: Bool?) -> String {
    switch self {
    case .response(let recist, let mrecist):
      [("RECIST", recist), ("mRECIST", mrecist)].compactMap { name, response in
        response.map {
          "\($0.category.rawValue) by \(name)\($0.isConfirmed ? ", confirmed" : "")"
        }
      }.joined(separator: "; ")
    case .progression(let criterion): "by \(criterion == .recist ? "RECIST" : "mRECIST")"
    case .adverseEvent(let event):
      "\(event.term), grade \(event.grade)"
        + (relatedToTACE.map { $0 ? ", related to TACE" : ", not related to TACE" } ?? "")
    case .death, .withdrawal, .conversion: ""
    }
  }
}
