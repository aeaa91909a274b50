import Documents
import GRDB

/// A user as the log knows it.
public struct Account: Sendable, Hashable {
  public let name: String
  public let role: Role
  public let isActive: Bool
  /// Hash of the stored hash of its token.
  let credential: String

  public var document: JSONValue {
    ["name": .string(name), "role": .string(role.rawValue), "active": .bool(isActive)]
  }

  static func fetch(_ db: Database, _ name: String) throws -> Account? {
    try Row.fetchOne(
      db, sql: "SELECT name, role, active, credential FROM account WHERE name = ?",
      arguments: [name]
    ).flatMap { Account($0) }
  }

  static func fetchAll(_ db: Database) throws -> [Account] {
    try Row.fetchAll(db, sql: "SELECT name, role, active, credential FROM account ORDER BY name")
      .compactMap { Account($0) }
  }

  private init?(_ row: Row) {
    guard let role = Role(rawValue: row[1]) else { return nil }
    name = row[0]
    self.role = role
    isActive = row[2]
    credential = row[3]
  }

  /// A letter, then letters, digits, dots, hyphens, underscores; 40 in all.
  static func accepts(name: String) -> Bool {
    let letters = name.utf8.first.map { (65...90).contains($0) || (97...122).contains($0) } ?? false
    return letters && name.utf8.count <= 40
      && name.utf8.allSatisfy {
        (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0)
          || [0x2E, 0x2D, 0x5F].contains($0)
      }
  }
}
