/// What a parser of JSON does not tell: how deep a document nests, and whether a key of its outermost
/// object occurs twice. One pass, no recursion, any bytes.
struct JSONOutline {
  private(set) var depth = 0
  /// The first repeated key of the outermost object, escapes left as written.
  private(set) var duplicateKey: String?

  init(_ bytes: [UInt8]) {
    var level = 0
    var inString = false
    var escaped = false
    var awaitsKey = false
    var keyStart: Int?
    var seen: Set<String> = []
    for (position, byte) in bytes.enumerated() {
      if inString {
        if escaped {
          escaped = false
        } else if byte == UInt8(ascii: "\\") {
          escaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
          if let start = keyStart {
            let key = String(decoding: bytes[start..<position], as: UTF8.self)
            if !seen.insert(key).inserted, duplicateKey == nil { duplicateKey = key }
            keyStart = nil
          }
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        inString = true
        if awaitsKey {
          keyStart = position + 1
          awaitsKey = false
        }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        level += 1
        depth = max(depth, level)
        awaitsKey = level == 1 && byte == UInt8(ascii: "{")
      case UInt8(ascii: "}"), UInt8(ascii: "]"): level -= 1
      case UInt8(ascii: ","): awaitsKey = level == 1
      default: break
      }
    }
  }
}
