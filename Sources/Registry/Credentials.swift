import Crypto
import Documents
import Faults
import Foundation

/// What a user shows to prove who it is: 256 random bits, printed once, kept by nobody but the user.
public struct Token: Sendable, Hashable {
  public let text: String

  public init(_ text: String) { self.text = text.trimmingCharacters(in: .whitespacesAndNewlines) }

  /// A new one from the system's random numbers.
  static func random() -> Token {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let text = Data(bytes).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    return Token("pdff_" + text)
  }

  /// What is stored. Of 256 random bits a plain hash is enough: nobody can try them all.
  var sha256: String { sha256Hex(Array(text.utf8)) }
}

/// The file of credentials beside a registry, `FILE.users`: names and hashes of tokens, nothing else.
///
/// Who is a user, and with which role, stands in the log; so does a hash of each stored hash, so that a
/// hash that was put into the file by hand opens nothing.
struct Credentials {
  let path: String

  init(ofRegistry path: String) { self.path = path + ".users" }

  private static let schema = "pdff.registry-credentials/1"

  /// What the log says of a stored hash.
  static func fingerprint(_ tokenSHA256: String) -> String {
    sha256Hex(Array("pdff.registry-credential/1:\(tokenSHA256)".utf8))
  }

  struct Record {
    let name: String
    let tokenSHA256: String
  }

  func read() throws(RegistryError) -> [Record] {
    guard let bytes = FileManager.default.contents(atPath: path),
      let document = try? JSONValue(parsing: bytes), document["schema"] == .string(Self.schema),
      case .array(let elements)? = document["credentials"]
    else { throw RegistryError(.credentialsDamaged, file: path) }
    var records: [Record] = []
    for element in elements {
      guard case .string(let name)? = element["name"],
        case .string(let hash)? = element["token_sha256"]
      else { throw RegistryError(.credentialsDamaged, file: path) }
      records.append(Record(name: name, tokenSHA256: hash))
    }
    return records
  }

  /// Puts a token's hash beside those that are there. A record that the log does not know opens nothing, so
  /// it does no harm when the entry in the log is never made.
  func add(_ name: String, _ token: Token, knownToLog: Set<String>) throws {
    let isNew = !FileManager.default.fileExists(atPath: path)
    let kept =
      isNew ? [] : try read().filter { knownToLog.contains(Self.fingerprint($0.tokenSHA256)) }
    let records = kept + [Record(name: name, tokenSHA256: token.sha256)]
    let document: JSONValue = [
      "schema": .string(Self.schema),
      "credentials": .array(
        records.map { ["name": .string($0.name), "token_sha256": .string($0.tokenSHA256)] }),
    ]
    try AtomicFile.write(path, Array(document.pretty().utf8), mode: 0o660)
  }

  /// Whether the token is the user's, by the file and by the log.
  func accept(_ token: Token, of name: String, fingerprint: String) throws(RegistryError) -> Bool {
    let hash = token.sha256
    var isInFile = false
    for record in try read() where record.name == name {
      isInFile = Self.isEqual(record.tokenSHA256, hash) || isInFile
    }
    return Self.isEqual(Self.fingerprint(hash), fingerprint) && isInFile
  }

  /// Compares in a time that does not depend on where the texts differ.
  static func isEqual(_ left: String, _ right: String) -> Bool {
    let key = SymmetricKey(size: .bits256)
    let code = HMAC<SHA256>.authenticationCode(for: Array(left.utf8), using: key)
    return HMAC<SHA256>.isValidAuthenticationCode(
      code, authenticating: Array(right.utf8), using: key)
  }
}
