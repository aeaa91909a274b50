import Documents
import GRDB
import Trial

/// Correcting what was recorded: nothing is deleted or overwritten, the log keeps what was there.
extension Session {
  /// Changes fields of an entry. Whoever may make such an entry may amend it. Calls are sealed: they can't
  /// be amended, only voided or superseded.
  ///
  /// Throws `entry-missing`, `entry-fixed`, `nothing-changed`, `reason-missing`, and what the entry itself
  /// would have been refused for.
  ///
  /// - Parameter changes: new values by field, as `history` names the fields; nil takes a value away.
  @discardableResult
  public func amend(entry number: Int, _ changes: [String: String?], reason: String?) throws
    -> Recorded
  {
    let (act, participant) = try whatIs(number)
    return try change(act, participant: participant) { space in
      let reason = try GivenText.reason(reason)
      guard let target = try Target.find(space.db, number) else {
        throw RegistryError(.entryMissing)
      }
      let content = try target.content.amended(changes, target.action)
      guard content != target.content else { throw RegistryError(.nothingChanged) }
      var deviations: [RuleBreach] = []
      if let action = target.action {
        guard let event = RecordedEvent(action, entry: number, content) else {
          throw RegistryError(.textInvalid, "a field cannot be read")
        }
        try space.requirePast(content, action, recordedAt: target.at)
        let record = try ParticipantRecord.fetch(space.db, target.participant)
        deviations = try space.checked(event, record.without(entry: number), reason: reason)
      } else if let day = content.day("enrolled_on") {
        try space.past(day, "enrolled on")
      }
      var members: [String: JSONValue] = [:]
      if case .object(let all) = content { members = all }
      let entry = try space.append(
        .amend, participant: target.participant, before: target.content,
        after: ["entry": .integer(number), "content": .object(members.withDeviations(deviations))],
        reason: reason)
      return try recorded(entry, deviations.map { space.words([$0]) }, target.participant, space)
    }
  }

  /// Declares an entry void: a mistake, a withdrawn record. Whoever may make such an entry may void it. A
  /// voided call brings the one back that it had superseded.
  ///
  /// Throws `entry-missing`, `entry-in-use`, `reason-missing`.
  @discardableResult
  public func void(entry number: Int, reason: String?) throws -> Recorded {
    let (act, participant) = try whatIs(number)
    return try change(act, participant: participant) { space in
      let reason = try GivenText.reason(reason)
      guard let target = try Target.find(space.db, number) else {
        throw RegistryError(.entryMissing)
      }
      if target.action == nil {
        let rests = try Int.fetchOne(
          space.db, sql: "SELECT COUNT(*) FROM record WHERE participant = ?",
          arguments: [target.participant])
        guard rests == 0 else { throw RegistryError(.entryInUse) }
      }
      if target.isSuperseded { throw RegistryError(.entryInUse) }
      let entry = try space.append(
        .void, participant: target.participant, before: target.content,
        after: ["entry": .integer(number)], reason: reason)
      return try recorded(entry, [], target.participant, space)
    }
  }

  /// Whose right it is to change an entry. Where there is none to be changed, or none of which the user may
  /// know, the answer is the same.
  private func whatIs(_ number: Int) throws -> (Act, String?) {
    try look(.status) { space in
      guard let target = try Target.find(space.db, number) else {
        throw RegistryError(.entryMissing)
      }
      let act: Act =
        switch target.action {
        case nil: .enrol
        case .call: .call
        case .tissue: .tissue
        case .treat: .treat
        default: .follow
        }
      guard space.may(act) || space.sight == .everything else { throw RegistryError(.entryMissing) }
      return (act, target.participant)
    }
  }
}

/// An entry that may be changed.
private struct Target {
  let participant: String
  /// nil is an enrolment.
  let action: Entry.Action?
  let content: JSONValue
  /// When it was recorded.
  let at: String
  let isSuperseded: Bool

