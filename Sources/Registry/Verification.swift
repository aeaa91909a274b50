import Documents
import Foundation
import GRDB

/// That a registry holds.
public struct Verification: Sendable, Hashable {
  public let entries: Int
  /// Provisional calls whose seals were recomputed.
  public let seals: Int
  public let head: Head

  public var document: JSONValue {
    [
      "holds": true, "entries": .integer(entries), "seals": .integer(seals),
      "head": .string(head.hash), "at": .string(head.at),
    ]
  }
}

extension Registry {
  /// Recomputes everything: the file's own structure, its tables' definitions, the chain, the seals, and
  /// every row of every table by replaying the log into memory.
  ///
  /// It needs no user, so that it can be done where users can't be trusted: a registry that was changed may
  /// have changed users.
  ///
  /// - Parameter head: a head that was kept elsewhere; it must be in the chain.
  /// - Throws: `registry-does-not-hold` that names the first that does not, `registry-head-differs`.
  public static func verify(
    _ path: String, expecting head: String? = nil, wait: Double = defaultWait
  )
    throws -> Verification
  {
    try verify(path, expecting: head, wait: wait, schema: .current)
  }

  package static func verify(
    _ path: String, expecting head: String?, wait: Double, schema: Schema
  ) throws -> Verification {
    guard FileManager.default.fileExists(atPath: path) else {
      throw RegistryError(.missing, file: path)
    }
    try Store.requireLocalDisk(path)
    return try Store.patiently(path, wait) {
      var configuration = Store.configuration(wait)
      // The replay lies in memory, where the log's rows are not.
      configuration.foreignKeysEnabled = false
      let queue = try DatabaseQueue(named: nil, configuration: configuration)
      return try queue.inDatabase { db in
        try db.execute(sql: "ATTACH ? AS file", arguments: [path])
        var result: Verification?
        try db.inTransaction(.deferred) {
          do {
            result = try Verifier(db: db, schema: schema).run(expecting: head)
          } catch let error as RegistryError {
            throw error.placed(in: path)
          }
          return .rollback
        }
        guard let result else { throw RegistryError(.damaged, file: path) }
        return result
      }
    }
  }
}

/// The file is attached as `file`, the replay grows in `main`.
private struct Verifier {
  let db: Database
  let schema: Schema

  func run(expecting head: String?) throws -> Verification {
    try checkFile()
    for statement in Schema.log + schema.replay { try db.execute(sql: statement) }
    try checkDefinitions()
    let (entries, seals) = try checkChain()
    try Replay(db: db).all(of: "file")
    for table in Schema.tables(of: schema.replay) { try compare(table) }
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT number, at, hash FROM file.entry ORDER BY number DESC LIMIT 1")
    else { throw broken("the log is empty") }
    if let head {
      let found = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM file.entry WHERE hash = ?)",
        arguments: [head.lowercased()])
      guard found == true else { throw RegistryError(.headDiffers) }
    }
    return Verification(
      entries: entries, seals: seals, head: Head(number: row[0], at: row[1], hash: row[2]))
  }

  private func broken(_ what: String) -> RegistryError { RegistryError(.doesNotHold, what) }

  private func checkFile() throws {
    guard try Int.fetchOne(db, sql: "PRAGMA file.application_id") == Schema.applicationID else {
      throw RegistryError(.notARegistry)
    }
    let version = try Int.fetchOne(db, sql: "PRAGMA file.user_version") ?? 0
    guard version <= schema.version else { throw RegistryError(.newer) }
    guard version == schema.version else { throw broken("the file's version is \(version)") }
    guard try String.fetchAll(db, sql: "PRAGMA file.integrity_check(1)") == ["ok"] else {
      throw broken("the file's structure is damaged")
    }
  }

  /// No table, column, index or trigger more or less than this program makes.
  private func checkDefinitions() throws {
    let columns = "type || ' ' || name, type, name, tbl_name, sql"
    for (left, right, words) in [
      ("file", "main", "is not of this program"), ("main", "file", "is missing or was changed"),
    ] {
      let odd = try String.fetchOne(
        db,
        sql: """
          SELECT \(columns) FROM \(left).sqlite_schema EXCEPT
            SELECT \(columns) FROM \(right).sqlite_schema ORDER BY 1
          """)
      if let odd { throw broken("\(odd.prefix(80)) \(words)") }
    }
  }

  /// Entry by entry: numbers without a gap, each with the hash of the one before, its own hash, its seal.
  private func checkChain() throws -> (entries: Int, seals: Int) {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT \(AuditLog.columns) FROM file.entry ORDER BY number")
    var (previous, number, seals) = (Entry.noPrevious, 0, 0)
    var settings: String?
    while let row = try rows.next() {
      number += 1
      guard let entry = AuditLog.entry(row) else { throw broken("entry \(number) is not readable") }
      guard entry.number == number else { throw broken("entry \(number) is missing") }
      guard entry.previous == previous else {
        throw broken("entry \(number) does not follow the one before")
      }
      guard entry.hashHolds else { throw broken("entry \(number) was changed") }
      previous = entry.hash
      let after = entry.after.flatMap { try? JSONValue(parsing: $0.utf8) } ?? .null
      if let given = after["settings"] { settings = sha256Hex(Array(given.canonical().utf8)) }
      if entry.action == Entry.Action.call.rawValue {
        guard Seal.holds(after, entry: entry, settingsSHA256: settings) else {
          throw broken("the seal of entry \(number) does not hold")
        }
        seals += 1
      }
    }
    return (number, seals)
  }

  /// Every row of a table against the replay's.
  private func compare(_ table: String) throws {
    for (left, right, words) in [
      ("file", "main", "a row is not what the log says"),
      ("main", "file", "a row is missing or was changed"),
    ] {
      let odd = try Row.fetchOne(
        db, sql: "SELECT * FROM \(left).\(table) EXCEPT SELECT * FROM \(right).\(table)")
      guard let odd else { continue }
      let entry = (odd["entry"] as Int?).map { " of entry \($0)" } ?? ""
      throw broken("table \(table): \(words)\(entry)")
    }
    let counts = try ["file", "main"].map {
      try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \($0).\(table)")
    }
    guard counts[0] == counts[1] else { throw broken("table \(table): rows stand there twice") }
  }
}
