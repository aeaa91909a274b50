import CLimits
import Documents
import Foundation
import Volumes

/// Times inflating and deflating whole files by pdff and by each library, one file after the other on
/// one core.
///
/// Keys: "decoded" and "stored" in bytes; "inflate_s" and "deflate_s" by library, and pdff's own;
/// "deflated" in bytes by library.
func gzip(_ paths: [String]) throws -> JSONValue {
  var decoded = 0
  var stored = 0
  var inflate: [String: Double] = [:]
  var deflate: [String: Double] = [:]
  var deflated: [String: Int] = [:]
  for path in paths {
    let packed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var plain: [UInt8] = []
    inflate["pdff", default: 0] += try fastest(of: 3) {
      plain = try packed.withUnsafeBytes { try Gzip.decompress($0, limit: .max) }
    }
    var repacked: [UInt8] = []
    deflate["pdff", default: 0] += fastest(of: 3) {
      repacked = plain.withUnsafeBytes { Gzip.compress($0) }
    }
    deflated["pdff", default: 0] += repacked.count
    decoded += plain.count
    stored += packed.count
    var room = [UInt8](repeating: 0, count: plain.count + plain.count / 8 + 4096)
    for library in 0..<Int32(limits_gzip_libraries) {
      let name = String(cString: limits_gzip_name(library))
      inflate[name, default: 0] += limits_inflate(
        library, packed, packed.count, &room, plain.count, 3)
      var size = 0
      deflate[name, default: 0] += limits_deflate(
        library, plain, plain.count, &room, room.count, &size, 3)
      deflated[name, default: 0] += size
    }
  }
  return [
    "decoded": .number(Double(decoded)), "stored": .number(Double(stored)),
    "inflate_s": .object(inflate.mapValues { .number($0) }),
    "deflate_s": .object(deflate.mapValues { .number($0) }),
    "deflated": .object(deflated.mapValues { .number(Double($0)) }),
  ]
}
