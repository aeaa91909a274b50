import Documents
import Foundation
import GRDB
import Registry
import TestSupport
import Testing
import Trial

/// `verify`: whatever is changed other than by pdff is found.
@Suite struct VerificationTests {
  /// A registry with something in every table, closed, without side files.
  private func made() throws -> (folder: URL, path: String) {
    let folder = try Tools.scratchFolder()
    let path = folder.appendingPathComponent("copy.registry").path
    try Self.template.get().write(to: URL(fileURLWithPath: path))
    return (folder, path)
  }

  private static let template = Result { try make() }

  private static func make() throws -> Data {
    let study = try StudyFixture()
    let path = study.folder.appendingPathComponent("copy").path
    try study.discordant("P-001", "P-002")
    try study.session(.coordinator).amend(
      entry: try #require(try study.session(.auditor).status(participant: "P-001").events.last)
        .entry,
      ["grade": "3"], reason: "worse than thought")
    _ = code { try study.enrol("no pseudonym") }
    _ = try study.session(.auditor).export(.json, unblinded: true)
    try plain(study.path) { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
    try plain(path) { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// A connection as somebody with the sqlite3 shell has it.
  private static func plain(_ path: String, _ body: (Database) throws -> Void) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.inDatabase(body)
    try queue.close()
  }

  /// Everything that SQLite can read from a file, or that it can't.
  private func content(_ path: String) -> String? {
    var text = ""
    do {
      try Self.plain(path) { db in
        for pragma in ["user_version", "application_id"] {
          text += "\(try Int.fetchOne(db, sql: "PRAGMA \(pragma)") ?? -1) "
        }
        let objects = try Row.fetchAll(db, sql: "SELECT * FROM sqlite_schema ORDER BY name")
        text +=
          "\(objects.map { "\($0["type"] as String?) \($0["name"] as String?) \($0["sql"] as String?)" })"
        for object in objects where object["type"] == "table" {
          let name: String = object["name"]
          let columns = try db.columns(in: name).map { "hex(\($0.name)), typeof(\($0.name))" }
          let rows = try Row.fetchAll(
            db, sql: "SELECT \(columns.joined(separator: ", ")) FROM \(name) ORDER BY 1, 3")
          text += "\(name): \(rows)\n"
        }
      }
    } catch { return nil }
    return text
  }

  @Test func whatWasNotTouchedHolds() throws {
    let (folder, path) = try made()
    defer { try? FileManager.default.removeItem(at: folder) }
    let found = try Registry.verify(path)
    #expect(found.seals == 2 && found.entries > 20)
    #expect(found.head.number == found.entries)
    // An earlier head is in the chain, too; an invented one is not.
    _ = try Registry.verify(path, expecting: found.head.hash.uppercased())
    #expect(
      code { _ = try Registry.verify(path, expecting: String(repeating: "a", count: 64)) }
        == "registry-head-differs")
  }

  /// Made with the sqlite3 shell; triggers are dropped first, as somebody would.
  static let statements = [
    "UPDATE entry SET reason = 'other' WHERE number = 9",
    "UPDATE entry SET after = replace(after, 'F1', 'F3')",
    "UPDATE entry SET after = after || ' ' WHERE number = 5",
    "UPDATE entry SET at = '2026-01-01T00:00:00.000Z' WHERE number = 3",
    "UPDATE entry SET user = user || char(0) || 'x' WHERE number = 4",
    "UPDATE entry SET reason = '' WHERE number = 8",
    "UPDATE entry SET number = number + 1000 WHERE number = (SELECT max(number) FROM entry)",
    "DELETE FROM entry WHERE number = 12",
    "DELETE FROM entry WHERE number = 1",
    "DELETE FROM entry",
    """
    INSERT INTO entry SELECT max(number) + 1, at, user, role, action, participant, before, after,
      reason, hash, hash FROM entry
    """,
    """
    UPDATE entry SET after = (SELECT after FROM entry WHERE number = 5) WHERE number = 6
    """,
    "UPDATE record SET content = replace(content, 'F1', 'F3') WHERE kind = 'tissue'",
    "UPDATE record SET voided = 3 WHERE kind = 'call'",
    "UPDATE record SET superseded = entry WHERE kind = 'call'",
    "UPDATE record SET participant = 'P-002' WHERE participant = 'P-001' AND kind = 'tissue'",
    "DELETE FROM record WHERE kind = 'follow-up'",
    "INSERT INTO record SELECT 1, participant, kind, content, NULL, NULL, NULL FROM record LIMIT 1",
    "UPDATE participant SET site = 'elsewhere'",
    "UPDATE participant SET called = 0",
    "INSERT INTO participant VALUES ('P-9', 's', '2026-01-01', 1, NULL, 0, 'none')",
    "UPDATE account SET role = 'admin' WHERE name = 'reader'",
    "UPDATE account SET active = 0",
    "UPDATE account SET credential = '\(String(repeating: "0", count: 64))'",
    "UPDATE study SET unblinded = 1",
    "UPDATE study SET settings = replace(settings, '14', '15')",
    "UPDATE phase SET by_day = by_day + 1",
    "DELETE FROM phase",
    "CREATE TABLE note (text TEXT)",
    "CREATE VIEW everything AS SELECT * FROM entry",
    "CREATE INDEX more ON record (kind)",
    "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM phase; END",
    "DROP TRIGGER entry_never_changes",
    "DROP INDEX phase_in_order",
    "DROP TABLE phase",
    "ALTER TABLE participant ADD COLUMN name TEXT",
    "ANALYZE",
    "PRAGMA user_version = 0",
    "PRAGMA user_version = 7",
    "PRAGMA application_id = 1",
  ]

  @Test(arguments: statements) func everyStatementIsFound(statement: String) throws {
    let (folder, path) = try made()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.plain(path) { db in
      let before = db.totalChangesCount
      let triggers = try String.fetchAll(
        db, sql: "SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
      let isAboutEntries = statement.contains("entry SET") || statement.contains("FROM entry")
      if isAboutEntries {
        try db.execute(sql: "DROP TRIGGER entry_never_changes; DROP TRIGGER entry_never_goes")
      }
      try db.execute(sql: statement)
      if isAboutEntries { for trigger in triggers { try db.execute(sql: trigger) } }
      let isOfRows = ["UPDATE", "DELETE", "INSERT"].contains { statement.hasPrefix($0) }
      #expect(!isOfRows || db.totalChangesCount > before, "the statement changed nothing")
    }
    let found = code { _ = try Registry.verify(path) }
    let codes = [
      "registry-does-not-hold", "registry-newer", "registry-not-a-registry", "registry-damaged",
    ]
    #expect(codes.contains(found ?? "nothing"), "\(found ?? "nothing")")
  }

  /// The log itself refuses what is not an addition.
  @Test func theLogIsAppendOnly() throws {
    let (folder, path) = try made()
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: DatabaseError.self) {
      try Self.plain(path) { try $0.execute(sql: "UPDATE entry SET reason = 'x'") }
    }
    #expect(throws: DatabaseError.self) {
      try Self.plain(path) { try $0.execute(sql: "DELETE FROM entry") }
    }
  }

