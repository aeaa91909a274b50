import Documents
import GRDB
import Trial

/// A stretch of days over which a participant's place in the coordinator's order stays the same.
///
/// Where participants stand depends on the day of reading. The table `phase` holds each one's stretches,
/// worked out when an entry changes them, so that a page of the worklist on any day is one look into an
/// index. It is for order and filters alone: what a page says is worked out afresh for the day.
struct Phase: Equatable {
  var from: Int
  var to: Int
  let urgency: Urgency
  let state: Assessment.State
  let consequence: Assessment.Consequence

  static let never = 9_999_999
  static let always = -9_999_999

  private func isAsGood(_ other: Phase) -> Bool {
    urgency == other.urgency && state == other.state && consequence == other.consequence
  }

  /// All stretches of a participant, in order, from `always` to `never`.
  static func all(_ record: ParticipantRecord, _ settings: StudySettings) -> [Phase] {
    var phases: [Phase] = []
    for day in days(record, settings) {
      let assessment = Assessment(record, settings, on: CalendarDay(number: day))
      let next = Phase(
        from: phases.isEmpty ? always : day, to: never, urgency: assessment.urgency,
        state: assessment.state, consequence: assessment.consequence)
      if let last = phases.last, last.isAsGood(next) { continue }
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
        id, phase.from, phase.to, phase.urgency.group.rawValue, phase.urgency.gravity,
        phase.urgency.by?.number ?? never, phase.state.rawValue, phase.consequence.rawValue,
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
