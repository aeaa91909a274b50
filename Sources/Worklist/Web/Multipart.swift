import Foundation

/// The parts of a form that carries a file: `multipart/form-data` (RFC 7578).
struct Multipart {
  struct Part: Equatable {
    let name: String
    /// The base name of the file that was chosen; nil for an ordinary field.
    let fileName: String?
    let bytes: [UInt8]
  }

  let parts: [Part]

  /// The most parts that a form of ours has, with room.
  private static let mostParts = 40
  private static let longestHead = 4096

  /// Nil where the bytes are no such form.
  init?(_ body: [UInt8], contentType: String) {
    guard let boundary = Self.boundary(contentType) else { return nil }
    let bytes = Data(body)
    let delimiter = Data("--\(boundary)".utf8)
    guard bytes.starts(with: delimiter) else { return nil }
    var parts: [Part] = []
    var position = delimiter.count
    while true {
      let after = bytes[position...].prefix(2)
      if after.elementsEqual("--".utf8) { break }
      guard after.elementsEqual("\r\n".utf8), parts.count < Self.mostParts,
        let next = bytes.range(
          of: Data("\r\n".utf8) + delimiter, in: (position + 2)..<bytes.count),
        let part = Self.part(bytes[(position + 2)..<next.lowerBound])
      else { return nil }
      parts.append(part)
      position = next.upperBound
    }
    self.parts = parts
  }

  private static func boundary(_ contentType: String) -> String? {
    let pieces = contentType.split(separator: ";").map { $0.trimming(while: \.isWhitespace) }
    guard pieces.first?.lowercased() == "multipart/form-data",
      let given = pieces.first(where: { $0.lowercased().hasPrefix("boundary=") })
    else { return nil }
    let value = given.dropFirst("boundary=".count).trimming(while: { $0 == "\"" })
    return (1...70).contains(value.utf8.count) ? String(value) : nil
  }

  private static func part(_ bytes: Data) -> Part? {
    guard let blank = bytes.range(of: Data("\r\n\r\n".utf8)),
      blank.lowerBound - bytes.startIndex <= longestHead,
      let head = String(validating: bytes[..<blank.lowerBound], as: UTF8.self)
    else { return nil }
    let disposition = head.components(separatedBy: "\r\n").first {
      $0.lowercased().hasPrefix("content-disposition: form-data")
    }
    guard let disposition, let name = parameter("name", disposition) else { return nil }
    let file = parameter("filename", disposition)
    return Part(
      name: name, fileName: file.map { $0.split(separator: "/").last.map(String.init) ?? "" },
      bytes: Array(bytes[blank.upperBound...]))
  }

  /// A quoted parameter; browsers write a quotation mark within as `%22`.
  private static func parameter(_ name: String, _ line: String) -> String? {
    guard let start = line.range(of: "; \(name)=\""),
      let end = line[start.upperBound...].firstIndex(of: "\"")
    else { return nil }
    return String(line[start.upperBound..<end])
  }
}

extension StringProtocol {
  /// Without the characters at both ends for which `condition` holds.
  func trimming(while condition: (Character) -> Bool) -> SubSequence {
    guard let first = firstIndex(where: { !condition($0) }),
      let last = lastIndex(where: { !condition($0) })
    else { return self[startIndex..<startIndex] }
    return self[first...last]
  }
}
