import Crypto

/// SHA-256 as lower-case hexadecimal.
public func sha256Hex(_ bytes: some Sequence<UInt8>) -> String {
  sha256Hex(Array(bytes))
}

/// SHA-256 of an array without a copy.
public func sha256Hex(_ bytes: [UInt8]) -> String {
  bytes.withUnsafeBytes { sha256Hex($0) }
}

/// HMAC-SHA256 (RFC 2104) of a text under a key that is a text, as lower-case hexadecimal.
public func keyedSHA256Hex(_ text: String, key: String) -> String {
  let code = HMAC<SHA256>.authenticationCode(
    for: Array(text.utf8), using: SymmetricKey(data: Array(key.utf8)))
  return hexadecimal(code)
}

/// SHA-256 of raw memory.
public func sha256Hex(_ bytes: UnsafeRawBufferPointer) -> String {
  var hash = SHA256()
  hash.update(bufferPointer: bytes)
  return hexadecimal(hash.finalize())
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
