import Crypto
import CryptoExtras
import Documents
import Foundation

/// A password as it is kept: scrypt (RFC 7914) over it and a salt of its own.
///
/// N = 2^15, r = 8, p = 3 is one of the settings that OWASP's 'Password Storage Cheat Sheet' holds to
/// be equally strong; it takes 32 MiB for a fraction of a second. The settings are kept with the hash,
/// so that they can rise without anybody's password being lost.
struct PasswordHash: Equatable, Sendable {
  static let shortest = 12
  static let longest = 128

  let rounds: Int
  let blockSize: Int
  let parallelism: Int
  let salt: [UInt8]
  let key: [UInt8]

  /// Throws `password-short` where it is not of 12 to 128 characters.
  init(password: String, rounds: Int = 1 << 15) throws {
    guard (Self.shortest...Self.longest).contains(password.count),
      !password.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else {
      throw WorklistError(
        .passwordShort, "it has \(password.count) characters, or one that cannot be typed")
    }
    var generator = SystemRandomNumberGenerator()
    self.rounds = rounds
    blockSize = 8
    parallelism = 3
    salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    key = try Self.derive(password, salt, rounds, blockSize, parallelism)
  }

  /// Whether this is the password; compared in constant time.
  func matches(_ password: String) -> Bool {
    guard let derived = try? Self.derive(password, salt, rounds, blockSize, parallelism) else {
      return false
    }
    return constantTimeEqual(derived, key)
  }

  /// Characters that look alike are one: NFKC, as NIST SP 800-63B asks.
  private static func derive(
    _ password: String, _ salt: [UInt8], _ rounds: Int, _ blockSize: Int, _ parallelism: Int
  ) throws -> [UInt8] {
    let text = password.precomposedStringWithCompatibilityMapping
    let key = try KDF.Scrypt.deriveKey(
      from: Array(text.utf8), salt: salt, outputByteCount: 32, rounds: rounds,
      blockSize: blockSize, parallelism: parallelism)
    return key.withUnsafeBytes { Array($0) }
  }
}

extension PasswordHash {
  var document: JSONValue {
    [
      "algorithm": "scrypt", "n": .number(Double(rounds)), "r": .number(Double(blockSize)),
      "p": .number(Double(parallelism)), "salt": .string(Data(salt).base64EncodedString()),
      "key": .string(Data(key).base64EncodedString()),
    ]
  }

  init?(document: JSONValue) {
    func whole(_ name: String, _ range: ClosedRange<Double>) -> Int? {
      guard case .number(let value)? = document[name], range.contains(value),
        value == value.rounded()
      else { return nil }
      return Int(value)
    }
    func bytes(_ name: String) -> [UInt8]? {
      guard case .string(let text)? = document[name] else { return nil }
      return Data(base64Encoded: text).map { Array($0) }
    }
    guard document["algorithm"] == "scrypt", let rounds = whole("n", 2...1_048_576),
      rounds & (rounds - 1) == 0, let blockSize = whole("r", 1...32),
      let parallelism = whole("p", 1...16), let salt = bytes("salt"), salt.count >= 16,
      let key = bytes("key"), key.count == 32
    else { return nil }
    self.rounds = rounds
    self.blockSize = blockSize
    self.parallelism = parallelism
    self.salt = salt
    self.key = key
  }
}

/// Compares every byte, whatever the first ones say.
func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