  static func find(_ db: Database, _ number: Int) throws -> Target? {
    let at = try String.fetchOne(
      db, sql: "SELECT at FROM entry WHERE number = ?", arguments: [number])
    guard let at else { return nil }
    if let record = try StoredRecord.fetch(db, entry: number) {
      guard record.voided == nil else { return nil }
      let action: Entry.Action =
        switch record.kind {
        case .call: .call
        case .tissue: .tissue
        case .treatment: .treat
        case .followUp: .follow
        }
      return Target(
        participant: record.participant, action: action, content: record.content, at: at,
        isSuperseded: record.superseded != nil)
    }
    let row = try Row.fetchOne(
      db, sql: "SELECT \(StoredParticipant.columns) FROM participant WHERE entry = ?",
      arguments: [number])
    guard let stored = try row.map({ try StoredParticipant($0) }) else { return nil }
    let participant = stored.participant
    return Target(
      participant: participant.id, action: nil,
      content: ["site": .string(participant.site), "enrolled_on": .day(participant.enrolledOn)],
      at: at, isSuperseded: false)
  }
}

extension Workspace {
  /// Dates of an amended entry: not after today, and what was reported can't have been recorded before.
  fileprivate func requirePast(_ content: JSONValue, _ action: Entry.Action, recordedAt: String)
    throws
  {
    let isPlan =
      action == .treat
      && ["tace-planned", "tace-cancelled"].contains(content.text("event") ?? "")
    for key in ["date", "biopsy_on", "reported_on"] where !isPlan {
      if let day = content.day(key) { try past(day, key) }
    }
    guard action == .tissue, !settings.isSimulated, let reported = content.day("reported_on"),
      let recorded = Moment(recordedAt).map({ settings.day(of: $0.date) }), reported > recorded
    else { return }
    throw RegistryError(.dateInFuture, "reported on \(reported), recorded on \(recorded)")
  }
}

extension JSONValue {
  /// Fields that people may change, by what the entry is.
  private static func fields(_ action: Entry.Action?) throws -> Set<String> {
    switch action {
    case nil: ["site", "enrolled_on"]
    case .tissue:
      ["lesion", "subtype", "biopsy_on", "reported_on", "specimen", "method", "reference"]
    case .treat: ["date", "lesion"]
    case .follow:
      [
        "date", "recist", "recist_confirmed", "mrecist", "mrecist_confirmed", "criterion", "term",
        "grade", "related_to_tace",
      ]
    default: throw RegistryError(.entryFixed)
    }
  }

  fileprivate func amended(_ changes: [String: String?], _ action: Entry.Action?) throws
    -> JSONValue
  {
    guard case .object(var members) = self else { return self }
    let fields = try Self.fields(action)
    for (field, text) in changes {
      guard fields.contains(field) else {
        throw RegistryError(
          .textInvalid,
          "there is no field of that name; there are \(fields.sorted().joined(separator: ", "))")
      }
      members[field] = try Self.value(field, text)
    }
    members["deviations"] = nil
    return .object(members)
  }

  private static func value(_ field: String, _ text: String?) throws -> JSONValue {
    guard let text else { return .null }
    switch field {
    case "grade":
      guard let grade = Int(text) else { throw RegistryError(.textInvalid, "grade: 1 to 5") }
      return .integer(grade)
    case "recist_confirmed", "mrecist_confirmed", "related_to_tace":
      guard ["yes", "no"].contains(text) else {
        throw RegistryError(.textInvalid, "\(field): yes or no")
      }
      return .bool(text == "yes")
    case "date", "biopsy_on", "reported_on", "enrolled_on":
      guard let day = CalendarDay(text) else {
        throw RegistryError(.textInvalid, "\(field): a day, YYYY-MM-DD")
      }
      return .day(day)
    default: return .string(try GivenText.line(text, field, longest: 100))
    }
  }
}
