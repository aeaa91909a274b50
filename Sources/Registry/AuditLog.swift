import Documents
import Foundation
import GRDB

/// The log within a transaction.
struct AuditLog {
  let db: Database

  /// Entries whose time is this much later than the clock are let pass: clocks are set back a little.
  static let clockTolerance = 5_000

  /// The last entry; nil where there is none.
  func head() throws -> Head? {
    try Row.fetchOne(db, sql: "SELECT number, at, hash FROM entry ORDER BY number DESC LIMIT 1")
      .map { Head(number: $0[0], at: $0[1], hash: $0[2]) }
  }

  /// Whether the log is that of which this was the end, or one that goes on from there.
  func goes(on head: Head) throws -> Bool {
    try String.fetchOne(
      db, sql: "SELECT hash FROM entry WHERE number = ?", arguments: [head.number]) == head.hash
  }

  /// Appends an entry. Throws `registry-clock-behind` where the clock is before the last one.
  func append(_ draft: Entry.Draft, at moment: Moment) throws -> Entry {
    let last = try head()
    let latest = Moment(milliseconds: moment.milliseconds + Self.clockTolerance)
    if let last, latest.description < last.at {
      throw RegistryError(.clockBehind, "it says \(moment), the last entry \(last.at)")
    }
    let entry = Entry(
      number: (last?.number ?? 0) + 1, at: moment.description, draft: draft,
      previous: last?.hash ?? Entry.noPrevious)
    try db.execute(
      sql: "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        entry.number, entry.at, entry.user, entry.role, entry.action, entry.participant,
        entry.before, entry.after, entry.reason, entry.previous, entry.hash,
      ])
    return entry
  }

  /// Every text as the bytes that stand in the file: a zero byte or one that is no UTF-8 can't hide.
  static let columns = """
    number, CAST(at AS BLOB), CAST(user AS BLOB), CAST(role AS BLOB), CAST(action AS BLOB),
    CAST(participant AS BLOB), CAST(before AS BLOB), CAST(after AS BLOB), CAST(reason AS BLOB),
    CAST(previous AS BLOB), CAST(hash AS BLOB)
    """

  /// An entry from a row of `columns`; nil where a text is no UTF-8.
  static func entry(_ row: Row) -> Entry? {
    var isText = true
    func text(_ column: Int) -> String? {
      guard let bytes = row[column] as Data? else { return nil }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        isText = false
        return nil
      }
      return text
    }
    guard let number = row[0] as Int? else { return nil }
    let needed = [1, 2, 3, 4, 9, 10].map(text)
    let optional = [5, 6, 7, 8].map(text)
    guard isText, !needed.contains(nil) else { return nil }
    let all = needed.map { $0 ?? "" }
    return Entry(
      number: number, at: all[0], user: all[1], role: all[2], action: all[3],
      participant: optional[0], before: optional[1], after: optional[2], reason: optional[3],
      previous: all[4], hash: all[5])
  }

  func entry(number: Int) throws -> Entry? {
    try Row.fetchOne(
      db, sql: "SELECT \(Self.columns) FROM entry WHERE number = ?", arguments: [number]
    ).flatMap { Self.entry($0) }
  }
}
