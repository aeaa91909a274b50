import Documents
import Foundation

/// A ledger on disk: read whole, written whole.
public struct LedgerFile: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// Throws `ledger-missing`, `ledger-damaged`, `ledger-newer`.
  public func read() throws(LedgerError) -> Ledger {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw LedgerError(.missing, file: path)
    }
    return try Ledger(bytes: Array(data), file: path)
  }

  /// Appends an entry: the file is made where there is none, and replaced in one step.
  ///
  /// Who adds holds a lock on the folder meanwhile, so that of several at once none is lost; who waits
  /// for it longer than half a minute gets `ledger-busy`.
  public func add(_ entry: LedgerEntry) throws -> Ledger {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else {
      throw OutputError(.cannotWrite, String(cString: strerror(errno)), file: path)
    }
    defer { close(lock) }
    var tries = 0
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, tries < 3000 else {
        throw LedgerError(.busy, file: path)
      }
      tries += 1
      usleep(10_000)
    }
    var ledger = FileManager.default.fileExists(atPath: path) ? try read() : Ledger()
    do { try ledger.add(entry) } catch { throw error.placed(in: path) }
    try AtomicFile.write(path, Array((ledger.document().canonical() + "\n").utf8))
    return ledger
  }
}
