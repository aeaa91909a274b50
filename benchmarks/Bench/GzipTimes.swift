import CLimits
import Documents
import Foundation
import Volumes

/// Times inflating whole files by pdff and by each library, one file after the other on one core.
///
/// Keys: "decoded" in bytes; "seconds" by library, and pdff's own.
func inflating(_ paths: [String]) throws -> JSONValue {
  var decoded = 0
  var seconds: [String: Double] = [:]
  for path in paths {
    let packed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var plain: [UInt8] = []
    seconds["pdff", default: 0] += try fastest(of: 3) {
      plain = try packed.withUnsafeBytes { try Gzip.decompress($0, limit: .max) }
    }
    decoded += plain.count
    for library in 0..<Int32(limits_gzip_libraries) {
      seconds[String(cString: limits_gzip_name(library)), default: 0] += limits_inflate(
        library, packed, packed.count, &plain, plain.count, 3)
    }
  }
  return [
    "decoded": .number(Double(decoded)), "seconds": .object(seconds.mapValues { .number($0) }),
  ]
}

/// Times deflating what whole files decode to, likewise, each library at its level 1.
///
/// Keys: "decoded" in bytes; "seconds" and "deflated" (bytes) by library, and pdff's own.
func deflating(_ paths: [String]) throws -> JSONValue {
  var decoded = 0
  var seconds: [String: Double] = [:]
  var deflated: [String: Int] = [:]
  for path in paths {
    let plain = try Data(contentsOf: URL(fileURLWithPath: path)).withUnsafeBytes {
      try Gzip.decompress($0, limit: .max)
    }
    decoded += plain.count
    var packed: [UInt8] = []
    seconds["pdff", default: 0] += fastest(of: 3) {
      packed = plain.withUnsafeBytes { Gzip.compress($0) }
    }
    deflated["pdff", default: 0] += packed.count
    var room = [UInt8](repeating: 0, count: plain.count + plain.count / 8 + 4096)
    for library in 0..<Int32(limits_gzip_libraries) {
      let name = String(cString: limits_gzip_name(library))
      var size = 0
      seconds[name, default: 0] += limits_deflate(
        library, plain, plain.count, &room, room.count, &size, 3)
      deflated[name, default: 0] += size
    }
  }
  return [
    "decoded": .number(Double(decoded)), "seconds": .object(seconds.mapValues { .number($0) }),
    "deflated": .object(deflated.mapValues { .number(Double($0)) }),
  ]
}
