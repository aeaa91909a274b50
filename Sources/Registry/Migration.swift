import Documents
import Foundation
import GRDB

/// From an older version's file to this one's. The log is the same in every version; the other tables are
/// made anew from it.
struct Migration {
  let store: Store
  let schema: Schema
  let clock: RegistryClock

  /// Throws `registry-newer` where a newer pdff wrote the file.
  func run() throws {
    let version = try store.alone { try Self.version($0) }
    guard version <= schema.version else {
      throw RegistryError(
        .newer, "its version is \(version), this one knows \(schema.version)", file: store.path)
    }
    guard version < schema.version else { return }
    try backUp(version)
    try store.write { db in
      // Another process may have been faster.
      let version = try Self.version(db)
      guard version < schema.version else { return }
      try migrate(db, from: version)
    }
  }

  private static func version(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// A whole copy beside the file, `FILE.version-N.TIME.backup`.
  private func backUp(_ version: Int) throws {
    let time = clock.now().description.replacing(":", with: "").replacing(".", with: "")
    let copy = "\(store.path).version-\(version).\(time).backup"
    try store.alone { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
  }

  private func migrate(_ db: Database, from version: Int) throws {
    let names = try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'entry'")
    try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
    for name in names where !name.hasPrefix("sqlite_") {
      try db.execute(sql: "DROP TABLE \(name.quotedDatabaseIdentifier)")
    }
    for statement in schema.replay { try db.execute(sql: statement) }
    try db.execute(sql: "PRAGMA user_version = \(schema.version)")
    _ = try AuditLog(db: db).append(
      Entry.Draft(
        user: Software.name, role: "program", action: .migrate,
        before: ["version": .number(Double(version))],
        after: ["version": .number(Double(schema.version))]),
      at: clock.now())
    try Replay(db: db).all(of: "main")
  }
}
