import Documents
import GRDB

extension Session {
  /// Recomputes everything; see `Registry.verify`.
  public func verify(expecting head: String? = nil) throws -> Verification {
    let result = try Registry.verify(registry.path, expecting: head)
    try look(.verify) { _ in }
    return result
  }

  /// The end of the log, to be kept elsewhere.
  public func head() throws -> Head {
    try look(.verify) { space in
      guard let head = try AuditLog(db: space.db).head() else {
        throw RegistryError(.damaged, "the log is empty")
      }
      return head
    }
  }
}
