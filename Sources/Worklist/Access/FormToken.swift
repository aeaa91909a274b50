import Crypto
import Foundation

/// The secret that every form carries back, against requests that another site's page sends: HMAC-SHA256
/// of the form's purpose, keyed by the visitor's cookie. Nothing is kept for it.
enum FormToken {
  static func make(_ cookie: String) -> String {
    HMAC<SHA256>.authenticationCode(
      for: Data("pdff form".utf8), using: SymmetricKey(data: Data(cookie.utf8))
    ).map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
  }

  static func holds(_ token: String?, _ cookie: String) -> Bool {
    guard let token else { return false }
    return constantTimeEqual(Array(token.utf8), Array(make(cookie).utf8))
  }
}
