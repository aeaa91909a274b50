import GRDB
import Synchronization

/// The sites of enrolled participants, kept while a server runs: each page of the worklist lists them, and
/// looking through all participants takes longer than the page.
final class Sites: Sendable {
  private let keeps: Bool
  private let known = Mutex<(head: Head, names: Set<String>)?>(nil)

  init(keeps: Bool) { self.keeps = keeps }

  /// By name, as of the transaction `db` is in.
  func read(_ db: Database) throws -> [String] {
    guard keeps, let now = try AuditLog(db: db).head() else { return try Self.all(db).sorted() }
    return try known.withLock { known in
      if known?.head != now { known = (now, try Self.names(db, since: known)) }
      return (known?.names ?? []).sorted()
    }
  }

  private static func all(_ db: Database) throws -> Set<String> {
    Set(try String.fetchAll(db, sql: "SELECT DISTINCT site FROM participant"))
  }

  /// An enrolment can add a site; what was amended or voided can take one away.
  private static func names(_ db: Database, since known: (head: Head, names: Set<String>)?) throws
    -> Set<String>
  {
    guard let known, try AuditLog(db: db).goes(on: known.head) else { return try all(db) }
    let actions = Set(
      try String.fetchAll(
        db, sql: "SELECT DISTINCT action FROM entry WHERE number > ?",
        arguments: [known.head.number]))
    let changing: [Entry.Action] = [.amend, .void, .migrate]
    guard actions.isDisjoint(with: changing.map(\.rawValue)) else { return try all(db) }
    let added = try String.fetchAll(
      db,
      sql: """
        SELECT DISTINCT site FROM entry JOIN participant ON participant.id = entry.participant
          WHERE number > ? AND action = ?
        """,
      arguments: [known.head.number, Entry.Action.enrol.rawValue])
    return known.names.union(added)
  }
}
