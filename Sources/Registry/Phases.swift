import Documents
import GRDB
import Trial

/// A stretch of days over which a participant's place in the coordinator's order stays the same.
///
/// Where participants stand depends on the day of reading. The table `phase` holds each one's stretches,
/// worked out when an entry changes them, so that a page of the worklist on any day is one look into an
/// index. It is for order and filters alone: what a page says is worked out afresh for the day.
package struct Phase: Equatable {
  package var from: Int
  package var to: Int
  package let group: Int
  package let gravity: Int
  /// The day by which to act; `readingDay` where that is always the day of reading, `never` where there is
  /// none.
  package let by: Int
  package let state: Assessment.State
  package let consequence: Assessment.Consequence

  package static let never = 9_999_999
  package static let always = -9_999_999
  /// Behind all days that have passed, as the day of reading is.
  package static let readingDay = 9_999_998

  init(_ assessment: Assessment, from: Int) {
    self.from = from
    to = Self.never
    let urgency = assessment.urgency
    group = urgency.group.rawValue
    gravity = urgency.gravity
    by =
      urgency.by == assessment.on ? Self.readingDay : urgency.by.map(\.number) ?? Self.never
    state = assessment.state
    consequence = assessment.consequence
  }

  /// Whether the two differ in nothing but their days.
  private func says(_ other: Phase) -> Bool {
    var same = other
    (same.from, same.to) = (from, to)
    return same == self
  }

  /// All stretches of a participant, in order, from `always` to `never`.
  package static func all(_ record: ParticipantRecord, _ settings: StudySettings) -> [Phase] {
    var days = Set(days(record, settings))
    var found: [Int: Phase] = [:]
    var open = days
    // The day by which to act makes a difference on that day and after it.
    while !open.isEmpty {
      for day in open {
        found[day] = Phase(
          Assessment(record, settings, on: CalendarDay(number: day)), from: day)
      }
      let ends = found.values.map(\.by).filter { $0 < readingDay }.flatMap { [$0, $0 + 1] }
      open = Set(ends).subtracting(days)
      days.formUnion(open)
    }
    var phases: [Phase] = []
    for day in days.sorted() {
      guard var next = found[day] else { continue }
      if let last = phases.last, last.says(next) { continue }
      next.from = phases.isEmpty ? always : day
      if !phases.isEmpty { phases[phases.count - 1].to = day - 1 }
      phases.append(next)
    }
    return phases
  }

  /// Days on which something may change: all about treatment, calls and tissue as far as windows, pauses and
  /// lead times reach; the days beside a follow-up event.
  private static func days(_ record: ParticipantRecord, _ settings: StudySettings) -> [Int] {
    let reach =
      settings.taceWindowDays.upperBound + 2 * settings.pauseDays.upperBound
      + settings.leadTimeDays(site: record.participant.site) + 2
    var days: Set<Int> = [record.participant.enrolledOn.number]
    var middles = record.treatment.map(\.date)
    middles += record.tissue.flatMap { [$0.biopsyOn, $0.reportedOn] }
    middles += record.calls.map(\.sealedOn)
    for middle in middles { days.formUnion(middle.number - reach...middle.number + reach) }
    for event in record.followUp { days.formUnion(event.date.number - 1...event.date.number + 1) }
    return days.sorted()
  }

  /// Writes a participant's stretches and what is known of it, after its records changed.
  static func refresh(_ db: Database, _ id: String, _ settings: StudySettings) throws {
    try db.execute(sql: "DELETE FROM phase WHERE participant = ?", arguments: [id])
    guard try StoredParticipant.fetch(db, id) != nil else { return }
    let record = try ParticipantRecord.fetch(db, id)
    let insert = try db.cachedStatement(sql: "INSERT INTO phase VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    for phase in all(record, settings) {
      try insert.execute(arguments: [
        id, phase.from, phase.to, phase.group, phase.gravity, phase.by, phase.state.rawValue,
        phase.consequence.rawValue,
      ])
    }
    let hasCall = record.calls.contains { $0.standing == .standing }
    let tissue =
      record.tissue.isEmpty
      ? "none" : record.tissue.contains { $0.finding != .failed } ? "reported" : "failed"
    try db.execute(
      sql: "UPDATE participant SET called = ?, tissue = ? WHERE id = ?",
      arguments: [hasCall, tissue, id])
  }

  static func refreshAll(_ db: Database, _ settings: StudySettings) throws {
    for id in try String.fetchAll(db, sql: "SELECT id FROM participant ORDER BY id") {
      try refresh(db, id, settings)
    }
  }
}
