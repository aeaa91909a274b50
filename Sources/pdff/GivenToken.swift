import Foundation
import Registry

extension Token {
  /// The token that a file holds, or else `PDFF_TOKEN`.
  static func given(file: String?) throws -> Token {
    if let file {
      guard let bytes = FileManager.default.contents(atPath: file), bytes.count < 1000 else {
        throw RegistryError(.tokenMissing, "the file cannot be read", file: file)
      }
      return Token(String(decoding: bytes, as: UTF8.self))
    }
    guard let text = ProcessInfo.processInfo.environment["PDFF_TOKEN"], !text.isEmpty else {
      throw RegistryError(.tokenMissing)
    }
    return Token(text)
  }
}
