import Documents
import Faults
import Foundation
import GRDB
import Trial

/// One study's registry: one SQLite file, used by several processes at once.
///
/// Whatever is done with it goes through a `Session`, which applies role, rules and audit in one
/// transaction. It may be shared between threads.
public final class Registry: Sendable {
  /// Seconds for which a command waits for others before it gives up with `registry-busy`.
  public static let defaultWait = 30.0

  public let path: String
  let store: Store
  let credentials: Credentials
  let clock: RegistryClock
  let census: Census
  let sites: Sites

  /// Opens a registry; an older one is migrated, with a backup beside it.
  ///
  /// Throws `registry-missing`, `registry-not-a-registry`, `registry-newer`, `registry-network-share`,
  /// `registry-busy`, `registry-damaged`, `registry-read-only`, `registry-cannot-write`.
  ///
  /// - Parameters:
  ///   - wait: seconds for which others may keep it busy.
  ///   - readsApart: whether reading has connections of its own, never waits for writing, and keeps what it
  ///     has read of everybody, as in a server.
  public convenience init(
    opening path: String, wait: Double = Registry.defaultWait, readsApart: Bool = false
  ) throws {
    try self.init(
      opening: path, wait: wait, readsApart: readsApart, clock: .system, schema: .current)
  }

  package init(
    opening path: String, wait: Double = Registry.defaultWait, readsApart: Bool = false,
    clock: RegistryClock, schema: Schema = .current
  ) throws {
    self.path = path
    self.clock = clock
    census = Census(keeps: readsApart)
    sites = Sites(keeps: readsApart)
    store = try Store(opening: path, wait: wait, readsApart: readsApart)
    credentials = Credentials(ofRegistry: path)
    try Migration(store: store, schema: schema, clock: clock).run()
  }

  /// A session of a user who shows a token. Throws `login-refused`; that is logged.
  public func session(user: String, token: Token) throws -> Session {
    let account = try store.read { try Account.fetch($0, user) }
    if let account, account.isActive,
      try credentials.accept(token, of: user, fingerprint: account.credential)
    {
      return Session(registry: self, user: user, role: account.role)
    }
    logRefusedLogin(account)
    throw RegistryError(.loginRefused)
  }

  /// A session of a user whom the caller has made sure of by itself. Throws `login-refused` where there is
  /// no active user of that name; that is logged.
  public func session(trusted user: String) throws -> Session {
    let account = try store.read { try Account.fetch($0, user) }
    guard let account, account.isActive else {
      logRefusedLogin(account)
      throw RegistryError(.loginRefused)
    }
    return Session(registry: self, user: user, role: account.role)
  }

  /// For a caller that checks passwords by itself: puts a refused login into the log. A name that is no
  /// user's is not kept: people type their passwords there.
  public func logRefusedLogin(user: String) {
    logRefusedLogin((try? store.read { try Account.fetch($0, user) }) ?? nil)
  }

  private func logRefusedLogin(_ account: Account?) {
    _ = try? store.write { db in
      try AuditLog(db: db).append(
        Entry.Draft(
          user: account?.name ?? "unknown", role: account?.role.rawValue ?? "unknown",
          action: .refusal,
          after: ["verb": "login", "code": .string(RegistryFault.loginRefused.rawValue)]),
        at: clock.now())
    }
  }

  /// Whether the study is simulated, for a mark on everything that is shown, also before anybody logs in.
  public func isSimulated() throws -> Bool {
    try store.read { try Study.require($0).settings.isSimulated }
  }

  /// See `Store.durability`.
  package func durability() throws -> String { try store.durability() }
}
