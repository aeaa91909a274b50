import Documents
import Foundation
import GRDB
import Trial

extension Registry {
  /// Makes a registry with its first administrator; the file is there whole or not at all.
  ///
  /// Throws `registry-exists`, `registry-network-share`, `registry-cannot-write`, `registry-name-invalid`.
  ///
  /// - Returns: the administrator's token, which is kept nowhere.
  public static func create(_ path: String, settings: StudySettings, admin: String) throws -> Token
  {
    try create(path, settings: settings, admin: admin, clock: .system)
  }

  package static func create(
    _ path: String, settings: StudySettings, admin: String, clock: RegistryClock,
    schema: Schema = .current
  ) throws -> Token {
    guard Account.accepts(name: admin) else { throw RegistryError(.nameInvalid) }
    guard !FileManager.default.fileExists(atPath: path) else {
      throw RegistryError(.exists, file: path)
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    guard FileManager.default.isWritableFile(atPath: folder.path) else {
      throw RegistryError(.cannotWrite, "there is no such folder, or it is not yours", file: path)
    }
    try Store.requireLocalDisk(path)
    let name = ".\(URL(fileURLWithPath: path).lastPathComponent.prefix(100)).\(UUID().uuidString)"
    let beside = folder.appendingPathComponent(name).path
    defer { for end in ["", "-wal", "-shm", "-journal"] { unlink(beside + end) } }
    let token = Token.random()
    do {
      try fill(beside, settings, admin, token, clock, schema)
    } catch let error as DatabaseError {
      throw Store.fault(error, path, defaultWait)
    }
    // For its owner and the owner's group; SQLite gives its side files the same permissions.
    var status = stat()
    if stat(beside, &status) == 0 { chmod(beside, status.st_mode & 0o660) }
    let credentials = Credentials(ofRegistry: path)
    if FileManager.default.fileExists(atPath: credentials.path) { _ = try credentials.read() }
    try credentials.add(admin, token, knownToLog: [])
    // A link is made only where no file of that name is: nothing is ever replaced.
    guard link(beside, path) == 0 else {
      throw errno == EEXIST
        ? RegistryError(.exists, file: path)
        : RegistryError(.cannotWrite, String(cString: strerror(errno)), file: path)
    }
    return token
  }

  private static func fill(
    _ path: String, _ settings: StudySettings, _ admin: String, _ token: Token,
    _ clock: RegistryClock, _ schema: Schema
  ) throws {
    let queue = try DatabaseQueue(path: path, configuration: Store.configuration(defaultWait))
    try queue.inDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.inTransaction(.immediate) {
        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(schema.version)")
        for statement in Schema.log + schema.replay { try db.execute(sql: statement) }
        let log = AuditLog(db: db)
        for (action, after) in [
          (Entry.Action.initialise, ["settings": settings.document] as JSONValue),
          (.addUser, Account.document(admin, .admin, isActive: true, token)),
        ] {
          let draft = Entry.Draft(
            user: admin, role: Role.admin.rawValue, action: action, after: after)
          _ = try Replay(db: db).apply(log.append(draft, at: clock.now()))
        }
        return .commit
      }
      try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    try queue.close()
  }
}

extension Account {
  /// What the log says of a user.
  static func document(_ name: String, _ role: Role, isActive: Bool, _ token: Token) -> JSONValue {
    document(name, role, isActive: isActive, credential: Credentials.fingerprint(token.sha256))
  }

  static func document(_ name: String, _ role: Role, isActive: Bool, credential: String)
    -> JSONValue
  {
    [
      "name": .string(name), "role": .string(role.rawValue), "active": .bool(isActive),
      "credential": .string(credential),
    ]
  }
}
