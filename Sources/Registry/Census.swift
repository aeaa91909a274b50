import GRDB
import Synchronization

/// Keeps everybody in memory while a server runs, so that what is asked of all participants is not read anew each
/// time: only what the log has had since. About one kilobyte for each participant.
final class Census: Sendable {
  let keeps: Bool
  private let kept = Mutex<Everybody?>(nil)

  /// - Parameter keeps: whether it is kept for the next who asks.
  init(keeps: Bool) { self.keeps = keeps }

  /// Gives everybody as of the transaction `db` is in. Only one at a time, as on one connection.
  func read<T>(_ db: Database, _ body: (inout Everybody) throws -> T) throws -> T {
    guard keeps else {
      var everybody = Everybody()
      try everybody.update(db)
      return try body(&everybody)
    }
    return try kept.withLock { kept in
      // Taken out, so that a failure on the way leaves nothing that is half read.
      var everybody = kept.take() ?? Everybody()
      try everybody.update(db)
      defer { kept = everybody }
      return try body(&everybody)
    }
  }
}

extension Registry {
  /// Reads everybody ahead of the first who asks, where they are kept.
  public func readAhead() throws {
    guard census.keeps else { return }
    try store.read(everybody: true) { db in try census.read(db) { _ in } }
  }

  /// Does something while everybody is being read; for tests.
  package func whileReadingEverybody<T>(_ body: () throws -> T) throws -> T {
    try store.read(everybody: true) { db in try census.read(db) { _ in try body() } }
  }
}

extension Session {
  /// Runs a reading of all participants.
  func survey<T>(
    _ act: Act, participant: String? = nil, _ body: (Workspace, inout Everybody) throws -> T
  ) throws -> T {
    try look(act, participant: participant, everybody: true) { space in
      try registry.census.read(space.db) { try body(space, &$0) }
    }
  }
}
