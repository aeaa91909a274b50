import Documents
import Foundation

/// The passwords of the registry's users. There is none until one is set.
public struct Passwords: Sendable {
  private let folder: PrivateFolder
  /// Checked in place of a user who has no password, so that the time does not tell who has one.
  private let nobody: PasswordHash

  public init(_ folder: PrivateFolder) throws {
    self.folder = folder
    nobody = try PasswordHash(password: UUID().uuidString)
  }

  /// Sets a user's password and ends the user's sessions. Throws `password-short`.
  public static func set(_ password: String, for user: String, in folder: PrivateFolder) throws {
    let hash = try PasswordHash(password: password)
    try folder.write(
      name(user),
      ["schema": "pdff.password/1", "user": .string(user), "scrypt": hash.document])
    Sessions(folder).endAll(of: user)
  }

  /// Whether this is the user's password. Takes as long where the user has none.
  func holds(_ password: String, for user: String) throws -> Bool {
    guard password.count <= PasswordHash.longest else { return false }
    guard let document = try folder.read(Self.name(user)) else {
      _ = nobody.matches(password)
      return false
    }
    guard document["schema"] == "pdff.password/1", document["user"] == .string(user),
      let hash = document["scrypt"].flatMap(PasswordHash.init(document:))
    else { throw WorklistError(.folderDamaged, file: folder.path) }
    return hash.matches(password)
  }

  /// Whether any password was set at all.
  public var isEmpty: Bool { folder.names("password-").isEmpty }

  /// A user's name can hold any character, a file's cannot.
  private static func name(_ user: String) -> String {
    "password-" + sha256Hex(Array(user.utf8)) + ".json"
  }
}