  /// Single bytes: every one that changes what SQLite reads is found; no one ends in a crash.
  @Test func everyByteThatMattersIsFound() throws {
    let (folder, path) = try made()
    defer { try? FileManager.default.removeItem(at: folder) }
    let whole = try #require(content(path))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    var random = SeededGenerator(seed: 5)
    let count = Tools.isLong ? 1000 : 80
    var mattered = 0
    for _ in 0..<count {
      var changed = bytes
      let place = Int.random(in: 0..<bytes.count, using: &random)
      changed[place] ^= UInt8.random(in: 1...255, using: &random)
      let copy = folder.appendingPathComponent("altered").path
      for end in ["", "-wal", "-shm", "-journal"] { unlink(copy + end) }
      try changed.write(to: URL(fileURLWithPath: copy))
      let found = code { _ = try Registry.verify(copy) }
      guard content(copy) != whole else { continue }
      mattered += 1
      #expect(found != nil, "byte \(place) of \(bytes.count)")
    }
    #expect(mattered > count / 4)
  }

  /// What a keyless chain can't show: a tail that was cut, with the tables of the shorter log.
  @Test func aCutTailIsFoundByItsHead() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    let shorter = study.folder.appendingPathComponent("shorter.registry").path
    try Self.plain(study.path) { try $0.execute(sql: "VACUUM INTO ?", arguments: [shorter]) }
    try study.enrol("P-002")
    let head = try study.session(.auditor).head()
    _ = try Registry.verify(shorter)
    #expect(
      code { _ = try Registry.verify(shorter, expecting: head.hash) } == "registry-head-differs")
    _ = try study.session(.auditor).verify(expecting: head.hash)
  }

  /// The chain by an independent script: sqlite3, json and hashlib of Python.
  @Test func anIndependentScriptAgrees() throws {
    let (folder, path) = try made()
    defer { try? FileManager.default.removeItem(at: folder) }
    let found = try Registry.verify(path)
    let said = try Tools.reference("verify_registry", [path])
    #expect(said == "holds \(found.entries) \(found.seals) \(found.head.hash)\n")
    try Self.plain(path) { db in
      try db.execute(sql: "DROP TRIGGER entry_never_changes")
      try db.execute(sql: "UPDATE entry SET reason = 'x' WHERE number = 10")
    }
    let outcome = try Tools.run(
      Tools.python,
      [Tools.root.appendingPathComponent("Tests/reference/verify_registry.py").path, path])
    #expect(outcome.status == 1 && outcome.output == "entry 10 was changed\n")
  }
}
