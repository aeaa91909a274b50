import Crypto

/// SHA-256 as lower-case hexadecimal.
public func sha256Hex(_ bytes: some Sequence<UInt8>) -> String {
  sha256Hex(Array(bytes))
}

/// SHA-256 of an array without a copy.
public func sha256Hex(_ bytes: [UInt8]) -> String {
  bytes.withUnsafeBytes { sha256Hex($0) }
}

/// SHA-256 of raw memory.
public func sha256Hex(_ bytes: UnsafeRawBufferPointer) -> String {
  var hash = SHA256()
  hash.update(bufferPointer: bytes)
  let digits = Array("0123456789abcdef".utf8)
  let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
