import Documents
import Foundation

/// Who is signed in: one small file for each session, named by the SHA-256 of its token, so that the
/// folder's contents sign nobody in. Its time of change is when the session was last used.
struct Sessions: Sendable {
  /// A session ends after half an hour without use, and after twelve hours in any case.
  static let idle: TimeInterval = 30 * 60
  static let longest: TimeInterval = 12 * 3600
  /// How often the time of use is written.
  private static let step: TimeInterval = 60

  private let folder: PrivateFolder

  init(_ folder: PrivateFolder) { self.folder = folder }

  /// Opens a session and gives its token: 256 random bits.
  func open(for user: String, at now: Date) throws -> String {
    endOld(at: now)
    let token = randomToken()
    try folder.write(
      Self.name(token),
      [
        "schema": "pdff.session/1", "user": .string(user),
        "opened_at": .number(now.timeIntervalSince1970.rounded()),
      ])
    return token
  }

  /// Whose session this is; nil where there is none or it has ended.
  func user(_ token: String, at now: Date) -> String? {
    guard token.utf8.count == randomTokenLength else { return nil }
    let name = Self.name(token)
    var status = stat()
    guard stat("\(folder.path)/\(name)", &status) == 0, let document = try? folder.read(name),
      case .string(let user)? = document["user"], case .number(let opened)? = document["opened_at"]
    else { return nil }
    let age = now.timeIntervalSince1970 - opened
    let quiet = now.timeIntervalSince1970 - Double(status.st_mtim.tv_sec)
    guard age < Self.longest, quiet < Self.idle else {
      folder.remove(name)
      return nil
    }
    if quiet > Self.step { utimes("\(folder.path)/\(name)", nil) }
    return user
  }

  func end(_ token: String) { folder.remove(Self.name(token)) }

  /// Ends every session of a user.
  func endAll(of user: String) {
    for name in folder.names("session-") {
      if (try? folder.read(name))?["user"] == .string(user) { folder.remove(name) }
    }
  }

  /// Takes away the files of sessions that nobody came back to.
  private func endOld(at now: Date) {
    for name in folder.names("session-") {
      var status = stat()
      guard stat("\(folder.path)/\(name)", &status) == 0 else { continue }
      if now.timeIntervalSince1970 - Double(status.st_mtim.tv_sec) > Self.idle {
        folder.remove(name)
      }
    }
  }

  private static func name(_ token: String) -> String {
    "session-" + sha256Hex(Array(token.utf8)) + ".json"
  }
}

/// 256 random bits as text.
func randomToken() -> String {
  var generator = SystemRandomNumberGenerator()
  return (0..<32).map { _ in
    let byte = UInt8.random(in: .min ... .max, using: &generator)
    return String(UInt16(byte) + 256, radix: 16).dropFirst()
  }.joined()
}

let randomTokenLength = 64
