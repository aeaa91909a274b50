import Documents
import Faults
import Foundation
import Hummingbird
import Logging
import NIOCore
import Registry

/// The worklist of a study as a web server.
public struct Worklist: Sendable {
  private let site: Site
  /// What whoever starts it must know.
  public let notices: [Notice]

  /// - Parameters:
  ///   - port: 0 takes a free one.
  ///   - maps: a folder with outputs of `pdff measure`.
  ///   - on: the day as of which the study is read; today where it is nil.
  ///
  /// Throws what the registry throws on opening, and `serve-folder-open`.
  public init(
    registry path: String, host: String, port: Int, maps: String?, on: CalendarDay? = nil
  ) throws {
    let registry = try Registry(opening: path, readsApart: true)
    let folder = try PrivateFolder(beside: path)
    site = Site(
      registry: registry, passwords: try Passwords(folder),
      sessions: Sessions(folder),
      address: SiteAddress(
        host: host, port: port,
        mark: String(sha256Hex(Array(URL(fileURLWithPath: path).standardized.path.utf8)).prefix(8))),
      maps: maps.map(MapLibrary.init), on: on)
    notices = site.address.isLoopback ? [] : [Notice(WorklistNotice.otherAddress)]
  }

  /// Serves until it is interrupted, then lets the answers under way out. `started` is told the address.
  public func run(started: @escaping @Sendable (String) -> Void) async throws {
    var logger = Logger(label: "pdff", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .error
    let host = site.address.host
    let application = Application(
      router: site.router(), server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: .init(address: .hostname(host, port: site.address.port)),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? 0
        started("http://\(host.contains(":") ? "[\(host)]" : host):\(port)/")
      }, logger: logger)
    site.readAhead()
    do {
      try await application.runService()
    } catch let error where error is IOError || error is SocketAddressError {
      throw WorklistError(.cannotListen, "\(host) port \(site.address.port)")
    }
  }

  /// Throws where the registry has no such user who may sign in.
  public static func checkUser(_ user: String, registry path: String) throws {
    _ = try Registry(opening: path).session(trusted: user)
  }

  /// Sets a user's password and ends the user's sessions. Throws `password-short`.
  public static func setPassword(_ password: String, for user: String, registry path: String) throws
  {
    try Passwords.set(password, for: user, in: try PrivateFolder(beside: path))
  }
}
