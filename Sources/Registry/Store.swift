import Faults
import Foundation
import GRDB
import Synchronization

/// The registry's file: opened, read and written. Every write is one immediate transaction, on the disk
/// before it is acknowledged (WAL, `synchronous = FULL`).
final class Store: Sendable {
  let path: String
  private let writer: DatabaseQueue
  /// A connection of its own for reading, where reading shall not wait for writing.
  private let reader: DatabaseQueue?
  /// One more, where what reads everybody shall not keep the others waiting.
  private let surveyor: DatabaseQueue?

  /// Opens a file that is there.
  ///
  /// - Parameters:
  ///   - wait: seconds for which others may keep the file busy.
  ///   - readsApart: whether reading has connections of its own, as a server needs.
  init(opening path: String, wait: Double, readsApart: Bool = false) throws {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw RegistryError(.missing, file: path)
    }
    try Self.requireLocalDisk(path)
    writer = try Self.patiently(path, wait) {
      let queue = try DatabaseQueue(path: path, configuration: Self.configuration(wait))
      try queue.inDatabase { try Self.requireRegistry($0, path) }
      return queue
    }
    reader = readsApart ? try Self.openForReading(path, wait) : nil
    surveyor = readsApart ? try Self.openForReading(path, wait) : nil
    self.wait = wait
  }

  private let wait: Double

  private static func openForReading(_ path: String, _ wait: Double) throws -> DatabaseQueue {
    try patiently(path, wait) {
      var configuration = configuration(wait)
      configuration.readonly = true
      return try DatabaseQueue(path: path, configuration: configuration)
    }
  }

  static func requireLocalDisk(_ path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if let kind = NetworkShare.kind(ofFolder: folder) {
      throw RegistryError(.networkShare, "its folder is \(kind)", file: path)
    }
  }

  static func configuration(_ wait: Double) -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = patience(wait)
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA synchronous = FULL;
          PRAGMA trusted_schema = OFF;
          PRAGMA cell_size_check = ON;
          """)
    }
    return configuration
  }

  private static func requireRegistry(_ db: Database, _ path: String) throws {
    guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
      throw RegistryError(.notARegistry, file: path)
    }
    if try String.fetchOne(db, sql: "PRAGMA journal_mode") != "wal" {
      try db.execute(sql: "PRAGMA journal_mode = WAL")
    }
  }

  /// Runs `body` in a read transaction.
  ///
  /// - Parameter everybody: whether it reads all participants, apart from what others read.
  func read<T>(everybody: Bool = false, _ body: (Database) throws -> T) throws -> T {
    try Self.patiently(path, wait) {
      try ((everybody ? surveyor : reader) ?? writer).inDatabase { db in
        var result: T?
        try db.inTransaction(.deferred) {
          result = try body(db)
          return .rollback
        }
        guard let result else { throw RegistryError(.damaged, file: path) }
        return result
      }
    }
  }

  /// Runs `body` in one immediate transaction: all of it is on the disk when this returns, or nothing.
  func write<T>(_ body: (Database) throws -> T) throws -> T {
    try Self.patiently(path, wait) {
      var result: T?
      try writer.inDatabase { db in
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
      }
      guard let result else { throw RegistryError(.damaged, file: path) }
      return result
    }
  }

  /// Runs `body` outside of a transaction on the writing connection.
  func alone<T>(_ body: (Database) throws -> T) throws -> T {
    try Self.patiently(path, wait) { try writer.inDatabase(body) }
  }

  /// Journal mode, `synchronous`, foreign keys: "wal 2 1" is what a registry needs.
  func durability() throws -> String {
    try alone { db in
      let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
      let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
      let foreignKeys = try Int.fetchOne(db, sql: "PRAGMA foreign_keys") ?? -1
      return "\(journal) \(synchronous) \(foreignKeys)"
    }
  }

  // MARK: - Waiting

  /// Waits a few milliseconds each time, by chance more or less, so that several don't meet again.
  private static func patience(_ wait: Double) -> Database.BusyMode {
    let start = Mutex(ContinuousClock.now)
    return .callback { tries in
      if tries == 0 { start.withLock { $0 = .now } }
      guard ContinuousClock.now - start.withLock({ $0 }) < .seconds(wait) else { return false }
      usleep(UInt32.random(in: 500...4000))
      return true
    }
  }

  /// SQLite says 'busy' at once, without asking for patience, where waiting could lead to a deadlock or
  /// where another cleans up: then the whole step is tried again, until the time is over.
  static func patiently<T>(_ path: String, _ wait: Double, _ step: () throws -> T) throws -> T {
    let start = ContinuousClock.now
    while true {
      do {
        return try step()
      } catch let error as DatabaseError {
        let isBusy = [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
        guard isBusy, ContinuousClock.now - start < .seconds(wait) else {
          throw fault(error, path, wait)
        }
        usleep(UInt32.random(in: 1000...8000))
      }
    }
  }

  /// An error of SQLite as the user meets it; its own words never hold a bound value.
  static func fault(_ error: DatabaseError, _ path: String, _ wait: Double) -> any Error {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      RegistryError(.busy, "for \(Int(wait)) seconds", file: path)
    case .SQLITE_FULL: RegistryError(.cannotWrite, "the disk is full", file: path)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN:
      RegistryError(.readOnly, file: path)
    case .SQLITE_IOERR:
      RegistryError(.cannotWrite, "the disk failed or is full", file: path)
    case .SQLITE_NOTADB: RegistryError(.notARegistry, file: path)
    default:
      RegistryError(.damaged, "SQLite says \(error.extendedResultCode)", file: path)
    }
  }
}
