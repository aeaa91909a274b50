import Documents
import GRDB
import Trial

/// What an entry of the log does to the other tables. The same code runs when an entry is made and when the
/// log is replayed.
struct Replay {
  let db: Database

  /// Whose stretches of days have to be worked out anew.
  enum Concerned: Equatable {
    case nobody
    case one(String)
    case everybody
  }

  private struct Unreadable: Error {}

  /// Throws `registry-damaged` where the entry can't be read.
  func apply(_ entry: Entry) throws -> Concerned {
    do {
      let after = try entry.after.map { try JSONValue(parsing: $0.utf8) } ?? .null
      guard let action = Entry.Action(rawValue: entry.action) else { throw Unreadable() }
      return try apply(entry, action, after)
    } catch let error as DatabaseError {
      throw error
    } catch {
      throw RegistryError(.damaged, "entry \(entry.number) cannot be read")
    }
  }

  private func apply(_ entry: Entry, _ action: Entry.Action, _ after: JSONValue) throws -> Concerned
  {
    switch action {
    case .initialise:
      try db.execute(
        sql: "INSERT INTO study VALUES (1, ?, 0, ?)",
        arguments: [try needed(after["settings"]).canonical(), entry.number])
    case .configure:
      try db.execute(
        sql: "UPDATE study SET settings = ?, entry = ?",
        arguments: [try needed(after["settings"]).canonical(), entry.number])
      return .everybody
    case .unblind: try db.execute(sql: "UPDATE study SET unblinded = 1")
    case .addUser, .renewUser, .disableUser: try account(entry, after)
    case .enrol:
      try db.execute(
        sql: "INSERT INTO participant VALUES (?, ?, ?, ?, NULL, 0, 'none')",
        arguments: [
          try needed(entry.participant), try needed(after.text("site")),
          try needed(after.text("enrolled_on")), entry.number,
        ])
      return .one(try needed(entry.participant))
    case .call, .tissue, .treat, .follow: return try record(entry, action, after)
    case .amend: return try amend(entry, after)
    case .void: return try void(entry, after)
    case .refusal, .export, .migrate: break
    }
    return .nobody
  }

  private func needed<T>(_ value: T?) throws -> T {
    guard let value else { throw Unreadable() }
    return value
  }

  private func account(_ entry: Entry, _ after: JSONValue) throws {
    try db.execute(
      sql: """
        INSERT INTO account VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
          SET role = excluded.role, active = excluded.active, credential = excluded.credential,
          entry = excluded.entry
        """,
      arguments: [
        try needed(after.text("name")), try needed(after.text("role")),
        try needed(after.flag("active")), try needed(after.text("credential")), entry.number,
      ])
  }

  private func record(_ entry: Entry, _ action: Entry.Action, _ after: JSONValue) throws
    -> Concerned
  {
    let participant = try needed(entry.participant)
    let kind: RecordKind =
      switch action {
      case .call: .call
      case .tissue: .tissue
      case .treat: .treatment
      default: .followUp
      }
    try db.execute(
      sql: "INSERT INTO record VALUES (?, ?, ?, ?, NULL, NULL, NULL)",
      arguments: [entry.number, participant, kind.rawValue, after.canonical()])
    if let earlier = after.integer("supersedes") {
      try db.execute(
        sql: "UPDATE record SET superseded = ? WHERE entry = ?", arguments: [entry.number, earlier])
    }
    return .one(participant)
  }

  private func amend(_ entry: Entry, _ after: JSONValue) throws -> Concerned {
    let (changed, content) = (try needed(after.integer("entry")), try needed(after["content"]))
    let participant = try needed(entry.participant)
    try db.execute(
      sql: "UPDATE record SET content = ?, amended = ? WHERE entry = ?",
      arguments: [content.canonical(), entry.number, changed])
    if db.changesCount == 0 {
      try db.execute(
        sql: "UPDATE participant SET site = ?, enrolled_on = ?, amended = ? WHERE entry = ?",
        arguments: [
          try needed(content.text("site")), try needed(content.text("enrolled_on")), entry.number,
          changed,
        ])
    }
    return .one(participant)
  }

  /// A voided call brings the one back that it had superseded.
  private func void(_ entry: Entry, _ after: JSONValue) throws -> Concerned {
    let voided = try needed(after.integer("entry"))
    let participant = try needed(entry.participant)
    try db.execute(
      sql: "UPDATE record SET voided = ? WHERE entry = ?", arguments: [entry.number, voided])
    if db.changesCount == 0 {
      try db.execute(sql: "DELETE FROM phase WHERE participant = ?", arguments: [participant])
      try db.execute(sql: "DELETE FROM participant WHERE entry = ?", arguments: [voided])
    } else {
      try db.execute(
        sql: "UPDATE record SET superseded = NULL WHERE superseded = ?", arguments: [voided])
    }
    return .one(participant)
  }

  /// Fills empty tables from the whole log of `database`: `main`, or one that is attached.
  func all(of database: String) throws {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT \(AuditLog.columns) FROM \(database).entry ORDER BY number")
    while let row = try rows.next() {
      guard let entry = AuditLog.entry(row) else {
        throw RegistryError(.damaged, "an entry cannot be read")
      }
      _ = try apply(entry)
    }
    if let settings = try Study.fetch(db)?.settings { try Phase.refreshAll(db, settings) }
  }
}

/// The study's row.
struct Study {
  let settings: StudySettings
  let unblinded: Bool
  /// The entry that made the settings.
  let entry: Int
  /// SHA-256 of the settings' canonical form.
  let settingsSHA256: String

  static func fetch(_ db: Database) throws -> Study? {
    guard let row = try Row.fetchOne(db, sql: "SELECT settings, unblinded, entry FROM study")
    else { return nil }
    let text: String = row[0]
    guard let document = try? JSONValue(parsing: text.utf8),
      let settings = try? StudySettings(document)
    else { throw RegistryError(.damaged, "the study's settings cannot be read") }
    return Study(
      settings: settings, unblinded: row[1], entry: row[2],
      settingsSHA256: sha256Hex(Array(text.utf8)))
  }

  static func require(_ db: Database) throws -> Study {
    guard let study = try fetch(db) else {
      throw RegistryError(.damaged, "it has no study")
    }
    return study
  }
}
