import Documents
import GRDB
import Trial

/// One row of the table `record`: an entry's content as it now stands.
struct StoredRecord {
  let entry: Int
  let participant: String
  let kind: RecordKind
  let content: JSONValue
  let amended: Int?
  let superseded: Int?
  let voided: Int?

  init(_ row: Row) throws {
    let text: String = row[3]
    guard let kind = RecordKind(rawValue: row[2]), let content = try? JSONValue(parsing: text.utf8)
    else { throw RegistryError(.damaged, "a record cannot be read: entry \(row[0] as Int)") }
    entry = row[0]
    participant = row[1]
    self.kind = kind
    self.content = content
    amended = row[4]
    superseded = row[5]
    voided = row[6]
  }

  static let columns = "entry, participant, kind, content, amended, superseded, voided"

  static func fetch(_ db: Database, participant: String) throws -> [StoredRecord] {
    try Row.fetchAll(
      db, sql: "SELECT \(columns) FROM record WHERE participant = ? ORDER BY entry",
      arguments: [participant]
    ).map { try StoredRecord($0) }
  }

  static func fetch(_ db: Database, entry: Int) throws -> StoredRecord? {
    try Row.fetchOne(
      db, sql: "SELECT \(columns) FROM record WHERE entry = ?", arguments: [entry]
    ).map { try StoredRecord($0) }
  }

  /// The entry as the trial's rules look at it.
  func event() throws -> RecordedEvent {
    let event: RecordedEvent? =
      switch kind {
      case .call:
        SealedCall(
          entry: entry, content,
          standing: voided != nil ? .voided : superseded != nil ? .superseded : .standing
        ).map { .call($0) }
      case .tissue: TissueResult(entry: entry, content).map { .tissue($0) }
      case .treatment: TreatmentEvent(entry: entry, content).map { .treatment($0) }
      case .followUp: FollowUpEvent(entry: entry, content).map { .followUp($0) }
      }
    guard let event else {
      throw RegistryError(.damaged, "a record cannot be read: entry \(entry)")
    }
    return event
  }
}

/// A participant's row.
struct StoredParticipant {
  let participant: Participant
  let entry: Int
  let amended: Int?
  let called: Bool
  /// `none`, `failed`, `reported`.
  let tissue: String

  init(_ row: Row) throws {
    guard let enrolledOn = CalendarDay(row[2]) else {
      throw RegistryError(.damaged, "a participant cannot be read: entry \(row[3] as Int)")
    }
    participant = Participant(id: row[0], site: row[1], enrolledOn: enrolledOn)
    entry = row[3]
    amended = row[4]
    called = row[5]
    tissue = row[6]
  }

  static let columns = "id, site, enrolled_on, entry, amended, called, tissue"

  static func fetch(_ db: Database, _ id: String) throws -> StoredParticipant? {
    try Row.fetchOne(
      db, sql: "SELECT \(columns) FROM participant WHERE id = ?", arguments: [id]
    ).map { try StoredParticipant($0) }
  }

  /// Throws `participant-missing`; the pseudonym is not said.
  static func require(_ db: Database, _ id: String) throws -> StoredParticipant {
    guard let found = try fetch(db, id) else { throw RegistryError(.participantMissing) }
    return found
  }
}

extension ParticipantRecord {
  /// What stands of a participant; calls with their standing, all else only where it was not voided.
  static func gather(_ participant: Participant, _ records: [StoredRecord]) throws
    -> ParticipantRecord
  {
    var all = ParticipantRecord(participant: participant)
    for record in records {
      switch try record.event() {
      case .call(let call): all.calls.append(call)
      case _ where record.voided != nil: continue
      case .tissue(let result): all.tissue.append(result)
      case .treatment(let event): all.treatment.append(event)
      case .followUp(let event): all.followUp.append(event)
      }
    }
    return all
  }

  static func fetch(_ db: Database, _ id: String) throws -> ParticipantRecord {
    let stored = try StoredParticipant.require(db, id)
    return try gather(stored.participant, StoredRecord.fetch(db, participant: id))
  }

  /// The same without one entry, as if it had never been made.
  func without(entry: Int) -> ParticipantRecord {
    var rest = self
    rest.calls.removeAll { $0.entry == entry }
    rest.tissue.removeAll { $0.entry == entry }
    rest.treatment.removeAll { $0.entry == entry }
    rest.followUp.removeAll { $0.entry == entry }
    return rest
  }
}
