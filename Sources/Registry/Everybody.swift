import Documents
import GRDB
import Trial

/// One participant as the census keeps it.
struct Person: Sendable {
  let stored: StoredParticipant
  let record: ParticipantRecord
}

/// All participants as of one entry of the log, and what was worked out from them.
struct Everybody: Sendable {
  private var head: Head?
  private var people: [String: Person] = [:]
  private var summaries: [SummaryKey: StudySummary] = [:]
  private var forecasts: [CalendarDay: [Forecast]] = [:]

  private struct SummaryKey: Hashable {
    let day: CalendarDay
    let sight: Sight
  }

  /// Reads what the log has had since, and the participants that it concerns. Where the log is not the one that
  /// was read before, all is read anew.
  mutating func update(_ db: Database) throws {
    let log = AuditLog(db: db)
    let now = try log.head()
    guard now != head || now == nil else { return }
    (summaries, forecasts) = ([:], [:])
    if let head, try log.goes(on: head) {
      let changed = try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT participant FROM entry
            WHERE number > ? AND participant IS NOT NULL AND action <> ?
          """,
        arguments: [head.number, Entry.Action.refusal.rawValue])
      for id in changed { people[id] = try Person(db, id) }
    } else {
      people = [:]
      try db.eachParticipantStored { stored, records in
        people[stored.participant.id] = try Person(stored, records)
      }
    }
    head = now
  }

  /// What `count` makes of all, or has made of them for this day and sight.
  mutating func summary(
    on day: CalendarDay, sight: Sight,
    _ count: (Dictionary<String, Person>.Values) throws -> StudySummary
  ) rethrows -> StudySummary {
    let key = SummaryKey(day: day, sight: sight)
    if let summary = summaries[key] { return summary }
    let summary = try count(people.values)
    // Somebody may ask for one day after the other.
    if summaries.count >= Self.mostKept { summaries = [:] }
    summaries[key] = summary
    return summary
  }

  /// What is forecast for all who wait: the least likely first, then those without a number; equal ones by
  /// pseudonym.
  mutating func forecasts(on day: CalendarDay, _ settings: StudySettings) -> [Forecast] {
    if let known = forecasts[day] { return known }
    var curves = WaitCurves(people.values.lazy.map { Wait($0.record, on: day) })
    let made = people.values.filter { Wait($0.record, on: day).end == nil }
      .map { Forecast($0.record, settings, curves: &curves, on: day) }
      .sorted {
        ($0.estimate?.probability ?? 2, $0.participant)
          < ($1.estimate?.probability ?? 2, $1.participant)
      }
    if forecasts.count >= Self.mostKept { forecasts = [:] }
    forecasts[day] = made
    return made
  }

  /// The forecast of one participant, who may not wait at all.
  func forecast(of id: String, on day: CalendarDay, _ settings: StudySettings) -> Forecast? {
    guard let person = people[id] else { return nil }
    var curves = WaitCurves(people.values.lazy.map { Wait($0.record, on: day) })
    return Forecast(person.record, settings, curves: &curves, on: day)
  }

  private static let mostKept = 8
}

extension Person {
  init(_ stored: StoredParticipant, _ records: [StoredRecord]) throws {
    self.init(
      stored: stored, record: try ParticipantRecord.gather(stored.participant, records))
  }

  /// Nil where there is no such participant (any more).
  init?(_ db: Database, _ id: String) throws {
    guard let stored = try StoredParticipant.fetch(db, id) else { return nil }
    try self.init(stored, StoredRecord.fetch(db, participant: id))
  }
}

extension Database {
  /// Every participant with its records, by pseudonym.
  func eachParticipantStored(_ body: (StoredParticipant, [StoredRecord]) throws -> Void) throws {
    let people = try Row.fetchCursor(
      self, sql: "SELECT \(StoredParticipant.columns) FROM participant ORDER BY id")
    // Both come in the same order, and each record belongs to a participant.
    let records = try Row.fetchCursor(
      self, sql: "SELECT \(StoredRecord.columns) FROM record ORDER BY participant, entry")
    var next = try records.next().map { try StoredRecord($0) }
    while let row = try people.next() {
      let stored = try StoredParticipant(row)
      var own: [StoredRecord] = []
      while let record = next, record.participant == stored.participant.id {
        own.append(record)
        next = try records.next().map { try StoredRecord($0) }
      }
      try body(stored, own)
    }
    guard next == nil else { throw RegistryError(.damaged, "a record is nobody's") }
  }
}
